"""Rooms of every kind (XEP-0045 §4.2): how Broadsheet gets in, who may do what there, and how it is
told when it can't; several rooms with several newsletters."""

import asyncio

from world import COMPONENT, CONTACT, NICK, NODE, ROOM, InteropCase, Person

ISSUE = "2026-04-05-dispatch"
OTHER_ROOM = ROOM.replace("comm-team", "gazette-team")


class KindsOfRooms(InteropCase):
    async def the_room_is(self, **settings: str) -> Person:
        """Its owner, who has made it so, sits in it; Broadsheet does not run yet."""
        (benvolio,) = await self.in_room("benvolio")
        await benvolio.configure(ROOM, **settings)
        return benvolio

    async def status_says(self, *words: str) -> None:
        """In the shell, since outside the room it has nobody to tell."""

        async def is_so() -> bool:
            outcome = await self.broadsheet.command("status")
            return all(word in outcome.output for word in words)

        await self.until(is_so, f"{words} in the status", 120)

    async def begins_again(self, editor: Person) -> None:
        """Started anew, since what somebody has to mend is not tried again for a while."""
        await asyncio.to_thread(self.broadsheet.stop)
        mark = editor.mark
        self.broadsheet.start()
        await self.comes_into_room(editor, since=mark)

    async def answered(self, person: Person, command: str, *words: str, nick: str = NICK) -> None:
        mark = person.mark
        person.say(ROOM, command)
        await person.said_in_room(ROOM, nick, *words, since=mark)

    async def test_members_only_it_needs_to_be_one(self) -> None:
        benvolio = await self.the_room_is(membersonly="1")
        self.broadsheet.start()
        await self.status_says("for members only", "make the newsletter's address a member")
        await benvolio.affiliate(ROOM, CONTACT, "member")
        await self.begins_again(benvolio)
        await self.publish(benvolio, "2026-04")
        await benvolio.affiliate(ROOM, CONTACT, "none")
        await self.status_says("members only and we are none any more")

    async def test_moderated_it_says_that_it_lacks_a_voice_until_it_has_one(self) -> None:
        benvolio = await self.the_room_is(moderatedroom="1", members_by_default="0")
        self.broadsheet.start()
        await benvolio.sees(f"{ROOM}/{NICK}")
        (mercutio,) = await self.in_room("mercutio")

        async def is_told() -> bool:
            benvolio.say(ROOM, "!issues")
            await asyncio.sleep(0.5)
            return "We may not speak in the room" in self.broadsheet.process.log_text()

        await self.until(is_told, "the lack of a voice in the log", 120)
        await benvolio.give_voice(ROOM, NICK)
        await self.answers_in_room(benvolio)
        await self.answered(mercutio, "!issues", ISSUE)
        await self.publish(benvolio, "2026-04")

    async def test_non_anonymous_an_address_gives_its_rights_and_semi_anonymous_not(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("people:\n", "people:\n  tybalt@localhost: publisher\n"),
        )
        benvolio = await self.the_room_is(whois="moderators")
        (tybalt,) = await self.in_room("tybalt")
        self.broadsheet.start()
        await self.comes_into_room(benvolio)
        mark = tybalt.mark
        tybalt.say(ROOM, "!publish 2026-04")
        await self.refused(tybalt, since=mark)
        await self.has_no_items(benvolio)
        await benvolio.configure(ROOM, whois="anyone")
        # Who is there already is shown with their address when they come again.
        await tybalt.logout()
        (tybalt,) = await self.in_room("tybalt")
        await self.begins_again(benvolio)
        await self.publish(tybalt, "2026-04")
        await self.answered(benvolio, "!preview 2026-05 as pubsub", f"{NODE}-draft")

    async def test_a_password_is_needed_and_given(self) -> None:
        benvolio = await self.the_room_is(
            passwordprotectedroom="1", roomsecret="mantua", changesubject="1"
        )
        self.broadsheet.start()
        await self.status_says("wants another password")
        await asyncio.to_thread(self.broadsheet.stop)
        self.broadsheet.write_configuration(
            self.server.component_port,
            (f"    nick: {NICK}\n", f"    nick: {NICK}\n    password: mantua\n"),
        )
        self.broadsheet.start()
        await self.comes_into_room(benvolio)
        await self.publish(benvolio, "2026-04")

    async def test_a_taken_nick_is_replaced_and_taken_back_once_it_is_free(self) -> None:
        (benvolio,) = await self.in_room("benvolio")
        (tybalt,) = await self.online("tybalt")
        await tybalt.join(ROOM, NICK)
        self.broadsheet.start()
        await benvolio.sees(f"{ROOM}/{NICK}_")
        await self.answered(benvolio, "!status", "connected", nick=f"{NICK}_")
        await self.answered(benvolio, f"{NICK}_: issues", ISSUE, nick=f"{NICK}_")
        mark = benvolio.mark
        tybalt.leave(ROOM)
        await self.comes_into_room(benvolio, since=mark)
        await self.publish(benvolio, "2026-04")

    async def test_banned_it_says_so_and_comes_when_that_is_lifted(self) -> None:
        (benvolio,) = await self.open()
        await benvolio.affiliate(ROOM, CONTACT, "outcast")
        await self.status_says("We were banned from the room", "lift the ban")
        await asyncio.to_thread(self.broadsheet.stop)
        self.broadsheet.start()
        await self.status_says("We are banned from the room (forbidden)")
        await benvolio.affiliate(ROOM, CONTACT, "none")
        await asyncio.to_thread(self.broadsheet.stop)
        mark = benvolio.mark
        self.broadsheet.start()
        await benvolio.sees(f"{ROOM}/{NICK}", since=mark)
        # ejabberd lets in who was banned, but without a voice.
        await benvolio.give_voice(ROOM, NICK)
        await self.answers_in_room(benvolio)
        await self.publish(benvolio, "2026-04")

    async def test_a_destroyed_room_is_told_with_its_successor(self) -> None:
        (benvolio,) = await self.open()
        await benvolio.destroy(ROOM, "We have moved.", OTHER_ROOM)
        await self.status_says("The room was destroyed", "We have moved.", OTHER_ROOM)
        # The newsletter goes on without it.
        outcome = await self.broadsheet.command("publish", "2026-04", "--yes")
        self.assertEqual(outcome.code, 0, outcome.errors)
        self.assertEqual(len(await benvolio.items(COMPONENT, NODE)), 1)

    async def test_after_a_restart_of_the_server_it_is_back_with_the_same_rights(self) -> None:
        (benvolio,) = await self.open()
        await benvolio.logout()
        await asyncio.to_thread(self.server.restart)
        benvolio, tybalt = await self.in_room("benvolio", "tybalt")
        await self.answers_in_room(benvolio)
        mark = tybalt.mark
        tybalt.say(ROOM, "!publish 2026-04")
        await self.refused(tybalt, since=mark)
        await self.publish(benvolio, "2026-04")


