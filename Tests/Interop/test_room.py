"""Editors give commands in the Comm-Team room (XEP-0045), readers write to the contact."""

import asyncio
import shutil

from world import BROKEN, COMPONENT, CONTACT, NICK, NODE, ROOM, STATUS, InteropCase

TITLE = "The Verona Dispatch: March 2026"
NEXT_TITLE = "The Verona Dispatch: April 2026"


class Publishing(InteropCase):
    async def test_one_command_reaches_pubsub_and_chat_readers(self) -> None:
        benvolio, juliet, nurse = await self.open("juliet", "nurse")
        await juliet.subscribe(COMPONENT, NODE)
        await self.subscribed_by_chat(nurse)
        mark = nurse.mark
        await self.publish(benvolio, "2026-04")
        event = await juliet.event(NODE, "2026-04-05-dispatch")
        self.assertEqual(event.items[0].title, TITLE)
        copy = await nurse.answer(CONTACT, TITLE, since=mark)
        self.assertEqual(copy.kind, "chat")

    async def test_published_by_two_at_once_it_goes_out_once(self) -> None:
        benvolio, juliet, nurse = await self.open("juliet", "nurse")
        await juliet.subscribe(COMPONENT, NODE)
        await self.subscribed_by_chat(nurse)
        mark = nurse.mark
        shell = asyncio.ensure_future(self.broadsheet.command("publish", "2026-04"))
        for _ in range(3):
            benvolio.say(ROOM, "!publish 2026-04")
        await shell
        # Commands are answered one after the other, so this one is the last.
        await self.publish(benvolio, "2026-05")
        await juliet.event(NODE, "2026-05")
        await nurse.answer(CONTACT, NEXT_TITLE, since=mark)
        for person in (juliet, nurse):
            await person.catch_up(COMPONENT)
        ids = [each.id for each in self.events(juliet)]
        self.assertEqual(ids, ["2026-04-05-dispatch", "2026-05-05-dispatch"])
        self.assertEqual(len(self.messages(nurse, since=mark)), 2)

    async def test_an_unchanged_issue_is_not_published_again(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        await self.publish(benvolio, "2026-04")
        await juliet.event(NODE, "2026-04")
        mark, heard = benvolio.mark, juliet.mark
        benvolio.say(ROOM, "!publish 2026-04")
        await benvolio.said_in_room(ROOM, NICK, "already", since=mark)
        await self.publish(benvolio, "2026-05")
        await juliet.event(NODE, "2026-05", since=heard)
        await juliet.catch_up(COMPONENT)
        ids = [each.id for each in self.events(juliet, since=heard)]
        self.assertEqual(ids, ["2026-05-05-dispatch"])


class Rights(InteropCase):
    async def test_a_visitor_is_refused_politely_and_nothing_happens(self) -> None:
        _, tybalt, juliet = await self.open("tybalt", "juliet")
        await tybalt.join(ROOM, "tybalt")
        mark = tybalt.mark
        tybalt.say(ROOM, "!publish 2026-04")
        await self.refused(tybalt, since=mark)
        await self.has_no_items(juliet)

    async def test_the_nick_of_a_publisher_gives_no_right(self) -> None:
        benvolio, tybalt, juliet = await self.open("tybalt", "juliet")
        await benvolio.logout()
        await tybalt.join(ROOM, "benvolio")
        mark = tybalt.mark
        tybalt.say(ROOM, "!publish 2026-04")
        await self.refused(tybalt, since=mark)
        await self.has_no_items(juliet)

    async def test_an_editor_may_look_but_not_publish(self) -> None:
        _, mercutio, juliet = await self.open("mercutio", "juliet")
        await mercutio.join(ROOM, "mercutio")
        mark = mercutio.mark
        mercutio.say(ROOM, "!preview 2026-04")
        await mercutio.wait_for(
            "a preview",
            lambda heard: heard.sender.startswith(f"{ROOM}/{NICK}") and TITLE in heard.body,
            mark,
        )
        mercutio.say(ROOM, "!publish 2026-04")
        await self.refused(mercutio, since=mark)
        await self.has_no_items(juliet)

    async def test_what_was_said_before_it_came_is_no_command(self) -> None:
        (benvolio,) = await self.in_room("benvolio")
        benvolio.say(ROOM, "!publish 2026-04")
        await benvolio.said_in_room(ROOM, "benvolio", "!publish")
        self.broadsheet.start()
        # A command given later is answered: an earlier one would have been obeyed by now.
        await self.comes_into_room(benvolio)
        await self.has_no_items(benvolio)


class BadInput(InteropCase):
    async def test_a_name_that_fits_several_issues_gets_the_candidates(self) -> None:
        (benvolio,) = await self.open()
        mark = benvolio.mark
        benvolio.say(ROOM, "!publish 2026")
        await benvolio.said_in_room(
            ROOM, NICK, "2026-03-05-dispatch", "2026-04-05-dispatch", since=mark
        )
        await self.has_no_items(benvolio)

    async def test_a_name_that_fits_none_is_explained(self) -> None:
        (benvolio,) = await self.open()
        mark = benvolio.mark
        benvolio.say(ROOM, "!publish 1597-01")
        await benvolio.said_in_room(ROOM, NICK, "1597-01", since=mark)

    async def test_a_broken_issue_is_refused_with_its_place(self) -> None:
        for file in BROKEN.iterdir():
            shutil.copy(file, self.broadsheet.issues)
        (benvolio,) = await self.open()
        for name in ("01-06", "01-07", "01-08", "01-09", "01-10"):
            mark = benvolio.mark
            benvolio.say(ROOM, f"!publish 2026-{name}")
            await benvolio.said_in_room(ROOM, NICK, f"2026-{name}", ".md:", since=mark)
        await self.has_no_items(benvolio)
        await self.publish(benvolio, "2026-04")


class Presence(InteropCase):
    async def test_kicked_it_comes_back(self) -> None:
        (benvolio,) = await self.open()
        mark = benvolio.mark
        await benvolio.kick(ROOM, NICK)
        await benvolio.wait_for(
            "the kick",
            lambda heard: heard.sender == f"{ROOM}/{NICK}" and not heard.available,
            mark,
        )
        await self.comes_into_room(benvolio, since=mark)
        await self.publish(benvolio, "2026-04")

    async def test_help_issues_and_status_answer(self) -> None:
        (benvolio,) = await self.open()
        for command, word in (("help", "publish"), ("issues", "2026-04-05-dispatch"), ("status", STATUS)):
            mark = benvolio.mark
            benvolio.say(ROOM, f"!{command}")
            await benvolio.said_in_room(ROOM, NICK, word, since=mark)


class ReadersByChat(InteropCase):
    async def test_a_reader_gets_help_subscribes_reads_and_leaves(self) -> None:
        benvolio, nurse, juliet = await self.open("nurse", "juliet")
        await juliet.subscribe(COMPONENT, NODE)
        nurse.write(CONTACT, "help")
        await nurse.answer(CONTACT, "subscribe", "latest")
        await self.subscribed_by_chat(nurse)
        await self.publish(benvolio, "2026-04")
        await nurse.answer(CONTACT, TITLE)
        mark = nurse.mark
        nurse.write(CONTACT, "latest")
        await nurse.answer(CONTACT, TITLE, since=mark)
        mark = nurse.mark
        nurse.write(CONTACT, "unsubscribe")
        await nurse.answer(CONTACT, since=mark)
        mark = nurse.mark
        await self.publish(benvolio, "2026-05")
        await juliet.event(NODE, "2026-05")
        await self.delivered(benvolio, "2026-05")
        await nurse.catch_up(COMPONENT)
        self.assertEqual(self.messages(nurse, since=mark), [])

    async def test_a_reader_chooses_a_language(self) -> None:
        benvolio, nurse = await self.open("nurse")
        await self.subscribed_by_chat(nurse, "subscribe de")
        await self.publish(benvolio, "2026-04")
        await nurse.answer(CONTACT, "Veroneser Depesche: März 2026")

    async def test_the_domain_answers_too(self) -> None:
        _, nurse = await self.open("nurse")
        nurse.write(COMPONENT, "help")
        await nurse.answer(COMPONENT, "subscribe")

    async def test_a_reader_who_was_away_finds_the_issue(self) -> None:
        benvolio, romeo = await self.open("romeo")
        await self.subscribed_by_chat(romeo)
        await romeo.logout()
        await self.publish(benvolio, "2026-04")
        await self.delivered(benvolio, "2026-04")
        mark = romeo.mark
        await romeo.login()
        copy = await romeo.answer(CONTACT, TITLE, since=mark)
        self.assertTrue(copy.delayed)
