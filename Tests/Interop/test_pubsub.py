"""A PubSub client meets the service (XEP-0060, XEP-0030)."""

from world import COMPONENT, NODE, PATIENCE, InteropCase, IqError, errors_in


class Discovery(InteropCase):
    async def test_the_service_says_what_it_is(self) -> None:
        _, juliet = await self.open("juliet")
        info = (await juliet.discover(COMPONENT))["disco_info"]
        kinds = {(identity[0], identity[1]) for identity in info["identities"]}
        self.assertIn(("pubsub", "service"), kinds)
        self.assertIn("http://jabber.org/protocol/pubsub", info["features"])

    async def test_its_nodes_and_their_items_can_be_found(self) -> None:
        benvolio, juliet = await self.open("juliet")
        nodes = {node for _, node, _ in await juliet.discover_items(COMPONENT)}
        self.assertGreaterEqual(nodes, {"dispatch-en", "dispatch-de", "dispatch-fr"})
        info = (await juliet.discover(COMPONENT, NODE))["disco_info"]
        self.assertIn(("pubsub", "leaf"), {(each[0], each[1]) for each in info["identities"]})

        await self.publish(benvolio, "2026-04")
        names = {name for _, _, name in await juliet.discover_items(COMPONENT, NODE)}
        self.assertEqual(names, {"2026-04-05-dispatch"})

    async def test_an_unknown_node_is_item_not_found(self) -> None:
        _, juliet = await self.open("juliet")
        for request in (juliet.discover, juliet.items, juliet.subscribe):
            with self.assertRaises(IqError) as caught:
                await request(COMPONENT, "no-such-node")
            self.assertIn("item-not-found", errors_in(caught.exception), request.__name__)

    async def test_a_ping_is_answered_and_an_unknown_request_refused(self) -> None:
        _, juliet = await self.open("juliet")
        # urn:xmpp:ping
        await juliet.client["xep_0199"].send_ping(COMPONENT, timeout=PATIENCE)
        request = juliet.client.make_iq_get(queryxmlns="urn:example:nonsense", ito=COMPONENT)
        with self.assertRaises(IqError) as caught:
            await request.send(timeout=PATIENCE)
        self.assertIn("service-unavailable", errors_in(caught.exception))


class Subscribing(InteropCase):
    async def test_subscribe_is_listed_and_unsubscribe_ends_it(self) -> None:
        benvolio, juliet, romeo = await self.open("juliet", "romeo")
        self.assertEqual(await juliet.subscribe(COMPONENT, NODE), "subscribed")
        self.assertEqual(
            await juliet.subscriptions(COMPONENT), [(NODE, "juliet@localhost", "subscribed")]
        )
        await juliet.unsubscribe(COMPONENT, NODE)
        self.assertEqual(await juliet.subscriptions(COMPONENT), [])

        await romeo.subscribe(COMPONENT, NODE)
        await self.publish(benvolio, "2026-04")
        await romeo.event(NODE, "2026-04")
        await juliet.catch_up(COMPONENT)
        self.assertEqual(self.messages(juliet), [])

    async def test_subscribing_twice_brings_one_copy(self) -> None:
        benvolio, juliet = await self.open("juliet")
        for _ in range(2):
            await juliet.subscribe(COMPONENT, NODE)
        for issue in ("2026-04", "2026-05"):
            await self.publish(benvolio, issue)
            await juliet.event(NODE, issue)
        await juliet.catch_up(COMPONENT)
        ids = [each.id for each in self.events(juliet)]
        self.assertEqual(ids, ["2026-04-05-dispatch", "2026-05-05-dispatch"])

    async def test_nobody_is_subscribed_by_somebody_else(self) -> None:
        _, juliet = await self.open("juliet")
        with self.assertRaises(IqError) as caught:
            await juliet.subscribe(COMPONENT, NODE, subscriber="romeo@localhost")
        self.assertLessEqual({"bad-request", "invalid-jid"}, errors_in(caught.exception))

    async def test_unsubscribing_without_a_subscription_is_refused(self) -> None:
        _, juliet = await self.open("juliet")
        with self.assertRaises(IqError) as caught:
            await juliet.unsubscribe(COMPONENT, NODE)
        self.assertLessEqual({"unexpected-request", "not-subscribed"}, errors_in(caught.exception))


class Items(InteropCase):
    async def test_items_come_all_by_number_and_by_id(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await self.has_no_items(juliet)
        for month in ("03", "04", "05"):
            await self.publish(benvolio, f"2026-{month}")
        ids = [f"2026-{month}-05-dispatch" for month in ("03", "04", "05")]

        every = await juliet.items(COMPONENT, NODE)
        self.assertEqual(sorted(each.id for each in every), ids)
        latest = await juliet.items(COMPONENT, NODE, maximum=1)
        self.assertEqual([each.id for each in latest], ids[-1:])
        (named,) = await juliet.items(COMPONENT, NODE, ids=[ids[0]])
        self.assertEqual(named.id, ids[0])
        self.assertEqual(named.title, "The Verona Dispatch: February 2026")

    async def test_the_event_holds_what_is_fetched_later(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        await self.publish(benvolio, "2026-04")
        event = await juliet.event(NODE, "2026-04")
        self.assertEqual(len(event.items), 1, "one item per event message")
        (fetched,) = await juliet.items(COMPONENT, NODE, ids=[event.items[0].id])
        self.assertEqual(fetched.payload_xml, event.items[0].payload_xml)
        self.assertEqual(fetched.payload.tag, "{http://www.w3.org/2005/Atom}entry")

    async def test_an_item_says_how_large_its_figures_are_where_they_are_at_hand(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port, ("    title:", "    images: static\n    title:")
        )
        images = self.broadsheet.folder / "static/images"
        (images / "2026-04").mkdir(parents=True)
        (images / "banner.png").write_bytes(bytes(4321))
        (images / "2026-04/balcony-list.png").write_bytes(bytes(1234))
        benvolio, juliet = await self.open("juliet")
        await self.publish(benvolio, "2026-04")
        (item,) = await juliet.items(COMPONENT, NODE)
        enclosures = [
            (each.get("href").rpartition("/")[2], each.get("type"), each.get("length"))
            for each in item.payload.findall("{http://www.w3.org/2005/Atom}link[@rel='enclosure']")
        ]
        self.assertEqual(
            enclosures,
            [("banner.png", "image/png", "4321"), ("balcony-list.png", "image/png", "1234")],
        )

    async def test_every_language_has_its_node_and_the_same_item_id(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await self.publish(benvolio, "2026-04")
        titles = {
            "dispatch-en": "The Verona Dispatch: March 2026",
            "dispatch-de": "Veroneser Depesche: März 2026",
            "dispatch-fr": "La Dépêche de Vérone : mars 2026",
        }
        for node, title in titles.items():
            (item,) = await juliet.items(COMPONENT, node)
            self.assertEqual((item.id, item.title), ("2026-04-05-dispatch", title))

    async def test_a_reader_may_not_publish_over_the_wire(self) -> None:
        _, juliet = await self.open("juliet")
        with self.assertRaises(IqError) as caught:
            await juliet.client["xep_0060"].publish(COMPONENT, NODE, id="forged", timeout=PATIENCE)
        self.assertIn("forbidden", errors_in(caught.exception))
        await self.has_no_items(juliet)
