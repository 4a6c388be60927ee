"""A newsletter whose readers move to the server's own PubSub service, and back."""

import asyncio
import contextlib
import json
import sqlite3

from slixmpp.exceptions import IqError
from world import COMPONENT, CONTACT, FEEDS, NICK, NODE, RECONNECT, ROOM, InteropCase, Person, Prosody

# No server that these servers know.
NOWHERE = "pubsub.nowhere.invalid"
MARCH, APRIL, MAY = (f"2026-0{month}-05-dispatch" for month in (3, 4, 5))


class EngineMove(InteropCase):
    server_options = {"has_feeds": True}
    # The largest stanza that Broadsheet takes, in bytes; None for what it takes by default.
    most: int | None = None
    # The largest stanza that Broadsheet sends, in bytes; None for what it sends by default.
    largest: int | None = None

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.configure("local")

    def configure(self, engine: str) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("    language: en\n", f"    engine: {engine}\n    language: en\n"),
        )
        text = self.broadsheet.configuration.read_text()
        if self.most:
            secret = "  secret_file: secret\n"
            self.assertIn(secret, text)
            text = text.replace(secret, f"{secret}  maximum_stanza_size: {self.most}\n")
        if self.largest:
            text += f"pubsub: {{largest_stanza: {self.largest}, maximum_payload_size: 20000}}\n"
        text += "engines:\n  grace: 0.5\n  retry_delay: 0.5\n  retry_limit: 1\n"
        self.broadsheet.configuration.write_text(text)

    async def restart(self, engine: str, editor: Person) -> None:
        self.broadsheet.stop()
        self.configure(engine)
        mark = editor.mark
        self.broadsheet.start()
        await self.comes_into_room(editor, since=mark)

    async def order(self, *words: str, seconds: float = 60) -> str:
        outcome = await self.broadsheet.command(*words, seconds=seconds)
        self.assertEqual(outcome.code, 0, outcome.output + outcome.errors)
        return outcome.output

    async def move(self, target: str, *words: str) -> str:
        return await self.order("engine move", "dispatch", "--to", target, *words)

    async def move_in_spite_of_death(self, target: str, editor: Person) -> str:
        """The same command goes on with what was begun."""
        ended = asyncio.ensure_future(
            self.broadsheet.command("engine move", "dispatch", "--to", target)
        )
        await self.until(self.has_begun, "the move to begin")
        self.broadsheet.process.kill9()
        await ended
        mark = editor.mark
        self.broadsheet.start()
        await self.comes_into_room(editor, since=mark)
        return await self.move(target)

    async def has_begun(self) -> bool:
        path = self.broadsheet.folder / "broadsheet.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as store:
            return bool(store.execute("SELECT 1 FROM engineMove").fetchall())

    async def there(self, person: Person) -> list[str]:
        found = await person.subscriptions(FEEDS)
        return [node for node, jid, state in found if state == "subscribed" and jid == person.jid]

    async def here(self, person: Person) -> list[str]:
        return [node for node, _, _ in await person.subscriptions(COMPONENT)]

    def senders(self, person: Person, item: str) -> list[str]:
        """Where the events of an item came from, one for each; what was sent again after a death of
        Broadsheet has the same id."""
        events = {
            (heard.sender.split("/")[0], heard.stanza_id or place)
            for place, heard in enumerate(person.heard)
            if heard.node == NODE and any(each.id == item for each in heard.items)
        }
        return [sender for sender, _ in events]

    async def publish_once(self, issue: str, readers: list[Person], sender: str) -> None:
        outcome = await self.broadsheet.command("publish", issue, "--yes")
        self.assertEqual(outcome.code, 0, outcome.errors)
        for reader in readers:
            await reader.event(NODE, issue, seconds=RECONNECT)
        await self.is_quiet()
        for reader in readers:
            self.assertEqual(self.senders(reader, issue), [sender], reader.name)

    async def is_quiet(self) -> None:
        """Waits until all that was published is out, here and there."""

        async def is_quiet() -> bool:
            path = self.broadsheet.folder / "broadsheet.sqlite"
            with contextlib.closing(sqlite3.connect(path)) as store:
                (number,) = store.execute(
                    """
                    SELECT (SELECT count(*) FROM engineOperation)
                        + (SELECT count(*) FROM fanOut WHERE state IN ('waiting', 'running', 'held'))
                    """
                ).fetchone()
            return number == 0

        await self.until(is_quiet, "all of it to be out", RECONNECT)
        # What was sent before comes before the answer.
        for person in self.people.values():
            with contextlib.suppress(IqError, RuntimeError):
                await person.items(FEEDS, NODE)
                await person.subscriptions(COMPONENT)

    async def test_readers_go_there_and_come_back_with_one_copy_each(self) -> None:
        benvolio, juliet, nurse, romeo = await self.open("juliet", "nurse", "romeo")
        self.assertEqual(await juliet.subscribe(COMPONENT, NODE), "subscribed")
        await self.subscribed_by_chat(nurse)
        await self.publish_once(MARCH, [juliet], COMPONENT)
        refused = await self.broadsheet.command("engine move", "dispatch", "--to", FEEDS)
        self.assertNotEqual(refused.code, 0)
        self.assertIn("engine: local", refused.errors)

        await self.restart(FEEDS, benvolio)
        await self.move_in_spite_of_death(FEEDS, benvolio)
        self.assertEqual(await self.here(juliet), [])
        self.assertEqual(await self.there(juliet), [NODE])
        self.assertEqual([item.id for item in await juliet.items(FEEDS, NODE)], [MARCH])
        self.assertEqual(await self.here(nurse), [NODE])
        await self.publish_once(APRIL, [juliet], FEEDS)

        # By a word in the chat one more goes there.
        mark = nurse.mark
        nurse.write(CONTACT, "pubsub")
        await nurse.answer(CONTACT, "by PubSub, from", FEEDS, since=mark)
        self.assertEqual((await self.here(nurse), await self.there(nurse)), ([], [NODE]))

        # Another engine does not make anybody forget where they are.
        await self.restart(NOWHERE, benvolio)
        for target in (NOWHERE, "local"):
            refused = await self.broadsheet.command("engine move", "dispatch", "--to", target)
            self.assertNotEqual(refused.code, 0)
            self.assertIn(f"have moved to {FEEDS}, and would be forgotten there", refused.errors)
        self.assertIn(f"have moved to {FEEDS}, which is not its engine any more", await self.order("status"))
        await self.restart(FEEDS, benvolio)

        await self.move_in_spite_of_death("local", benvolio)
        for person in (juliet, nurse):
            self.assertEqual((await self.here(person), await self.there(person)), ([NODE], []))
        # He comes too late for that, and still misses nothing.
        self.assertEqual(await romeo.subscribe(FEEDS, NODE), "subscribed")
        await self.restart("local", benvolio)
        outcome = await self.broadsheet.command("publish", MAY, "--yes")
        self.assertEqual(outcome.code, 0, outcome.errors)
        await romeo.event(NODE, MAY, seconds=RECONNECT)
        await self.move("local", "--yes")
        self.assertEqual(await self.here(romeo), [NODE])
        with self.assertRaises(IqError):
            await romeo.items(FEEDS, NODE)
        items = await juliet.items(COMPONENT, NODE)
        self.assertEqual(sorted(item.id for item in items), [MARCH, APRIL, MAY])
        await self.is_quiet()
        self.assertEqual(self.senders(romeo, MAY), [FEEDS])
        for person in (juliet, nurse):
            self.assertEqual(self.senders(person, MAY), [COMPONENT], person.name)
        self.assertEqual(self.senders(juliet, MARCH), [COMPONENT])
        self.assertEqual(self.senders(juliet, APRIL), [FEEDS])

    async def test_a_mistaken_engine_costs_nothing_and_is_named(self) -> None:
        self.configure(FEEDS)
        benvolio, juliet = await self.open("juliet")

        async def is_there() -> bool:
            with contextlib.suppress(IqError):
                return await juliet.subscribe(FEEDS, NODE) == "subscribed"
            return False

        await self.until(is_there, "the engine's node", RECONNECT)
        await self.restart(NOWHERE, benvolio)
        await self.order("publish", APRIL, "--yes")

        async def is_out() -> bool:
            return "Nothing is on its way" in await self.order("status")

        await self.until(is_out, "the delivery from here", RECONNECT)
        outcome = await self.broadsheet.command("cancel", APRIL, "--yes")
        self.assertNotEqual(outcome.code, 0)
        self.assertIn(f"{APRIL} still goes to {NOWHERE}", outcome.output + outcome.errors)
        # The command waits for a move that can't go on; so it does when it is given again.
        for _ in range(2):
            with self.assertRaises(TimeoutError):
                await self.broadsheet.command("engine move", "dispatch", "--to", NOWHERE, seconds=1)

        async def is_told() -> bool:
            (move,) = json.loads(await self.order("status", "--json"))["moves"]
            return move["phase"] == "moving" and "heldSince" in move

        await self.until(is_told, "the reason", RECONNECT)
        said = await self.order("status")
        self.assertRegex(said, f"It has not gone on since 20.*“broadsheet doctor” says whether {NOWHERE} answers")

        await self.restart(FEEDS, benvolio)
        said = await self.order("status")
        self.assertIn(f"wait for {NOWHERE}, which is not its engine any more", said)
        self.assertEqual([item.id for item in await juliet.items(FEEDS, NODE)], [])
        await self.order("engine pass-on", "dispatch")
        await juliet.event(NODE, APRIL, seconds=RECONNECT)
        self.assertEqual(self.senders(juliet, APRIL), [FEEDS])
        self.assertNotIn("not its engine any more", await self.order("status"))
        self.assertIn("Nothing of dispatch waits", await self.order("engine forget", "dispatch", "--yes"))

    async def test_what_is_too_large_to_send_ends_no_stream_and_keeps_nothing_back(self) -> None:
        (benvolio,) = await self.open()
        file = self.broadsheet.issues / f"{APRIL}.md"
        # An item has the text twice.
        file.write_text(file.read_text() + "\n" + "A long story. " * 1_450 + "\n")
        for issue in (MARCH, APRIL, MAY):
            await self.order("publish", issue, "--yes")
        self.largest = 50_000
        mark = benvolio.mark
        await self.restart(FEEDS, benvolio)
        await benvolio.said_in_room(
            ROOM, NICK, APRIL, "larger than the 50000", since=mark, seconds=RECONNECT
        )

        async def is_there() -> bool:
            with contextlib.suppress(IqError):
                items = await benvolio.items(FEEDS, NODE)
                return sorted(item.id for item in items) == [MARCH, MAY]
            return False

        await self.until(is_there, "the others to be there", RECONNECT)
        self.assertIn("1 item is not at", await self.order("status"))
        # One for each start.
        self.assertEqual(self.broadsheet.process.log_text().count("Online"), 2)

    async def test_what_does_not_fit_into_one_stanza_comes_home(self) -> None:
        (benvolio,) = await self.open()
        for issue in (MARCH, APRIL, MAY):
            await self.order("publish", issue, "--yes")
        table = self.folder / "readers.csv"
        table.write_text("".join(f"reader{number}@localhost,{NODE}\n" for number in range(300)))
        self.assertIn("300 subscribed", await self.order("readers import", str(table)))
        # Less than the three issues have, and more than each.
        self.most = 20_000
        await self.restart(FEEDS, benvolio)
        await self.is_quiet()
        # The items come one by one; together they are larger.
        await self.move("local")
        await self.move(FEEDS)
        self.assertIn("dispatch-en 0,", await self.order("status"))
        refused = await self.broadsheet.command("engine move", "dispatch", "--to", "local", seconds=60)
        self.assertEqual(refused.code, 1, refused.output + refused.errors)
        self.assertRegex(refused.output, "The answer has [0-9]+ bytes, more than 'component.maximum_stanza_size'")
        self.assertIn("is served by", refused.output)
        self.most = None
        await self.restart(FEEDS, benvolio)
        await self.move("local")
        self.assertIn("dispatch-en 300,", await self.order("status"))
        # Prosody names the items without saying how many they are, so nobody knows whether all are here.
        self.most = 20_000
        await self.restart("local", benvolio)
        left = await self.broadsheet.command("engine move", "dispatch", "--to", "local", "--yes", seconds=60)
        if self.make is Prosody:
            self.assertEqual(left.code, 1, left.output + left.errors)
            self.assertIn("come one by one, and the service does not say how many they are", left.output)
            self.most = None
            await self.restart("local", benvolio)
            await self.move("local", "--yes")
        else:
            self.assertEqual(left.code, 0, left.output + left.errors)
        with self.assertRaises(IqError):
            await benvolio.items(FEEDS, NODE)
