"""News are collected in the real room, and become the draft of the next issue."""

from xml.etree import ElementTree

from world import NICK, ROOM, InteropCase, NothingHeard, Person

DRAFT = "2027-01-05-dispatch.md"


class Collecting(InteropCase):
    async def answered(self, editor: Person, command: str, *words: str) -> None:
        mark = editor.mark
        editor.say(ROOM, command)
        await editor.said_in_room(ROOM, NICK, *words, since=mark)

    async def test_what_is_collected_is_in_the_draft_and_the_draft_an_issue(self) -> None:
        (benvolio,) = await self.open()
        await self.answered(
            benvolio, "!news clients https://ladder.example/2 Ladder 2 is out", "Collected as #1"
        )
        await self.answered(benvolio, "!news http://ladder.example/2/ Again", "there already: #1")
        await self.answered(benvolio, "!news list", "#1", "Ladder 2 is out")
        await self.answered(benvolio, "!draft 2027-01-05", DRAFT, "1 item")
        text = (self.broadsheet.issues / DRAFT).read_text()
        self.assertIn("- [Ladder 2 is out](https://ladder.example/2)\n", text)
        self.assertIn("benvolio", text)
        await self.answered(benvolio, "!draft 2027-01-05", "There is an issue")
        self.assertEqual((self.broadsheet.issues / DRAFT).read_text(), text)
        await self.answered(benvolio, "!issues", "2027-01-05-dispatch")
        log = await self.broadsheet.command("log")
        self.assertIn("draft 2027-01-05 – done", log.output)
        shell = await self.broadsheet.command("news", "list")
        self.assertIn("nothing is collected yet", shell.output)

    async def test_an_editors_sign_collects_a_message_and_nobody_elses(self) -> None:
        (benvolio,) = await self.open()
        (tybalt,) = await self.in_room("tybalt")
        mark = benvolio.mark
        tybalt.say(ROOM, "Look, the gate is open: https://gate.example/")
        told = await benvolio.said_in_room(ROOM, "tybalt", "gate.example", since=mark)
        given = told.xml.find("{urn:xmpp:sid:0}stanza-id")
        if given is None:
            self.skipTest("this server's rooms give messages no ids")
        self.react(tybalt, given.get("id"))
        with self.assertRaises(NothingHeard):
            await benvolio.said_in_room(ROOM, NICK, "Collected", since=mark, seconds=1)
        self.react(benvolio, given.get("id"))
        await benvolio.said_in_room(ROOM, NICK, "Collected as #1", since=mark)
        await self.answered(benvolio, "!news list", "https://gate.example/", "(tybalt, ")

    def react(self, person: Person, message: str) -> None:
        stanza = person.client.make_message(mto=ROOM, mtype="groupchat")
        stanza.append(
            ElementTree.fromstring(
                f"<reactions xmlns='urn:xmpp:reactions:0' id='{message}'>"
                "<reaction>📰</reaction></reactions>"
            )
        )
        stanza.send()
