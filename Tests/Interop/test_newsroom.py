"""The life of an issue after it was published: corrected, withdrawn, looked up; in the real room."""

import asyncio
import signal
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote

from test_commands import FormSteps
from world import COMPONENT, CONTACT, NICK, NODE, ROOM, InteropCase, IqError, Person, errors_in

ISSUE = "2026-04-05-dispatch"
TITLE = "The Verona Dispatch: March 2026"
WITHDRAWN = "has been withdrawn"


def retracted(heard) -> str | None:
    """The id of the message that this one takes back (XEP-0424), if it does."""
    found = heard.xml.find("{urn:xmpp:message-retract:1}retract")
    return None if found is None else found.get("id")


class AfterPublishing(InteropCase):
    async def published(self) -> list[Person]:
        """An issue that one PubSub reader and one chat reader have got."""
        benvolio, juliet, nurse = await self.open("juliet", "nurse")
        await juliet.subscribe(COMPONENT, NODE)
        await self.subscribed_by_chat(nurse)
        mark, room = nurse.mark, benvolio.mark
        await self.publish(benvolio, "2026-04")
        await juliet.event(NODE, ISSUE)
        await nurse.answer(CONTACT, TITLE, since=mark)
        await self.delivered(benvolio, ISSUE, since=room)
        return [benvolio, juliet, nurse]

    def change(self, before: str, after: str) -> None:
        file = self.broadsheet.issues / f"{ISSUE}.md"
        text = file.read_text()
        self.assertIn(before, text)
        file.write_text(text.replace(before, after))

    async def answered(self, editor: Person, command: str, *words: str) -> None:
        mark = editor.mark
        editor.say(ROOM, command)
        await editor.said_in_room(ROOM, NICK, *words, since=mark)

    async def test_warnings_are_asked_about_before_anything_goes_out(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        for issue in ("2026-07-05-x", "2026-08-05-x"):
            (self.broadsheet.issues / f"{issue}.md").write_text(
                f"---\ntitle: {issue}\ndate: {issue[:10]}\n---\n\n-duels\n"
            )
        await self.answered(benvolio, "!publish 2026-07", "Warnings: 1 in en.", "all the same?")
        await self.answered(benvolio, "!no", "nothing was done")
        await self.answered(benvolio, "!publish 2026-07", "all the same?")
        outcome = await self.broadsheet.command("publish", "2026-08")
        self.assertEqual(outcome.code, 1)
        self.assertIn("--yes", outcome.errors)
        self.assertEqual(await juliet.items(COMPONENT, NODE), [])
        await self.answered(benvolio, "!yes", f"{NODE}, item 2026-07-05-x")
        await juliet.event(NODE, "2026-07-05-x")
        outcome = await self.broadsheet.command("publish", "2026-08", "--yes")
        self.assertEqual(outcome.code, 0)
        await juliet.event(NODE, "2026-08-05-x")

    async def test_a_draft_is_an_item_for_the_asker_alone(self) -> None:
        benvolio, juliet = await self.open("juliet")
        # The room hides addresses, and a draft is shown to an address alone.
        await self.answered(benvolio, "!preview 2026-04 as pubsub", "direct chat")
        mark = benvolio.mark
        benvolio.write(CONTACT, "preview 2026-04 as pubsub")
        await benvolio.answer(CONTACT, f"node={NODE}-draft;item={ISSUE}", since=mark)
        (draft,) = await benvolio.items(COMPONENT, f"{NODE}-draft")
        self.assertEqual(draft.id, ISSUE)
        with self.assertRaises(IqError) as refused:
            await juliet.items(COMPONENT, f"{NODE}-draft")
        self.assertIn("item-not-found", errors_in(refused.exception))
        self.assertEqual(await juliet.items(COMPONENT, NODE), [])

    async def test_a_correction_reaches_pubsub_readers_and_with_a_note_chat_readers(self) -> None:
        benvolio, juliet, nurse = await self.published()
        (before,) = await juliet.items(COMPONENT, NODE)
        self.change("March 2026", "Corrected March 2026")
        await self.answered(benvolio, "!publish 2026-04", "“correct")
        await self.answered(benvolio, "!diff 2026-04", "Corrected")
        heard, mark, room = juliet.mark, nurse.mark, benvolio.mark
        await self.answered(benvolio, "!correct 2026-04", f"{NODE}, item {ISSUE}")
        event = await juliet.event(NODE, ISSUE, since=heard)
        self.assertIn("Corrected", event.items[0].title)
        await self.delivered(benvolio, ISSUE, since=room)
        await nurse.catch_up(COMPONENT)
        self.assertEqual(self.messages(nurse, since=mark), [])
        (after,) = await juliet.items(COMPONENT, NODE)
        for name in ("id", "published"):
            self.assertEqual(self.atom(before, name), self.atom(after, name))
        self.assertNotEqual(self.atom(before, "updated"), self.atom(after, "updated"))

        self.change("Corrected March", "Again corrected March")
        await self.answered(benvolio, "!correct 2026-04 It was April.", f"{NODE}, item {ISSUE}")
        copy = await nurse.answer(CONTACT, "It was April.", since=mark)
        self.assertEqual(copy.kind, "chat")
        await self.answered(benvolio, "!show 2026-04", "corrected by benvolio: It was April.")

    def atom(self, item, name: str) -> str:
        return item.payload.findtext(f"{{http://www.w3.org/2005/Atom}}{name}")

    async def test_withdrawn_only_after_a_yes_of_the_same_person(self) -> None:
        benvolio, juliet, nurse = await self.published()
        (tybalt,) = await self.in_room("tybalt")
        await self.answered(benvolio, "!retract 2026-04", "Withdraw", "!yes")
        await self.answered(tybalt, "!yes", "benvolio")
        await self.answered(benvolio, "!no", "nothing was done")
        self.assertEqual(len(await juliet.items(COMPONENT, NODE)), 1)

        heard, mark = juliet.mark, nurse.mark
        await self.answered(benvolio, "!retract 2026-04", "Withdraw")
        await self.answered(benvolio, f"{NICK}: 1", "Withdrawn")
        await juliet.wait_for(
            "the retraction",
            lambda each: each.node == NODE and each.retracted == [ISSUE],
            heard,
        )
        notice = await nurse.answer(CONTACT, WITHDRAWN, since=mark)
        # Clients that know retractions take the very message back that brought the issue.
        (copy,) = (
            each for each in nurse.heard if each.kind == "chat" and each.body.startswith(TITLE)
        )
        self.assertEqual(retracted(notice), copy.stanza_id)
        await self.has_no_items(juliet)
        await self.answered(benvolio, "!log", "benvolio", "retract 2026-04 – done")

    async def test_the_shell_withdraws_with_yes_and_not_without(self) -> None:
        _, juliet, _ = await self.published()
        refused = await self.broadsheet.command("retract", "2026-04")
        self.assertEqual(refused.code, 1)
        self.assertIn("--yes", refused.errors)
        self.assertEqual(len(await juliet.items(COMPONENT, NODE)), 1)
        done = await self.broadsheet.command("retract", "2026-04", "--yes")
        self.assertEqual(done.code, 0, done.errors)
        await self.has_no_items(juliet)

    async def test_readers_are_counted_and_not_named_and_roles_are_told(self) -> None:
        benvolio, _, _ = await self.published()
        mark = benvolio.mark
        await self.answered(benvolio, "!readers", NODE, "1 by PubSub", "1 in a chat")
        await self.answered(benvolio, "!who", "publisher", "benvolio")
        said = "\n".join(each.body for each in benvolio.heard[mark:] if each.nick == NICK)
        for name in ("juliet", "nurse"):
            self.assertNotIn(name, said)


class AskedByForm(FormSteps, InteropCase):
    async def test_a_form_asks_in_a_second_stage(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        mark = benvolio.mark
        await self.publish(benvolio, "2026-04")
        await self.delivered(benvolio, ISSUE, since=mark)
        bot = f"{ROOM}/{NICK}"
        for tick, left in (("0", 1), ("1", 0)):
            offered = await self.execute(benvolio, bot, "retract")
            asked = await self.submit(benvolio, offered, issue=ISSUE)
            self.assertEqual(asked["command"]["status"], "executing")
            self.assertIn("Withdraw", asked["command"]["form"]["instructions"])
            self.assertEqual(len(await juliet.items(COMPONENT, NODE)), 1)
            done = await self.submit(benvolio, asked, confirm=tick)
            self.assertEqual(done["command"]["status"], "completed")
            self.assertEqual(len(await juliet.items(COMPONENT, NODE)), left)
        # What was asked once is not to be answered twice.
        with self.assertRaises(IqError) as caught:
            await self.submit(benvolio, asked, confirm="1")
        self.assertIn("bad-sessionid", errors_in(caught.exception))


def utc(seconds: float) -> str:
    """So many seconds from now, as one writes a time to Broadsheet."""
    moment = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


class AtATime(InteropCase):
    async def test_an_issue_goes_out_at_its_time(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        mark, heard = benvolio.mark, juliet.mark
        due = utc(6)
        benvolio.say(ROOM, f"!publish 2026-04 at {due}")
        await benvolio.said_in_room(ROOM, NICK, "Scheduled:", TITLE, since=mark)
        benvolio.say(ROOM, f"!schedule 2026-04 {utc(60)}")
        await benvolio.said_in_room(ROOM, NICK, "already, by benvolio", since=mark)
        benvolio.say(ROOM, "!publish 2026-04")
        await benvolio.said_in_room(ROOM, NICK, "Nothing was published", since=mark)
        self.assertEqual(await juliet.items(COMPONENT, NODE), [])
        await juliet.event(NODE, ISSUE, since=heard)
        self.assertGreaterEqual(utc(0), due)
        await benvolio.said_in_room(ROOM, NICK, "As benvolio scheduled it", since=mark)
        self.assertEqual(len(self.events(juliet)), 1)

    async def test_a_time_that_passed_while_it_was_away_is_asked_about_once(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port, ("log:\n", "commands:\n  schedule_grace: 1\nlog:\n")
        )
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        mark = benvolio.mark
        benvolio.say(ROOM, f"!schedule 2026-04 {utc(3)}")
        await benvolio.said_in_room(ROOM, NICK, "Scheduled:", since=mark)
        self.broadsheet.process.kill9()
        await asyncio.sleep(5)
        for _ in range(2):
            self.broadsheet.start()
            await self.comes_into_room(benvolio, since=mark)
            await benvolio.said_in_room(ROOM, NICK, "time has passed", "publish", since=mark)
            self.broadsheet.stop()
        self.assertEqual(len(self.said(benvolio, "time has passed", mark)), 1)
        self.broadsheet.start()
        await self.answers_in_room(benvolio)
        await self.has_no_items(juliet)
        heard = juliet.mark
        benvolio.say(ROOM, "!publish 2026-04 now")
        await juliet.event(NODE, ISSUE, since=heard)

    def said(self, person: Person, words: str, since: int) -> list:
        return [
            each
            for each in person.heard[since:]
            if each.nick == NICK and each.body and words in each.body
        ]


class Approved(InteropCase):
    async def test_an_issue_waits_for_approvals_by_words_and_signs(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("    title:", "    approvals: 1\n    four_eyes: true\n    title:"),
        )
        benvolio, juliet = await self.open("juliet")
        (mercutio,) = await self.in_room("mercutio")
        await juliet.subscribe(COMPONENT, NODE)
        mark, heard = benvolio.mark, juliet.mark
        benvolio.say(ROOM, "!approve 2026-04")
        answer = await benvolio.said_in_room(ROOM, NICK, "approv", since=mark)
        mark = benvolio.mark
        benvolio.say(ROOM, "!publish 2026-04")
        await benvolio.said_in_room(ROOM, NICK, "nobody yet; 1 more is needed", since=mark)
        if "direct chat" in answer.body:
            self.skipTest("this server's rooms hide who people are, so they can't approve there")
        self.assertIn("benvolio approves", answer.body)
        benvolio.say(ROOM, "!check 2026-04")
        asked = await benvolio.said_in_room(ROOM, NICK, "this message", since=mark)
        given = asked.xml.find("{urn:xmpp:sid:0}stanza-id")
        if given is None:
            mercutio.say(ROOM, "!approve 2026-04")
        else:
            mercutio.react(ROOM, given.get("id"), "👍")
        await benvolio.said_in_room(ROOM, NICK, "mercutio approves", since=mark)
        benvolio.say(ROOM, "!publish 2026-04")
        await juliet.event(NODE, ISSUE, since=heard)


class AroundAnIssue(InteropCase):
    async def test_files_are_fetched_translations_offered_and_issues_announced(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port,
            (
                "    title:",
                f"    refresh: [cp, {ISSUE}.md, 2026-06-05-dispatch.md]\n    title:",
            ),
        )
        text = self.broadsheet.configuration.read_text()
        self.broadsheet.configuration.write_text(
            text.replace("    roles:", "    announce: [dispatch]\n    roles:")
        )
        (benvolio,) = await self.open()
        await self.answered(benvolio, "!refresh", "new: 2026-06-05-dispatch.md.")
        await self.answered(benvolio, "!refresh", "nothing has changed")
        await self.answered(benvolio, "!translations 2026-06", "- de: none")
        mark = benvolio.mark
        source = self.broadsheet.issues / f"{ISSUE}.de.md"
        (self.broadsheet.issues / "2026-06-05-dispatch.de.md").write_bytes(source.read_bytes())
        await benvolio.said_in_room(ROOM, NICK, "New: 2026-06-05-dispatch.de.md", since=mark)
        await self.answered(benvolio, "!announce 2026-04", "is not published")
        await self.publish(benvolio, "2026-04")
        await self.answered(benvolio, "!announce 2026-04", "Announced in", "of 500", "of 300")
        await benvolio.said_in_room(ROOM, NICK, TITLE, "dispatch.verona.example", since=mark)
        await self.answered(benvolio, "!announce 2026-04", "knows since")

    async def test_an_announcement_is_taken_back_with_its_issue(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port, ("    roles:", "    announce: [dispatch]\n    roles:")
        )
        (benvolio,) = await self.open()
        await self.publish(benvolio, "2026-04")
        mark = benvolio.mark
        await self.answered(benvolio, "!announce 2026-04", "Announced in")
        said = await benvolio.said_in_room(ROOM, NICK, TITLE, "Read online", since=mark)
        given = said.xml.find("{urn:xmpp:sid:0}stanza-id")
        # What the room has called the message is known after a restart too; that it was heard of is
        # sure once something has been that was said later.
        await self.answers_in_room(benvolio)
        await asyncio.to_thread(self.broadsheet.stop)
        self.broadsheet.start()
        await self.answers_in_room(benvolio)
        mark = benvolio.mark
        await self.answered(benvolio, "!retract 2026-04", "Withdraw")
        await self.answered(benvolio, "!yes", f"Taken back in {ROOM}")
        notice = await benvolio.said_in_room(ROOM, NICK, WITHDRAWN, since=mark)
        self.assertEqual(retracted(notice), None if given is None else given.get("id"))

    async def test_a_room_that_refuses_an_announcement_is_told_of_in_the_newsroom(self) -> None:
        square = ROOM.replace("comm-team", "square")
        self.broadsheet.write_configuration(
            self.server.component_port,
            (
                "people:\n",
                f"  - jid: {square}\n    nick: {NICK}\n    newsletters: []\n    announce: [dispatch]\npeople:\n",
            ),
        )
        (benvolio,) = await self.in_room("benvolio")
        await benvolio.join(square, "benvolio")
        await benvolio.configure(square, moderatedroom="1", members_by_default="0")
        self.broadsheet.start()
        await self.comes_into_room(benvolio)
        await benvolio.sees(f"{square}/{NICK}")
        await self.publish(benvolio, "2026-04")
        mark = benvolio.mark
        # The shell has its answer before the room has.
        outcome = await self.broadsheet.command("announce", "2026-04")
        self.assertIn(f"Announced in {square}.\nIf one of them does not take it", outcome.output)
        await benvolio.said_in_room(
            ROOM, NICK, f"{square} did not take the announcement of {ISSUE}, en:", since=mark
        )
        await self.answered(benvolio, "!status 2026-04", f"not announced in {square}, en:")
        await benvolio.give_voice(square, NICK)
        mark = benvolio.mark
        await self.answered(benvolio, "!announce 2026-04", f"Announced in {square}")
        await benvolio.said_in_room(square, NICK, TITLE, "Read online", since=mark)
        await self.answered(benvolio, "!announce 2026-04", "knows since")

    async def test_an_announcement_that_no_room_has_answered_is_left_to_the_newsroom(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port, ("    roles:", "    announce: [dispatch]\n    roles:")
        )
        (benvolio,) = await self.open()
        await self.publish(benvolio, "2026-04")
        # The server stands still, so that no room can answer before we are killed.
        self.server.signal(signal.SIGSTOP)
        try:
            outcome = await self.broadsheet.command("announce", "2026-04")
            self.assertIn(f"Announced in {ROOM}", outcome.output)
            self.broadsheet.process.kill9()
        finally:
            self.server.signal(signal.SIGCONT)
        mark = benvolio.mark
        self.broadsheet.start()
        doubt = f"It is not known whether {ROOM} heard of {ISSUE}, en"
        await benvolio.said_in_room(ROOM, NICK, doubt, since=mark)
        await self.answered(benvolio, "!status 2026-04", f"perhaps announced in {ROOM}, en")
        await self.answered(benvolio, "!announce 2026-04", f"Announced in {ROOM}")
        await self.answered(benvolio, "!announce 2026-04", "knows since")
        said = [each.body for each in benvolio.heard[mark:] if doubt in (each.body or "")]
        self.assertEqual(len(said), 1)

    async def test_a_draft_is_a_page_where_the_operator_wants_it(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port,
            (
                "    title:",
                "    site: {drafts_output: drafts, drafts_web: https://drafts.example/}\n    title:",
            ),
        )
        (benvolio,) = await self.open()
        mark = benvolio.mark
        benvolio.say(ROOM, "!preview 2026-04 de as web")
        heard = await benvolio.said_in_room(ROOM, NICK, "https://drafts.example/de/", since=mark)
        path = unquote(heard.body.rpartition("https://drafts.example/")[2])
        drafts = self.broadsheet.configuration.parent / "drafts"
        self.assertIn("Veron", (drafts / path / "index.html").read_text())
        # The room's answers are in the language of who asks.
        mark = benvolio.mark
        message = benvolio.client.make_message(ROOM, "!preview 2027 as web", mtype="groupchat")
        message["lang"] = "fr"
        message.send()
        await benvolio.said_in_room(ROOM, NICK, "Il n’y a pas d’aperçu.", since=mark)

    async def answered(self, editor: Person, command: str, *words: str) -> None:
        mark = editor.mark
        editor.say(ROOM, command)
        await editor.said_in_room(ROOM, NICK, *words, since=mark)


class InOtherLanguages(InteropCase):
    async def test_the_room_hears_its_own_language_and_who_asks_theirs(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port, ("    roles:", "    language: fr\n    roles:")
        )
        (benvolio,) = await self.in_room("benvolio")
        (juliet,) = await self.online("juliet")
        self.broadsheet.start()

        async def is_in() -> bool:
            return "We are in the room" in (await self.broadsheet.command("status")).output

        await self.until(is_in, "Broadsheet to be in the room")
        await juliet.subscribe(COMPONENT, NODE)
        mark = benvolio.mark
        # The client says English of itself; what nobody asked for is in the room's language.
        benvolio.say(ROOM, "!publish 2026-04")
        await benvolio.said_in_room(ROOM, NICK, "Publishing", f"item {ISSUE}", since=mark)
        await benvolio.said_in_room(ROOM, NICK, "Terminé :", f"1 abonné de {NODE}", since=mark)
        message = benvolio.client.make_message(ROOM, "!status", mtype="groupchat")
        message["lang"] = "es"
        message.send()
        await benvolio.said_in_room(ROOM, NICK, "En conexión con", "Estamos en la sala", since=mark)


class OnTheWay(InteropCase):
    async def test_one_message_says_how_far_a_slow_delivery_is(self) -> None:
        slow = "delivery:\n  pace: 1\n  batch_size: 1\n  window: 1\n"
        often = "commands:\n  progress_interval: 1\n"
        self.broadsheet.write_configuration(
            self.server.component_port, ("log:\n", f"{slow}{often}log:\n")
        )
        benvolio, *readers = await self.open("juliet", "nurse", "mercutio", "tybalt")
        for reader in readers:
            await reader.subscribe(COMPONENT, NODE)
        mark = benvolio.mark
        await self.publish(benvolio, "2026-04")
        await self.delivered(benvolio, ISSUE, since=mark)
        said = [
            each
            for each in benvolio.heard[mark:]
            if each.nick == NICK and each.kind == "groupchat" and f"of {NODE}" in each.body
        ]
        self.assertIn("On its way", said[0].body)
        self.assertIn("Done", said[-1].body)
        self.assertEqual([each.corrects for each in said], [False] + [True] * (len(said) - 1))

    async def test_a_delivery_is_held_goes_on_and_is_ended_for_good(self) -> None:
        slow = "delivery:\n  pace: 1\n  batch_size: 1\n  window: 1\n"
        self.broadsheet.write_configuration(
            self.server.component_port, ("log:\n", f"{slow}log:\n")
        )
        (benvolio,) = await self.open()
        # So many that it goes on for minutes; none of them is there.
        crowd = self.folder / "crowd.csv"
        crowd.write_text("".join(f"p{n}@localhost,{NODE},chat,short\n" for n in range(300)))
        outcome = await self.broadsheet.command("readers import", str(crowd))
        self.assertEqual(outcome.code, 0, outcome.errors)
        await self.publish(benvolio, "2026-04")
        for command, words in (
            ("!hold 2026-04", (f"{ISSUE} to {NODE}: held", "of 300 readers")),
            ("!status", ("Held: ", ISSUE)),
            ("!status 2026-04", ("publishing", "Held: ")),
            ("!retract 2026-04", ("Withdraw",)),
            ("!no", ("nothing was done",)),
            ("!resume", (f"{ISSUE} to {NODE}: goes on",)),
            ("!cancel 2026-04", ("for good?", "300 readers")),
            ("!yes", (f"{ISSUE} to {NODE}: cancelled",)),
            ("!status 2026-04", ("published", "Cancelled: ", "of 300 readers")),
            ("!hold 2026-04", ("No delivery",)),
        ):
            mark = benvolio.mark
            benvolio.say(ROOM, command)
            if command == "!yes":
                # Deliveries without readers end meanwhile, and each makes it another question.
                for _ in range(10):
                    answer = await benvolio.said_in_room(ROOM, NICK, f"{ISSUE} to {NODE}", since=mark)
                    if "for good?" not in answer.body:
                        break
                    mark = benvolio.mark
                    benvolio.say(ROOM, command)
            await benvolio.said_in_room(ROOM, NICK, *words, since=mark)

    async def test_a_command_gets_a_sign_where_the_room_gives_ids(self) -> None:
        (benvolio,) = await self.open()
        mark = benvolio.mark
        benvolio.say(ROOM, "!issues all")
        own = await benvolio.said_in_room(ROOM, "benvolio", "!issues", since=mark)
        await benvolio.said_in_room(ROOM, NICK, ISSUE, since=mark)
        given = own.xml.find("{urn:xmpp:sid:0}stanza-id")
        if given is None:
            self.skipTest("this server's rooms give messages no ids")

        def is_sign(heard) -> bool:
            if heard.xml is None:
                return False
            reactions = heard.xml.find("{urn:xmpp:reactions:0}reactions")
            return reactions is not None and reactions.get("id") == given.get("id")

        sign = await benvolio.wait_for("the sign", is_sign, mark)
        self.assertEqual(sign.nick, NICK)