class SeveralRooms(InteropCase):
    """Two newsletters, each with its own room and team."""

    GAZETTE = """\
  gazette:
    title: The Verona Gazette
    issues: gazette
    language: en
    web: https://gazette.verona.example/
"""
    TEAM = f"""\
  - jid: {OTHER_ROOM}
    nick: Gazette
    newsletters: [gazette]
    roles: {{owner: publisher}}
"""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.broadsheet.write_configuration(self.server.component_port)
        text = self.broadsheet.configuration.read_text()
        text = text.replace("newsletters:\n", "newsletters:\n" + self.GAZETTE, 1)
        text = text.replace("\nrooms:\n", "\nrooms:\n" + self.TEAM, 1)
        self.broadsheet.configuration.write_text(text)
        folder = self.broadsheet.folder / "gazette"
        folder.mkdir()
        (folder / "2026-04-12-gazette.md").write_text(
            "---\ntitle: Two households\ndate: 2026-04-12\n---\n\nBoth alike in dignity.\n"
        )

    async def test_each_team_has_its_own_newsletter_and_both_work_at_once(self) -> None:
        (benvolio, mercutio) = await self.in_room("benvolio", "mercutio")
        await mercutio.join(OTHER_ROOM, "mercutio")
        (juliet,) = await self.online("juliet")
        self.broadsheet.start()
        await self.comes_into_room(benvolio)
        await mercutio.sees(f"{OTHER_ROOM}/Gazette")
        for node in (NODE, "gazette-en"):
            await juliet.subscribe(COMPONENT, node)
        marks = benvolio.mark, mercutio.mark
        # A name that fits an issue of both is this room's.
        benvolio.say(ROOM, "!publish 2026-04")
        mercutio.say(OTHER_ROOM, "!publish 2026-04")
        await benvolio.said_in_room(ROOM, NICK, f"{NODE}, item {ISSUE}", since=marks[0])
        await mercutio.said_in_room(
            OTHER_ROOM, "Gazette", "gazette-en, item 2026-04-12-gazette", since=marks[1]
        )
        await juliet.event(NODE, ISSUE)
        await juliet.event("gazette-en", "2026-04-12-gazette")
        # Each room hears of its own only, and mercutio is an owner in one of them alone.
        await benvolio.said_in_room(ROOM, NICK, "done:", ISSUE, since=marks[0])
        await mercutio.said_in_room(OTHER_ROOM, "Gazette", "done:", "gazette", since=marks[1])
        said = [each.body for each in benvolio.heard[marks[0] :] if each.nick == NICK]
        self.assertFalse([body for body in said if "gazette" in body], said)
        mark = mercutio.mark
        mercutio.say(ROOM, "!retract 2026-04")
        await self.refused(mercutio, since=mark)
        # In the shell, where both are known, such a name is asked about.
        outcome = await self.broadsheet.command("show", "2026-04")
        self.assertNotEqual(outcome.code, 0)
        for newsletter in ("dispatch/", "gazette/"):
            self.assertIn(newsletter, outcome.errors + outcome.output)
