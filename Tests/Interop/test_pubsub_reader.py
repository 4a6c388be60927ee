"""What a reader may choose, behind real servers (XEP-0060 §6, §12.8, §12.19, XEP-0465)."""

import datetime

from pubsub_world import COMPONENT, OWNER, PATIENCE, PubSubCase, child
from world import IqError, Person

PUBLIC = "urn:xmpp:pps:0"


class Reader(PubSubCase):
    async def set_options(self, person: Person, node: str, **fields: str) -> None:
        # Not by set_subscription_options(): in slixmpp 1.8 that sends an IQ of type get.
        request = person.client.make_iq_set(ito=COMPONENT)
        request["pubsub"]["options"]["node"] = node
        request["pubsub"]["options"]["jid"] = person.jid
        request["pubsub"]["options"].append(self.form("subscribe_options", **fields))
        await request.send(timeout=PATIENCE)

    async def test_a_reader_chooses_what_comes_and_for_how_long(self) -> None:
        benvolio, juliet, romeo = await self.serve("benvolio", "juliet", "romeo")
        await self.create(benvolio, "verse", send_last_published_item="on_sub")
        await self.put(benvolio, "verse", "1")

        # retrieve-default-sub, and options sent with the subscription
        default = await self.send(juliet, "get", "<default node='verse'/>")
        self.assertEqual(self.values(default)["deliver"], ["1"])
        options = self.form("subscribe_options", include_body="1")
        answer = await juliet.client["xep_0060"].subscribe(
            COMPONENT, "verse", options=options, timeout=PATIENCE
        )
        self.assertEqual(self.values(answer.xml)["include_body"], ["1"])
        last = await juliet.event("verse", "1")
        self.assertTrue(last.delayed, "an old item without its date")
        # retrieve-subscriptions
        await romeo.subscribe(COMPONENT, "verse")
        self.assertEqual(
            await romeo.subscriptions(COMPONENT), [("verse", romeo.jid, "subscribed")]
        )
        answer = await romeo.client["xep_0060"].get_subscriptions(
            COMPONENT, "verse", timeout=PATIENCE
        )
        self.assertEqual(child(answer.xml, "subscription").get("node"), "verse")

        # subscription-options
        await self.set_options(romeo, "verse", deliver="0")
        mark = romeo.mark
        await self.put(benvolio, "verse", "2")
        await juliet.event("verse", "2")
        await self.hears_nothing(romeo, mark)
        await self.refused(self.set_options(romeo, "verse", digest="1"), "invalid-options")
        await self.refused(
            juliet.client["xep_0060"].get_subscription_options(
                COMPONENT, "verse", romeo.jid, timeout=PATIENCE
            ),
            "forbidden",
        )

        # leased-subscription: it ends by itself, and the reader hears of it.
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
        mark = juliet.mark
        await self.set_options(juliet, "verse", expire=soon.strftime("%Y-%m-%dT%H:%M:%SZ"))
        await self.refused(
            self.set_options(romeo, "verse", expire="2001-01-01T00:00:00Z"), "invalid-options"
        )

        async def is_over() -> bool:
            return await juliet.subscriptions(COMPONENT) == []

        await self.until(is_over, "the lease to end")
        told = await self.hears_of(juliet, "subscription", "verse", since=mark)
        self.assertEqual(told.get("subscription"), "none")

    async def shows(self, person: Person, show: str | None = None) -> None:
        """Tells the service of one's presence; returns when it has taken note."""
        person.client.send_presence(pto=COMPONENT, pshow=show)
        # Registration waits in the same queue.
        request = person.client.make_iq_get(ito=COMPONENT, queryxmlns="jabber:iq:register")
        await request.send(timeout=PATIENCE)

    async def test_a_reader_gets_what_comes_while_they_are_there(self) -> None:
        benvolio, juliet, romeo = await self.serve("benvolio", "juliet", "romeo")
        await self.create(benvolio, "verse", send_last_published_item="on_sub_and_presence")
        for person in (juliet, romeo):
            await person.subscribe(COMPONENT, "verse")
        await self.put(benvolio, "verse", "1")
        await juliet.event("verse", "1")
        await self.refused(
            self.set_options(juliet, "verse", **{"show-values": "online"}), "invalid-options"
        )

        # Presence is told to the service alone; the newest item comes with it.
        mark = juliet.mark
        await self.shows(juliet)
        last = await juliet.event("verse", "1", since=mark)
        self.assertTrue(last.delayed, "an old item without its date")

        # presence-notifications
        await self.set_options(juliet, "verse", **{"show-values": "online"})
        mark = juliet.mark
        await self.shows(juliet, "dnd")
        await self.put(benvolio, "verse", "2")
        await romeo.event("verse", "2")
        await self.hears_nothing(juliet, mark)
        await self.shows(juliet)
        await self.put(benvolio, "verse", "3")
        await juliet.event("verse", "3", since=mark)

        # A temporary subscription ends with the stream, of which only the server tells.
        await self.set_options(juliet, "verse", expire="presence")
        await juliet.logout()

        async def is_over() -> bool:
            answer = await self.send(
                benvolio, "get", "<subscriptions node='verse'/>", namespace=OWNER
            )
            found = answer.iter(f"{{{OWNER}}}subscription")
            return [each.get("jid") for each in found] == [romeo.jid]

        await self.until(is_over, "the temporary subscription to end")

    async def test_a_node_is_for_those_who_have_the_service_as_a_contact(self) -> None:
        benvolio, juliet = await self.serve("benvolio", "juliet")
        await self.create(benvolio, "verse", access_model="presence")
        await self.put(benvolio, "verse", "1")
        wanted = ("not-authorized", "presence-subscription-required")
        await self.refused(juliet.subscribe(COMPONENT, "verse"), *wanted)
        await self.refused(juliet.items(COMPONENT, "verse"), *wanted)
        juliet.client.send_presence_subscription(pto=COMPONENT)

        async def is_let_in() -> bool:
            try:
                return await self.ids(juliet, "verse") == ["1"]
            except IqError:
                return False

        await self.until(is_let_in, "the contact to be noted")
        await juliet.subscribe(COMPONENT, "verse")
        mark = juliet.mark
        juliet.client.send_presence_subscription(pto=COMPONENT, ptype="unsubscribe")
        told = await self.hears_of(juliet, "subscription", "verse", since=mark)
        self.assertEqual(told.get("subscription"), "none")
        await self.refused(juliet.items(COMPONENT, "verse"), *wanted)

    async def test_only_who_says_so_is_seen_among_the_readers(self) -> None:
        benvolio, juliet, romeo = await self.serve("benvolio", "juliet", "romeo")
        await self.create(benvolio, "verse")
        await romeo.subscribe(COMPONENT, "verse")
        # urn:xmpp:pps:0
        public = f"<subscribe node='verse' jid='{juliet.jid}'><public xmlns='{PUBLIC}'/></subscribe>"
        await self.send(juliet, "set", public)
        readers = "urn:xmpp:pps:subscribers:0/verse"

        async def seen() -> list[str]:
            answer = await romeo.client["xep_0060"].get_items(COMPONENT, readers, timeout=PATIENCE)
            return [each.get("jid", "") for each in answer.xml.iter(f"{{{PUBLIC}}}subscriber")]

        self.assertEqual(await seen(), [juliet.jid])
        await self.refused(self.put(romeo, readers, "1"), "forbidden")
        await self.refused(self.create(benvolio, readers), "forbidden")
        await juliet.subscribe(COMPONENT, "verse")
        self.assertEqual(await seen(), [])
