"""Nodes of one's own behind real servers: made, configured, emptied, deleted (XEP-0060 §8)."""

import asyncio
import os

from pubsub_world import COMPONENT, EVENT, OWNER, PATIENCE, PubSubCase, child
from world import CONTACT, ROOM

URI = "xmpp:news.localhost?;node=later"


class Nodes(PubSubCase):
    async def test_nodes_are_created_configured_and_described(self) -> None:
        benvolio, juliet = await self.serve("benvolio", "juliet")
        pubsub = benvolio.client["xep_0060"]
        await self.refused(
            juliet.client["xep_0060"].create_node(COMPONENT, "hers", timeout=PATIENCE), "forbidden"
        )
        # create-nodes, instant-nodes, create-and-configure
        await self.create(benvolio, "plain")
        await self.refused(self.create(benvolio, "plain"), "conflict")
        answer = await self.send(benvolio, "set", "<create/>")
        instant = child(answer, "create").get("node")
        self.assertEqual(await self.ids(juliet, instant), [])
        await self.create(benvolio, "verse", title="Verse", max_items="2", language="it")
        await self.refused(
            self.create(benvolio, "x", access_model="roster"),
            "not-acceptable",
            "unsupported-access-model",
        )

        # retrieve-default, config-node, config-node-max
        defaults = self.values((await pubsub.get_node_config(COMPONENT, timeout=PATIENCE)).xml)
        self.assertEqual(defaults["access_model"], ["open"])
        self.assertEqual(defaults["max_items"], ["max"])
        form = await pubsub.get_node_config(COMPONENT, "verse", timeout=PATIENCE)
        self.assertEqual(self.values(form.xml)["title"], ["Verse"])
        await self.refused(
            juliet.client["xep_0060"].get_node_config(COMPONENT, "verse", timeout=PATIENCE),
            "forbidden",
        )
        await juliet.subscribe(COMPONENT, "verse")
        change = self.form("node_config", notify_config="1", description="All of it")
        await pubsub.set_node_config(COMPONENT, "verse", change, timeout=PATIENCE)
        told = await self.hears_of(juliet, "configuration", "verse")
        self.assertEqual(self.values(told)["description"], ["All of it"])
        wrong = self.form("node_config", max_items="many")
        await self.refused(
            pubsub.set_node_config(COMPONENT, "verse", wrong, timeout=PATIENCE), "not-acceptable"
        )

        # meta-data
        info = self.values((await juliet.discover(COMPONENT, "verse")).xml)
        self.assertEqual(info["num_subscribers"], ["1"])
        self.assertEqual(info["language"], ["it"])
        self.assertEqual(info["description"], ["All of it"])
        self.assertEqual(info["max_items"], ["2"])
        self.assertEqual(info["owner"], ["benvolio@localhost"])
        self.assertRegex(info["creation_date"][0], r"^20\d\d-\d\d-\d\dT")

    async def test_nodes_are_emptied_and_deleted_and_readers_sent_on(self) -> None:
        benvolio, juliet, romeo = await self.serve("benvolio", "juliet", "romeo")
        pubsub = benvolio.client["xep_0060"]
        await self.create(benvolio, "verse")
        await juliet.subscribe(COMPONENT, "verse")
        for item in ("1", "2"):
            await self.put(benvolio, "verse", item)

        # purge-nodes
        await self.refused(
            juliet.client["xep_0060"].purge(COMPONENT, "verse", timeout=PATIENCE), "forbidden"
        )
        await pubsub.purge(COMPONENT, "verse", timeout=PATIENCE)
        await self.hears_of(juliet, "purge", "verse")
        self.assertEqual(await self.ids(juliet, "verse"), [])

        # delete-nodes, with the place to go to
        payload = f"<delete node='verse'><redirect uri='{URI}'/></delete>"
        await self.refused(self.send(romeo, "set", payload, OWNER), "forbidden")
        await self.send(benvolio, "set", payload, OWNER)
        told = await self.hears_of(juliet, "delete", "verse")
        self.assertEqual(told.find(f"{{{EVENT}}}redirect").get("uri"), URI)
        await self.refused(romeo.subscribe(COMPONENT, "verse"), "gone")
        self.assertEqual(await juliet.subscriptions(COMPONENT), [])
        await self.create(benvolio, "verse")
        await pubsub.delete_node(COMPONENT, "verse", timeout=PATIENCE)
        nodes = {node for _, node, _ in await juliet.discover_items(COMPONENT)}
        self.assertNotIn("verse", nodes)

    async def test_a_newsletter_gets_no_node_that_somebody_has_made(self) -> None:
        (benvolio,) = await self.serve("benvolio")
        # What it has, or may have one day, is nobody else's.
        await self.refused(self.create(benvolio, "dispatch-en"), "conflict")
        for name in ("dispatch-en-draft", "dispatch-it"):
            await self.refused(self.create(benvolio, name), "forbidden")
        await self.create(benvolio, "verse")
        self.broadsheet.stop(5)
        self.broadsheet.write_configuration(
            self.server.component_port, ("    language: en\n", "    language: en\n    nodes: {de: verse}\n")
        )
        self.broadsheet.start()
        code = await asyncio.to_thread(self.broadsheet.process.wait, PATIENCE)
        said = self.broadsheet.process.log_text()
        self.assertEqual(code, os.EX_CONFIG, said)
        self.assertIn("The node 'verse' belongs to", said)


class CreatorsOfARoom(PubSubCase):
    """Whoever owns the editors' room may create nodes, while the room shows them."""

    async def test_a_room_says_who_may_create_nodes(self) -> None:
        change = ("    nick:", "    creators: [owner]\n    nick:")
        self.broadsheet.write_configuration(self.server.component_port, change)
        benvolio, tybalt = await self.in_room("benvolio", "tybalt")
        # Only moderators are shown who is behind a nick.
        await benvolio.client["xep_0045"].set_affiliation(ROOM, "admin", jid=CONTACT)
        self.broadsheet.start()
        await self.comes_into_room(benvolio)
        await self.create(benvolio, "his")
        await self.refused(self.create(tybalt, "hers"), "forbidden")
        await self.refused(self.put(tybalt, "hers"), "item-not-found")
        await self.put(benvolio, "made-by-publishing")
        benvolio.client["xep_0045"].leave_muc(ROOM, "benvolio")

        async def is_gone() -> bool:
            try:
                await self.create(benvolio, f"another-{benvolio.client.new_id()}")
                return False
            except Exception:
                return True

        await self.until(is_gone, "the right to be gone with the occupant")
