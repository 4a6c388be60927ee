"""Who may do what at a node, behind real servers (XEP-0060 §4.1, §4.5, §5.7, §8.6 to §8.9)."""

from pubsub_world import COMPONENT, OWNER, PATIENCE, PUBSUB, SETTINGS, PubSubCase, child
from world import Person

FORM = ".//{jabber:x:data}x"


class People(PubSubCase):
    async def affiliate(self, owner: Person, node: str, **affiliations: str) -> None:
        changes = [(f"{name}@localhost", each.replace("_", "-")) for name, each in affiliations.items()]
        await owner.client["xep_0060"].modify_affiliations(
            COMPONENT, node, affiliations=changes, timeout=PATIENCE
        )

    async def test_affiliations_are_given_and_obeyed(self) -> None:
        benvolio, juliet, romeo, nurse, tybalt = await self.serve(
            "benvolio", "juliet", "romeo", "nurse", "tybalt"
        )
        await self.create(benvolio, "verse", access_model="whitelist")
        await self.refused(juliet.subscribe(COMPONENT, "verse"), "not-allowed", "closed-node")
        await self.affiliate(
            benvolio, "verse", juliet="member", romeo="publisher", nurse="publish_only", tybalt="outcast"
        )

        # modify-affiliations, retrieve-affiliations: those concerned are told, and find it listed.
        for person, affiliation in (
            (juliet, "member"), (romeo, "publisher"), (nurse, "publish-only"), (tybalt, "outcast"),
        ):  # fmt: skip
            path = f".//{{{PUBSUB}}}affiliations[@node='verse']/{{{PUBSUB}}}affiliation"
            told = await self.hears(person, path)
            self.assertEqual(told.get("affiliation"), affiliation)
            own = await person.client["xep_0060"].get_affiliations(COMPONENT, timeout=PATIENCE)
            self.assertEqual(child(own.xml, "affiliation").get("affiliation"), affiliation)
        every = await benvolio.client["xep_0060"].get_node_affiliations(
            COMPONENT, "verse", timeout=PATIENCE
        )
        found = {
            each.get("jid"): each.get("affiliation") for each in every.xml.iter(f"{{{OWNER}}}affiliation")
        }
        self.assertEqual(len(found), 5)
        self.assertEqual(found["nurse@localhost"], "publish-only")

        # member-affiliation, publisher-affiliation, publish-only-affiliation, outcast-affiliation
        await juliet.subscribe(COMPONENT, "verse")
        await self.refused(self.put(juliet, "verse", "1"), "forbidden")
        await self.put(romeo, "verse", "1")
        await juliet.event("verse", "1")
        await self.put(nurse, "verse", "2")
        await self.refused(self.ids(nurse, "verse"), "forbidden")
        await self.refused(tybalt.subscribe(COMPONENT, "verse"), "forbidden")
        await self.refused(self.ids(tybalt, "verse"), "forbidden")
        await self.affiliate(benvolio, "verse", juliet="outcast")
        await self.hears_of(juliet, "subscription", "verse")
        mark = juliet.mark
        await self.put(romeo, "verse", "3")
        await self.hears_nothing(juliet, mark)

        await self.refused(self.affiliate(benvolio, "verse", benvolio="none"), "not-acceptable")
        await self.refused(self.affiliate(romeo, "verse", romeo="owner"), "forbidden")

    async def test_owners_approve_list_and_end_subscriptions(self) -> None:
        benvolio, juliet, romeo, nurse = await self.serve("benvolio", "juliet", "romeo", "nurse")
        pubsub = benvolio.client["xep_0060"]
        await self.create(benvolio, "verse", access_model="authorize", notify_sub="1")
        await self.put(benvolio, "verse", "1")
        await self.refused(self.ids(juliet, "verse"), "not-authorized", "not-subscribed")
        for person in (juliet, romeo):
            mark = benvolio.mark
            self.assertEqual(await person.subscribe(COMPONENT, "verse"), "pending")
            asked = await self.hears(benvolio, FORM, since=mark)
            self.assertEqual(self.values(asked)["subscriber_jid"], [person.jid])
        await self.refused(juliet.subscribe(COMPONENT, "verse"), "pending-subscription")
        mark = benvolio.mark

        # get-pending: the requests that wait come again.
        commands = benvolio.client["xep_0050"]
        node = f"{PUBSUB}#get-pending"
        first = await commands.send_command(COMPONENT, node)
        self.assertIn("verse", [each.text for each in first.xml.iter("{jabber:x:data}value")])
        command = benvolio.client.make_iq_set(ito=COMPONENT)
        command["command"]["node"] = node
        command["command"]["sessionid"] = first["command"]["sessionid"]
        choice = self.form("subscribe_authorization", node="verse")
        command["command"].append(choice)
        await command.send(timeout=PATIENCE)
        await self.hears(benvolio, FORM, since=mark)

        self.decide(benvolio, juliet, "1")
        told = await self.hears_of(juliet, "subscription", "verse")
        self.assertEqual(told.get("subscription"), "subscribed")
        self.assertEqual(await self.ids(juliet, "verse"), ["1"])
        self.decide(benvolio, romeo, "0")
        told = await self.hears_of(romeo, "subscription", "verse")
        self.assertEqual(told.get("subscription"), "none")

        # manage-subscriptions, subscription-notifications
        entry = f"<subscription jid='{nurse.jid}' subscription='subscribed'/>"
        await self.send(benvolio, "set", f"<subscriptions node='verse'>{entry}</subscriptions>", OWNER)
        await self.hears_of(nurse, "subscription", "verse")
        listed = await pubsub.get_node_subscriptions(COMPONENT, "verse", timeout=PATIENCE)
        found = [each.get("jid") for each in listed.xml.iter(f"{{{OWNER}}}subscription")]
        self.assertEqual(found, [juliet.jid, nurse.jid])
        await self.refused(
            juliet.client["xep_0060"].get_node_subscriptions(COMPONENT, "verse", timeout=PATIENCE),
            "forbidden",
        )
        # notify_sub: owners hear who leaves.
        mark = benvolio.mark
        await juliet.unsubscribe(COMPONENT, "verse")
        told = await self.hears_of(benvolio, "subscription", "verse", since=mark)
        self.assertEqual((told.get("jid"), told.get("subscription")), (juliet.jid, "none"))

    async def test_who_may_not_read_any_more_is_told_and_gets_nothing(self) -> None:
        benvolio, juliet, romeo = await self.serve("benvolio", "juliet", "romeo")
        await self.create(benvolio, "verse")
        for person in (juliet, romeo):
            await person.subscribe(COMPONENT, "verse")
        await self.affiliate(benvolio, "verse", juliet="member")
        await self.configure(benvolio, "verse", access_model="whitelist")
        told = await self.hears_of(romeo, "subscription", "verse")
        self.assertEqual(told.get("subscription"), "none")
        mark = romeo.mark
        await self.put(benvolio, "verse", "1")
        await juliet.event("verse", "1")
        await self.hears_nothing(romeo, mark)
        # Off the list is out of the node.
        await self.affiliate(benvolio, "verse", juliet="none")
        told = await self.hears_of(juliet, "subscription", "verse")
        self.assertEqual(told.get("subscription"), "none")
        mark = juliet.mark
        await self.put(benvolio, "verse", "2")
        await self.hears_nothing(juliet, mark)

        # Who waits to be approved waits no longer once the node is open.
        await self.configure(benvolio, "verse", access_model="authorize")
        self.assertEqual(await romeo.subscribe(COMPONENT, "verse"), "pending")
        mark = romeo.mark
        await self.configure(benvolio, "verse", access_model="open")
        told = await self.hears_of(romeo, "subscription", "verse", since=mark)
        self.assertEqual(told.get("subscription"), "subscribed")

    async def configure(self, owner: Person, node: str, **fields: str) -> None:
        await owner.client["xep_0060"].set_node_config(
            COMPONENT, node, self.form("node_config", **fields), timeout=PATIENCE
        )

    def decide(self, owner: Person, reader: Person, allow: str) -> None:
        message = owner.client.make_message(mto=COMPONENT)
        message.append(
            self.form("subscribe_authorization", node="verse", subscriber_jid=reader.jid, allow=allow)
        )
        message.send()


