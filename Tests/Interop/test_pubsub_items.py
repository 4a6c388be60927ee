"""Publishing, fetching and retracting behind real servers (XEP-0060 §6.5, §7, XEP-0059, 0413)."""

from pubsub_world import COMPONENT, PATIENCE, PUBSUB, RESULT_SET, PubSubCase, child

ORDER = "<order xmlns='urn:xmpp:order-by:1' by='{}'{}/>"


class Items(PubSubCase):
    async def test_items_are_published_overwritten_and_retracted(self) -> None:
        benvolio, juliet = await self.serve("benvolio", "juliet")
        pubsub = benvolio.client["xep_0060"]
        await self.create(benvolio, "verse")
        await juliet.subscribe(COMPONENT, "verse")

        # publish, item-ids, persistent-items, retrieve-items; access-open: juliet reads at once
        made = await self.put(benvolio, "verse", text="first")
        self.assertTrue(made, "the service made no id")
        event = await juliet.event("verse", made)
        self.assertEqual(event.items[0].payload.text, "first")
        (item,) = await juliet.items(COMPONENT, "verse", ids=[made])
        self.assertEqual(item.payload.text, "first")
        answer = await juliet.client["xep_0060"].get_items(COMPONENT, "verse", timeout=PATIENCE)
        self.assertEqual(child(answer.xml, "item").get("publisher"), "benvolio@localhost")
        self.assertEqual(await juliet.items(COMPONENT, "verse", ids=["none"]), [])

        # Overwriting notifies, and moves the item.
        await self.put(benvolio, "verse", "2")
        mark = juliet.mark
        await self.put(benvolio, "verse", made, text="second")
        event = await juliet.event("verse", made, since=mark)
        self.assertEqual(event.items[0].payload.text, "second")
        self.assertEqual(await self.ids(juliet, "verse"), [made, "2"])

        # multi-items: several at once, each in a message of its own, or none.
        payload = "<item id='{}'><verse xmlns='urn:example:verse'/></item>"
        both = payload.format("3") + payload.format("4")
        await self.send(benvolio, "set", f"<publish node='verse'>{both}</publish>")
        for each in ("3", "4"):
            event = await juliet.event("verse", each)
            self.assertEqual(len(event.items), 1)
        broken = payload.format("5") + "<item id='6'/>"
        await self.refused(
            self.send(benvolio, "set", f"<publish node='verse'>{broken}</publish>"),
            "bad-request",
            "payload-required",
        )
        self.assertEqual(await self.ids(juliet, "verse"), ["4", "3", made, "2"])

        # retract-items, delete-items
        await self.refused(
            juliet.client["xep_0060"].retract(COMPONENT, "verse", "4", timeout=PATIENCE), "forbidden"
        )
        await pubsub.retract(COMPONENT, "verse", "4", notify="true", timeout=PATIENCE)
        gone = await juliet.wait_for("a retraction", lambda heard: heard.retracted == ["4"])
        self.assertEqual(gone.node, "verse")
        self.assertNotIn("4", await self.ids(juliet, "verse"))

    async def test_nobody_gets_more_at_once_than_the_server_takes(self) -> None:
        benvolio, juliet = await self.serve("benvolio", "juliet")
        await self.create(benvolio, "verse")
        names = [str(number) for number in range(15)]
        for name in names:
            await self.put(benvolio, "verse", name, text="o" * 40_000)

        # Together more than 512 KiB, for which Prosody ends a component's stream.
        wanted = "".join(f"<item id='{name}'/>" for name in names)
        found: list[str] = []
        page = ""
        while len(found) < len(names):
            answer = await self.send(juliet, "get", f"<items node='verse'>{wanted}</items>{page}")
            found += [item.get("id", "") for item in answer.iter(f"{{{PUBSUB}}}item")]
            last = child(answer, "last", RESULT_SET)
            self.assertIsNotNone(last, "what was left out is not told")
            self.assertEqual(child(answer, "count", RESULT_SET).text, str(len(names)))
            page = f"<set xmlns='{RESULT_SET}'><after>{last.text}</after></set>"
        self.assertEqual(found, names[::-1])

        # Nobody can make a node of which its readers could not be told.
        text = "o" * 9_000
        await self.refused(
            self.create(benvolio, "ode", description=text, notify_config="1"), "not-acceptable"
        )
        self.assertEqual(self.broadsheet.process.log_text().count("Online"), 1)

    async def test_a_node_is_made_as_publish_options_say_and_takes_no_more_than_it_may(self) -> None:
        benvolio, juliet = await self.serve("benvolio", "juliet")
        options = self.form("publish-options", max_items="2", access_model="open")
        # auto-create, publish-options
        await self.refused(self.put(juliet, "verse", "1"), "item-not-found")
        await self.put(benvolio, "verse", "1", options=options)
        form = await benvolio.client["xep_0060"].get_node_config(COMPONENT, "verse", timeout=PATIENCE)
        self.assertEqual(self.values(form.xml)["max_items"], ["2"])
        await self.put(benvolio, "verse", "2", options=options)
        await self.refused(
            self.put(
                benvolio, "verse", "3", options=self.form("publish-options", max_items="3")
            ),
            "conflict",
            "precondition-not-met",
        )
        await self.refused(
            self.put(benvolio, "verse", "3", options=self.form("publish-options", colour="red")),
            "conflict",
            "precondition-not-met",
        )

        # publish-node-full: the oldest goes and readers hear of it, or the new one is refused.
        await juliet.subscribe(COMPONENT, "verse")
        await self.put(benvolio, "verse", "3")
        await juliet.wait_for("a retraction", lambda heard: heard.retracted == ["1"])
        self.assertEqual(await self.ids(juliet, "verse"), ["3", "2"])
        await benvolio.client["xep_0060"].set_node_config(
            COMPONENT, "verse", self.form("node_config", publish_node_full="reject"), timeout=PATIENCE
        )
        await self.refused(self.put(benvolio, "verse", "4"), "conflict", "node-full")
        await self.put(benvolio, "verse", "2")
        self.assertEqual(await self.ids(juliet, "verse"), ["2", "3"])

        await self.create(benvolio, "small", max_payload_size="100")
        await self.refused(self.put(benvolio, "small", "1", text="x" * 200), "payload-too-big")
        await self.create(benvolio, "passing", persist_items="0", deliver_payloads="0")
        await self.refused(self.put(benvolio, "passing", "1"), "item-forbidden")
        await self.send(benvolio, "set", "<publish node='passing'/>")
        await self.refused(self.ids(juliet, "passing"), "feature-not-implemented", "unsupported")

    async def test_items_come_in_pages_and_in_the_order_asked_for(self) -> None:
        benvolio, juliet = await self.serve("benvolio", "juliet")
        await self.create(benvolio, "verse")
        for item in ("a", "b", "c", "d"):
            await self.put(benvolio, "verse", item)
        for item in ("c", "a"):
            await self.put(benvolio, "verse", item, text="again")

        # rsm, http://jabber.org/protocol/rsm: newest first, as they were published last
        ids, about = await self.page(juliet, "verse", max="2")
        self.assertEqual((ids, about["count"], about["first"]), (["a", "c"], "4", "a"))
        ids, _ = await self.page(juliet, "verse", max="2", after="c")
        self.assertEqual(ids, ["d", "b"])
        ids, _ = await self.page(juliet, "verse", max="1", before=True)
        self.assertEqual(ids, ["b"])
        self.assertEqual(await self.page(juliet, "verse", max="0"), ([], {"count": "4"}))
        await self.refused(self.page(juliet, "verse", max="2", after="x"), "item-not-found")

        # urn:xmpp:order-by:1@http://jabber.org/protocol/pubsub, ascending unless said otherwise
        for by, order in (("creation", "abcd"), ("modification", "bdca")):
            ids, _ = await self.page(juliet, "verse", ORDER.format(by, ""))
            self.assertEqual("".join(ids), order)
            ids, about = await self.page(juliet, "verse", ORDER.format(by, " desc='true'"), max="2")
            self.assertEqual("".join(ids), order[:1:-1])
            self.assertEqual(about["last"], order[2])

        # The same pages as slixmpp finds them by itself (XEP-0059), in disco#items.
        every = juliet.client.make_iq_get(ito=COMPONENT)
        every["disco_items"]["node"] = "verse"
        names = []
        async for page in juliet.client["xep_0059"].iterate(every, "disco_items", amount=3):
            # The library would give them without their order.
            names += [each.get("name") for each in page["disco_items"].xml if each.get("name")]
        self.assertEqual(names, ["a", "c", "d", "b"])
