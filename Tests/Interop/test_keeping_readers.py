"""What an operator does about nodes and readers from the shell."""

import asyncio
import contextlib
import json
import sqlite3
from xml.etree import ElementTree

from world import COMPONENT, CONTACT, NODE, PATIENCE, InteropCase, IqError, Prosody, errors_in


class ReadersInTheShell(InteropCase):
    async def test_what_is_exported_can_be_imported_elsewhere(self) -> None:
        benvolio, juliet, nurse = await self.open("juliet", "nurse")
        await juliet.subscribe(COMPONENT, NODE)
        await self.subscribed_by_chat(nurse, "subscribe en")
        table = await self.told("readers export", "--node", NODE)
        lines = table.splitlines()
        self.assertEqual(lines[0], "address,node,form,amount,state,since")
        self.assertIn(f"nurse@localhost,{NODE},chat,short,subscribed,", table)
        self.assertEqual(len(lines), 3)
        file = self.folder / "readers.csv"
        file.write_text(table + f"romeo@localhost,{NODE},chat,full\nnobody,nowhere\n")
        outcome = await self.broadsheet.command("readers import", str(file))
        self.assertEqual(outcome.code, 1)
        self.assertEqual(outcome.output, "1 subscribed, 2 were there, 1 refused.\n")
        self.assertIn("nobody,nowhere: ", outcome.errors)
        (romeo,) = await self.online("romeo")
        mark = romeo.mark
        await self.publish(benvolio, "2026-04")
        await romeo.answer(CONTACT, "The Verona Dispatch", since=mark)
        listed = await self.told("readers list", "--json")
        readers = [json.loads(line) for line in listed.splitlines()]
        self.assertEqual({each["node"] for each in readers}, {NODE})
        self.assertEqual(len(readers), 3)
        self.assertIn("3 readers", await self.told("readers"))

    async def test_who_is_blocked_gets_nothing_and_can_not_come_back(self) -> None:
        benvolio, juliet, nurse = await self.open("juliet", "nurse")
        for person in (juliet, nurse):
            await person.subscribe(COMPONENT, NODE)
        said = await self.told("readers block", "juliet@localhost")
        self.assertIn("juliet@localhost is blocked at 3 nodes; 1 subscription has ended.", said)
        with self.assertRaises(IqError) as refusal:
            await juliet.subscribe(COMPONENT, NODE)
        self.assertIn("forbidden", errors_in(refusal.exception))
        await self.publish(benvolio, "2026-04")
        await self.delivered(benvolio, "2026-04")
        await nurse.event(NODE, "2026-04")
        self.assertEqual(self.events(juliet), [])
        said = await self.told("readers unblock", "juliet@localhost", "--json")
        self.assertEqual(json.loads(said)["ended"], 0)
        await juliet.subscribe(COMPONENT, NODE)

    async def test_nodes_and_status_for_programs(self) -> None:
        _, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        nodes = [json.loads(line) for line in (await self.told("nodes", "--json")).splitlines()]
        self.assertEqual([each["node"] for each in nodes], ["dispatch-de", NODE, "dispatch-fr"])
        self.assertEqual([each["subscribers"] for each in nodes], [0, 1, 0])
        table = (await self.told("nodes")).splitlines()
        self.assertEqual(table[0].split()[:3], ["node", "newsletter", "subscribers"])
        self.assertEqual(len(table), 4)
        # Titles of nodes made over the wire are anybody's.
        with contextlib.closing(sqlite3.connect(self.broadsheet.folder / "broadsheet.sqlite")) as store, store:
            store.execute("UPDATE node SET title = ? WHERE name = ?", ("Verona\x1b[2J\n\u202efree", NODE))
        table = await self.told("nodes")
        self.assertEqual(len(table.splitlines()), 4)
        self.assertFalse([letter for letter in ("\x1b", "\u202e") if letter in table])
        self.assertIn("Verona\ufffd[2J | \ufffdfree", table)
        status = json.loads(await self.told("status", "--json"))
        self.assertTrue(status["isConnected"])
        self.assertEqual([each["isJoined"] for each in status["rooms"]], [True])
        self.assertEqual(status["deliveries"], [])
        self.assertNotIn("\x1b", await self.told("status"))
        found = json.loads(await self.told("verify", "--json"))
        self.assertEqual((found["subscriptions"], found["findings"]), (1, []))

    async def test_what_people_are_told_in_words_programs_are_told_in_json(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        asked = await self.broadsheet.command("publish", "2026-04", "--json")
        if asked.code:
            # Questions are for people; a program agrees beforehand.
            self.assertEqual(self.lines(asked.output)[-1]["kind"], "question")
            asked = await self.broadsheet.command("publish", "2026-04", "--json", "--yes")
        self.assertEqual(asked.code, 0, asked.output)
        self.assertEqual(self.lines(asked.output)[-1]["kind"], "done")
        await self.delivered(benvolio, "2026-04")

        issues = {each["issue"]: each for each in await self.facts("issues")}
        editions = {each["language"]: each for each in issues["2026-04-05-dispatch"]["editions"]}
        self.assertIn("publishedAt", editions["en"])
        self.assertNotIn("publishedAt", {**issues["2026-05-05-dispatch"]["editions"][0]})
        readers = {each["node"]: each for each in await self.facts("readers count")}
        self.assertEqual((readers[NODE]["subscribed"], readers[NODE]["forms"]), (1, {"event": 1}))
        log = await self.facts("log")
        self.assertEqual((log[0]["line"].split()[0], log[0]["outcome"]), ("publish", "done"))
        deliveries = {each["node"]: each for each in await self.facts("deliveries")}
        self.assertEqual((deliveries[NODE]["sent"], deliveries[NODE]["state"]), (1, "finished"))
        self.assertIn("endedAt", deliveries[NODE])
        table = (await self.told("deliveries", "--last", "1")).splitlines()
        self.assertEqual((table[0].split()[0], len(table)), ("item", 2))

        for words in (("show", "2026-04"), ("diff", "2026-04"), ("reload",), ("news", "list")):
            (answer,) = await self.facts(*words)
            self.assertEqual(set(answer), {"kind", "text"}, words)
        refused = await self.broadsheet.command("hold", "2026-04", "--json")
        self.assertEqual(refused.code, 1)
        self.assertIn(self.lines(refused.output)[-1]["kind"], ("refused", "failed"))
        backup = str(self.folder / "backup.sqlite")
        self.assertEqual((await self.facts("backup", backup))[0]["subscriptions"], 1)
        page = str(self.folder / "report.html")
        self.assertEqual(await self.facts("report", page), [{"deliveries": len(deliveries), "file": page}])

    async def facts(self, *words: str) -> list[dict]:
        return self.lines(await self.told(*words, "--json"))

    @staticmethod
    def lines(text: str) -> list[dict]:
        return [json.loads(line) for line in text.splitlines()]

    async def test_status_is_watched_and_told_anew_when_it_changes(self) -> None:
        _, juliet = await self.open("juliet")
        process = await asyncio.create_subprocess_exec(
            str(self.broadsheet.binary), "status", "--watch", "--interval", "0.1",
            "--config", str(self.broadsheet.configuration),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            await self.line(process, "Connected to")
            await self.line(process, f"{NODE}: 0 readers")
            await juliet.subscribe(COMPONENT, NODE)
            await self.line(process, f"{NODE}: 1 readers")
            self.broadsheet.stop(30)
            # Nobody is there to be asked, and that is no status.
            self.assertEqual(await asyncio.wait_for(process.wait(), PATIENCE), 1)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def line(self, process: asyncio.subprocess.Process, beginning: str) -> None:
        while not (line := await asyncio.wait_for(process.stdout.readline(), PATIENCE)).startswith(
            beginning.encode()
        ):
            self.assertTrue(line, f"it ended without {beginning!r}")

    async def told(self, *words: str) -> str:
        outcome = await self.broadsheet.command(*words)
        self.assertEqual(outcome.code, 0, outcome.errors)
        return outcome.output


class FeedThatMoves(InteropCase):
    # ejabberd runs without PubSub here.
    only_with = (Prosody,)
    FEED = "urn:xmpp:microblog:0"
    ATOM = "http://www.w3.org/2005/Atom"

    async def test_an_existing_feed_moves_here_with_its_ids(self) -> None:
        _, juliet, romeo = await self.open("juliet", "romeo")
        feed = romeo.client["xep_0060"]
        options = romeo.client["xep_0004"].make_form(ftype="submit")
        options.add_field(var="FORM_TYPE", ftype="hidden", value="http://jabber.org/protocol/pubsub#publish-options")
        for name, value in (("access_model", "open"), ("persist_items", "true"), ("max_items", "10")):
            options.add_field(var=f"pubsub#{name}", value=value)
        for day in (3, 1, 2):
            entry = ElementTree.fromstring(
                f"<entry xmlns='{self.ATOM}'><title>Day {day}</title>"
                f"<published>2026-01-0{day}T00:00:00Z</published></entry>"
            )
            await feed.publish(None, self.FEED, id=f"day-{day}", payload=entry, options=options)
        move = ("import-node", "romeo@localhost", self.FEED, "--to", NODE)
        outcome = await self.broadsheet.command(*move)
        self.assertEqual(outcome.output, "3 items were taken over, 0 were here.\n", outcome.errors)
        outcome = await self.broadsheet.command(*move, "--json")
        # This server's own nodes know no pages, so that there may be more.
        facts = {"isWhole": False, "known": 3, "taken": 0}
        self.assertEqual(json.loads(outcome.output), facts, outcome.errors)
        items = await juliet.items(COMPONENT, NODE)
        self.assertEqual([each.id for each in items], ["day-3", "day-2", "day-1"])
        outcome = await self.broadsheet.command(*move, "--redirect", "--yes")
        self.assertEqual(outcome.code, 1)
        self.assertIn("these 3 items are all", outcome.errors)
        # The node is Romeo's, and he has not made us its owner.
        outcome = await self.broadsheet.command(*move, "--redirect", "--yes", "--items", "3")
        self.assertEqual(outcome.code, 1)
        self.assertIn("romeo@localhost refuses that", outcome.errors)

    async def test_a_node_that_is_not_there_is_told(self) -> None:
        await self.open("romeo")
        outcome = await self.broadsheet.command("import-node", "romeo@localhost", "urn:nothing", "--to", NODE)
        self.assertEqual((outcome.code, outcome.output), (1, ""))
        self.assertIn("romeo@localhost refuses that", outcome.errors)