class OwnersAtTheDefault(PubSubCase):
    """Where the settings do not let owners write to whom they like."""

    settings = SETTINGS.replace("  owners_add_readers: true\n", "")

    async def test_owners_can_have_nothing_sent_to_who_has_not_asked(self) -> None:
        benvolio, juliet = await self.serve("benvolio", "juliet")
        await self.create(benvolio, "verse")
        mark = juliet.mark
        entry = f"<subscription jid='{juliet.jid}' subscription='subscribed'/>"
        await self.refused(
            self.send(benvolio, "set", f"<subscriptions node='verse'>{entry}</subscriptions>", OWNER),
            "not-acceptable",
        )
        await benvolio.client["xep_0060"].modify_affiliations(
            COMPONENT, "verse", affiliations=[(juliet.jid, "publisher")], timeout=PATIENCE
        )
        await self.put(benvolio, "verse", "1")
        await self.hears_nothing(juliet, mark)
        # She may subscribe, and the owner may end that, which she is told.
        await juliet.subscribe(COMPONENT, "verse")
        entry = entry.replace("subscribed", "none")
        await self.send(benvolio, "set", f"<subscriptions node='verse'>{entry}</subscriptions>", OWNER)
        told = await self.hears_of(juliet, "subscription", "verse")
        self.assertEqual(told.get("subscription"), "none")
