"""A feed of the server's own PubSub service moves here, and says where it has gone."""

import json
from xml.etree import ElementTree

from slixmpp.exceptions import IqError

from world import COMPONENT, FEEDS, NODE, InteropCase, errors_in

FEED = "verse"
ATOM = "http://www.w3.org/2005/Atom"
EVENT = "{http://jabber.org/protocol/pubsub#event}"
DAYS = range(1, 8)


class FeedOfAService(InteropCase):
    server_options = {"has_feeds": True, "node_makers": ("romeo@localhost",)}

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        _, self.juliet, self.romeo = await self.open("juliet", "romeo")
        feeds = self.romeo.client["xep_0060"]
        form = self.romeo.client["xep_0004"].make_form(ftype="submit")
        form.add_field(var="FORM_TYPE", ftype="hidden", value="http://jabber.org/protocol/pubsub#node_config")
        for name, value in (("persist_items", "1"), ("max_items", "10"), ("access_model", "open"), ("notify_delete", "1")):
            form.add_field(var=f"pubsub#{name}", value=value)
        await feeds.create_node(FEEDS, FEED, config=form)
        for day in DAYS:
            entry = ElementTree.fromstring(
                f"<entry xmlns='{ATOM}'><title>Day {day}</title>"
                f"<published>2026-01-0{day}T00:00:00Z</published></entry>"
            )
            await feeds.publish(FEEDS, FEED, id=f"day-{day}", payload=entry)
        self.assertEqual(await self.juliet.subscribe(FEEDS, FEED), "subscribed")

    async def move(self, *more: str) -> tuple[int, str, str]:
        outcome = await self.broadsheet.command("import-node", FEEDS, FEED, "--to", NODE, *more)
        return outcome.code, outcome.output, outcome.errors

    async def redirected(self) -> tuple[int, str, str]:
        """Moves with a pointer; not every service says how many items there are."""
        code, said, errors = await self.move("--redirect", "--yes")
        if f"--items {len(DAYS)}" in errors:
            code, said, errors = await self.move("--redirect", "--yes", "--items", str(len(DAYS)))
        return code, said, errors

    async def test_its_items_come_with_their_ids_and_its_readers_are_told(self) -> None:
        code, said, errors = await self.move("--json")
        self.assertEqual(code, 0, errors)
        facts = json.loads(said)
        self.assertEqual((facts["taken"], facts["known"]), (len(DAYS), 0))
        self.assertEqual(await self._days(COMPONENT, NODE), sorted(f"day-{day}" for day in DAYS))

        # Romeo has not made us an owner yet.
        code, _, errors = await self.redirected()
        self.assertEqual(code, 1)
        self.assertIn(f"{FEEDS} refuses that (forbidden", errors)
        self.assertEqual(len(await self._days(FEEDS, FEED)), len(DAYS))

        feeds = self.romeo.client["xep_0060"]
        await feeds.modify_affiliations(FEEDS, FEED, [(COMPONENT, "owner")])
        mark = self.juliet.mark
        code, said, errors = await self.redirected()
        self.assertEqual(code, 0, errors)
        self.assertIn(f"{FEED} at {FEEDS} is deleted", said)
        with self.assertRaises(IqError) as raised:
            await self._days(FEEDS, FEED)
        self.assertIn("item-not-found", errors_in(raised.exception))
        told = await self.juliet.wait_for(
            "the end of the feed",
            lambda heard: heard.xml is not None and heard.xml.find(f"{EVENT}event/{EVENT}delete") is not None,
            mark,
        )
        pointer = told.xml.find(f"{EVENT}event/{EVENT}delete/{EVENT}redirect")
        # The guide says which services do not pass it on.
        if pointer is not None:
            self.assertEqual(pointer.get("uri"), f"xmpp:{COMPONENT}?;node={NODE}")
        # Readers go where it points, and find what they had.
        self.assertEqual(await self.juliet.subscribe(COMPONENT, NODE), "subscribed")
        self.assertEqual(len(await self._days(COMPONENT, NODE)), len(DAYS))

    async def _days(self, service: str, node: str) -> list[str]:
        return sorted(item.id for item in await self.juliet.items(service, node))
