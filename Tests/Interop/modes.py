"""Whose PubSub service has a newsletter's items: Broadsheet's own, or the server's (its engine)."""

import contextlib
import json
import sqlite3
from collections import Counter

from slixmpp.exceptions import IqError
from world import (
    COMPONENT,
    CONTACT,
    FEEDS,
    NODE,
    PATIENCE,
    RECONNECT,
    Broadsheet,
    Heard,
    InteropCase,
    Item,
    Person,
    XMPPServer,
    errors_in,
)

ATOM = "{http://www.w3.org/2005/Atom}"
PUBSUB = "{http://jabber.org/protocol/pubsub}"
MARCH, APRIL, MAY = (f"2026-0{month}-05-dispatch" for month in (3, 4, 5))


class Mode:
    """All that differs with where the items are; what is promised of them does not.

    This one is `engine: local`.
    """

    name = "local"
    # Where the items are, and PubSub readers subscribe.
    service = COMPONENT
    server_options: dict[str, object] = {}
    # A cut connection makes us send again what the server did not confirm, with the ids it had;
    # an engine would tell everybody anew, and is never asked twice.
    sends_again = True
    # Of what is not done yet, asked of the database, since who is about to be killed answers late.
    unfinished = "SELECT 1 FROM fanOut WHERE state NOT IN ('finished', 'cancelled')"

    def configure(self, broadsheet: Broadsheet, port: int) -> None:
        broadsheet.write_configuration(port)

    def is_done(self, status: dict) -> bool:
        """Whether all that was published is where it belongs."""
        return not status["deliveries"]

    def is_written(self, issue: str, server: XMPPServer) -> bool:
        """Whether a crash of the server would cost nothing of it any more."""
        return True

    def news(self, issue: str) -> tuple[str, ...]:
        """What the room hears when it is."""
        return ("done:", issue)


class EngineMode(Mode):
    """`engine:` names the server's own service; ejabberd's or Prosody's, as the run has it."""

    name = "engine"
    service = FEEDS
    server_options = {"has_feeds": True}
    sends_again = False
    unfinished = "SELECT 1 FROM engineOperation WHERE state = 'sent'"

    def configure(self, broadsheet: Broadsheet, port: int) -> None:
        broadsheet.write_configuration(
            port, ("    language: en\n", f"    engine: {FEEDS}\n    language: en\n")
        )
        with broadsheet.configuration.open("a") as file:
            file.write("engines:\n  grace: 0.5\n  retry_delay: 0.5\n  retry_limit: 1\n")

    def is_done(self, status: dict) -> bool:
        (engine,) = status["engines"]
        return engine["waiting"] == 0 and super().is_done(status)

    def is_written(self, issue: str, server: XMPPServer) -> bool:
        # As the item has it, which comes behind all that was noted of it.
        return server.has_written(f";item={issue}")

    def news(self, issue: str) -> tuple[str, ...]:
        return (issue, f"at {FEEDS}")


class ModeCase(InteropCase):
    """One installation in the mode of its class."""

    mode = Mode()

    @property
    def variant(self) -> str:
        return self.mode.name

    async def asyncSetUp(self) -> None:
        self.server_options = {**self.mode.server_options, **self.server_options}
        await super().asyncSetUp()
        self.mode.configure(self.broadsheet, self.server.component_port)

    async def begin(self, *others: str) -> list[Person]:
        """As `open`; the nodes are there too."""
        people = await self.open(*others)
        await self.node_is_there(people[0])
        return people

    async def node_is_there(self, person: Person) -> None:
        async def is_there() -> bool:
            try:
                await person.items(self.mode.service, NODE)
                return True
            except IqError:
                return False

        await self.until(is_there, "the node", RECONNECT)
        await self.is_done()

    # What there is, and what is done

    async def items(self, person: Person, node: str = NODE) -> list[Item]:
        """By their names, which is their order; none if there is no node yet."""
        try:
            found = await person.items(self.mode.service, node)
        except IqError as error:
            if errors_in(error) & {"item-not-found", "service-unavailable", "remote-server-not-found"}:
                return []
            raise
        return sorted(found, key=lambda item: item.id)

    async def names(self, person: Person) -> list[str]:
        return [each.id for each in await self.items(person)]

    async def publisher(self, person: Person) -> str | None:
        """Whom the service shows as the publisher; a service may tell the bare address or none."""
        feeds = person.client["xep_0060"]
        answer = await feeds.get_items(self.mode.service, NODE, timeout=PATIENCE)
        found = answer.xml.find(f".//{PUBSUB}item").get("publisher")
        return CONTACT if found is None else found.split("/")[0]

    async def status(self) -> dict:
        outcome = await self.broadsheet.command("status", "--json")
        return json.loads(outcome.output)

    async def backlog(self) -> dict:
        (engine,) = (await self.status())["engines"]
        return engine

    async def is_done(self) -> None:
        """Waits until Broadsheet says that everything is where it belongs."""

        async def is_done() -> bool:
            return self.mode.is_done(await self.status())

        # What is answered to a stream that has ended is asked for again after a minute.
        await self.until(is_done, "everything to be where it belongs", 3 * RECONNECT)

    async def is_written(self, issue: str) -> None:
        async def is_so() -> bool:
            return self.mode.is_written(issue, self.server)

        await self.until(is_so, "the item to be on the disk")

    async def is_listening(self) -> None:
        async def is_listening() -> bool:
            return (await self.broadsheet.command("status")).code == 0

        await self.until(is_listening, "Broadsheet to listen", RECONNECT)

    async def is_at_rest(self, *people: Person) -> None:
        """Waits until everything is done, and they have heard all of it."""
        await self.is_listening()
        await self.is_done()
        for person in people:
            # The answer comes behind all that was sent before it.
            await self.items(person)

    async def is_under_way(self) -> None:
        """Waits until something was begun that nobody knows the end of."""
        path = self.broadsheet.folder / "broadsheet.sqlite"

        async def is_so() -> bool:
            with contextlib.closing(sqlite3.connect(path)) as store:
                return store.execute(self.mode.unfinished).fetchone() is not None

        await self.until(is_so, "it to be under way")

    # What editors do

    async def order(self, *words: str) -> None:
        consent = [] if words[0] == "correct" else ["--yes"]
        outcome = await self.broadsheet.command(*words, *consent)
        self.assertEqual(outcome.code, 0, outcome.errors)

    def change(self, issue: str, old: str, new: str) -> None:
        path = self.broadsheet.issues / f"{issue}.md"
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))

    # What readers hear

    def told(self, person: Person) -> list[str]:
        """Of which items there were events, in their order, each once."""
        return list(dict.fromkeys(item.id for item in self.events(person)))

    def told_twice(self, person: Person) -> list[str]:
        """Those versions of items that somebody got more than once, and may not have."""
        seen = {
            (self._version(item), each.stanza_id if self.mode.sends_again else place)
            for place, each in enumerate(person.heard)
            for item in each.items
            if each.node == NODE and item.payload is not None
        }
        counts = Counter(version for version, _ in seen)
        return sorted(version for version, count in counts.items() if count > 1)

    def _version(self, item: Item) -> str:
        return f"{item.id} {item.payload.findtext(f'{ATOM}updated')}"

    async def retraction(self, person: Person, issue: str, since: int) -> Heard:
        return await person.wait_for(
            "the retraction",
            lambda heard: heard.node == NODE and heard.retracted == [issue],
            since,
            PATIENCE,
        )
