"""Rooms in which issues are announced: invited, configured, told to stop, or shown the door."""

import time
from collections.abc import Callable
from xml.etree import ElementTree

from world import CONTACT, PATIENCE, ROOM, InteropCase, IqError, NothingHeard, Person, errors_in

SERVICE = ROOM.partition("@")[2]
SQUARE = f"square@{SERVICE}"
BOT = "The Verona Dispatch"
# Of the issue 2026-04.
TITLE = "The Verona Dispatch: March 2026"


class ReadingRooms(InteropCase):
    """Juliet has a room of her own, Romeo is just there, and Benvolio publishes."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.benvolio, self.juliet, self.romeo = await self.open("juliet", "romeo")
        await self.juliet.join(SQUARE, "juliet")
        await self.romeo.join(SQUARE, "romeo")

    async def test_invited_by_an_admin_it_announces_until_it_is_told_to_stop(self) -> None:
        self.invite_directly(self.juliet)
        await self.begins()
        mark = self.romeo.mark
        await self.publish(self.benvolio, "2026-04")
        said = await self.romeo.said_in_room(SQUARE, BOT, TITLE, since=mark)
        self.assertEqual(said.kind, "groupchat")

        mark = self.juliet.mark
        self.juliet.say(SQUARE, f"{BOT}: settings")
        await self.juliet.said_in_room(SQUARE, BOT, "announced in this room", since=mark)
        self.juliet.say(SQUARE, f"{BOT}: stop")
        await self.juliet.said_in_room(SQUARE, BOT, "Good-bye", since=mark)
        await self.goes(mark)
        await self.is_silent("2026-03")

    async def test_who_is_no_admin_decides_nothing(self) -> None:
        self.invite_directly(self.romeo)
        mark = self.romeo.mark
        await self.romeo.said_in_room(SQUARE, BOT, "owner or admin", since=0)
        self.romeo.say(SQUARE, f"{BOT}: subscribe")
        await self.romeo.said_in_room(SQUARE, BOT, "only", "Write to me directly", since=mark)
        await self.is_silent("2026-04")

    async def test_nobody_acts_as_the_room_through_it(self) -> None:
        self.invite_directly(self.juliet)
        await self.begins()
        # The owner as little as others: who asks through a room is known to nobody behind it.
        for person in (self.romeo, self.juliet):
            for request in (
                "<command xmlns='http://jabber.org/protocol/commands' node='unsubscribe'/>",
                "<query xmlns='jabber:iq:register'><remove/></query>",
            ):
                iq = person.client.make_iq_set(ito=f"{SQUARE}/{BOT}")
                iq.xml.append(ElementTree.fromstring(request))
                with self.assertRaises(IqError) as caught:
                    await iq.send(timeout=PATIENCE)
                self.assertIn("not-allowed", errors_in(caught.exception))
        mark = self.romeo.mark
        await self.publish(self.benvolio, "2026-04")
        await self.romeo.said_in_room(SQUARE, BOT, TITLE, since=mark)

    async def test_who_is_named_as_a_room_is_still_heard(self) -> None:
        message = self.romeo.client.make_message(mto=CONTACT)
        message.append(ElementTree.Element("{jabber:x:conference}x", {"jid": self.juliet.jid}))
        message.send()
        await self.romeo.catch_up(CONTACT)
        # A room that is invited after her is entered; by then she has been asked.
        self.invite_directly(self.juliet)
        await self.begins()
        mark = self.juliet.mark
        self.juliet.write(CONTACT, "help")
        await self.juliet.answer(CONTACT, "subscribe", since=mark)

    async def test_shown_out_it_does_not_come_back_nor_after_a_restart(self) -> None:
        self.invite_through_the_room(self.juliet)
        await self.begins()
        self.broadsheet.stop()
        mark = self.juliet.mark
        self.broadsheet.start()
        await self.juliet.sees(f"{SQUARE}/{BOT}", since=mark)
        await self.answers_in_room(self.benvolio)
        mark = self.juliet.mark
        await self.publish(self.benvolio, "2026-04")
        await self.juliet.said_in_room(SQUARE, BOT, TITLE, since=mark)

        mark = self.juliet.mark
        await self.juliet.kick(SQUARE, BOT)
        await self.goes(mark)
        await self.is_silent("2026-03")
        self.broadsheet.stop()
        mark = self.juliet.mark
        self.broadsheet.start()
        await self.answers_in_room(self.benvolio)
        self.assertFalse(any(each.sender == f"{SQUARE}/{BOT}" for each in self.juliet.heard[mark:]))

    async def test_whichever_way_it_came_in_it_goes_by_any(self) -> None:
        for way in (self.invite_directly, self.invite_through_the_room, None):
            for words in ("stop", "settings no", "forget me", None):
                with self.subTest(way=way and way.__name__, out=words or "shown out"):
                    if way:
                        await self.is_invited(way)
                    else:
                        await self.is_named_by_the_operator()
                    mark = self.juliet.mark
                    if words:
                        self.juliet.say(SQUARE, f"{BOT}: {words}")
                        if words == "forget me":
                            await self.juliet.said_in_room(SQUARE, BOT, "yes", since=mark)
                            self.juliet.say(SQUARE, f"{BOT}: yes")
                    else:
                        await self.juliet.kick(SQUARE, BOT)
                    await self.goes(mark)
        await self.is_silent("2026-04")

    async def test_it_comes_back_into_a_room_with_a_password(self) -> None:
        await self.juliet.configure(SQUARE, passwordprotectedroom="1", roomsecret="mantua")
        self.invite_directly(self.juliet, password="mantua")
        await self.begins()
        self.broadsheet.stop()
        mark = self.juliet.mark
        self.broadsheet.start()
        await self.juliet.sees(f"{SQUARE}/{BOT}", since=mark)
        await self.answers_in_room(self.benvolio)
        mark = self.juliet.mark
        await self.publish(self.benvolio, "2026-04")
        await self.juliet.said_in_room(SQUARE, BOT, TITLE, since=mark)
        mark = self.juliet.mark
        self.juliet.say(SQUARE, f"{BOT}: mydata")
        await self.juliet.said_in_room(SQUARE, BOT, '"keepsRoomPassword" : true', since=mark)

    async def test_the_operator_can_name_a_room(self) -> None:
        await self.is_named_by_the_operator()
        mark = self.juliet.mark
        await self.publish(self.benvolio, "2026-04")
        await self.juliet.said_in_room(SQUARE, BOT, TITLE, since=mark)

    # Steps

    async def is_invited(self, way: Callable[[Person], None]) -> None:
        """Until it is followed: where it was shown out it may not have seen that yet."""
        mark = self.juliet.mark
        deadline = time.monotonic() + PATIENCE
        while True:
            way(self.juliet)
            try:
                await self.juliet.said_in_room(SQUARE, BOT, "owner or admin", since=mark, seconds=1)
                break
            except NothingHeard:
                if time.monotonic() > deadline:
                    raise
        await self.begins(mark)

    async def is_named_by_the_operator(self) -> None:
        """As if it had never been: a room that has ended it does not begin anew by itself."""
        self.broadsheet.stop()
        for path in self.broadsheet.folder.glob("broadsheet.sqlite*"):
            path.unlink()
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("    issues: issues\n", f"    issues: issues\n    announce_in: [{SQUARE}]\n"),
        )
        mark = self.juliet.mark
        self.broadsheet.start()
        await self.juliet.sees(f"{SQUARE}/{BOT}", since=mark)
        await self.answers_in_room(self.benvolio)

    async def begins(self, since: int = 0) -> None:
        """By default rooms hide who has invited; then an admin's word is asked for."""
        await self.juliet.said_in_room(SQUARE, BOT, "owner or admin", f"{BOT}: subscribe", since=since)
        mark = self.juliet.mark
        self.juliet.say(SQUARE, f"{BOT}: subscribe")
        await self.juliet.said_in_room(SQUARE, BOT, "You are subscribed", since=mark)

    async def goes(self, since: int) -> None:
        await self.juliet.wait_for(
            "the bot to leave",
            lambda heard: heard.kind == "presence"
            and heard.sender == f"{SQUARE}/{BOT}"
            and not heard.available,
            since,
        )

    async def is_silent(self, issue: str) -> None:
        mark = self.romeo.mark
        await self.publish(self.benvolio, issue)
        await self.answers_in_room(self.benvolio)
        # What the bot had said would have come before an answer that takes the same way.
        await self.romeo.catch_up(CONTACT)
        said = [
            each
            for each in self.romeo.heard[mark:]
            if each.kind == "groupchat" and each.sender == f"{SQUARE}/{BOT}"
        ]
        self.assertEqual(said, [])

    def invite_directly(self, person: Person, **more: str) -> None:
        message = person.client.make_message(mto=CONTACT)
        message.append(ElementTree.Element("{jabber:x:conference}x", {"jid": SQUARE, **more}))
        message.send()

    def invite_through_the_room(self, person: Person) -> None:
        message = person.client.make_message(mto=SQUARE)
        details = ElementTree.Element("{http://jabber.org/protocol/muc#user}x")
        ElementTree.SubElement(
            details, "{http://jabber.org/protocol/muc#user}invite", {"to": CONTACT}
        )
        message.append(details)
        message.send()
