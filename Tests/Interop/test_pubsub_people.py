"""Who may do what at a node, behind real servers (XEP-0060 §4.1, §4.5, §5.7, §8.6 to §8.9)."""

from pubsub_world import COMPONENT, OWNER, PATIENCE, PUBSUB, PubSubCase, child
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

    def decide(self, owner: Person, reader: Person, allow: str) -> None:
        message = owner.client.make_message(mto=COMPONENT)
        message.append(
            self.form("subscribe_authorization", node="verse", subscriber_jid=reader.jid, allow=allow)
        )
        message.send()
