"""What is promised of every newsletter, whoever has its items: each test is run in both modes.

With `run.py` over both servers that makes three: Broadsheet's own service, and ejabberd's and
Prosody's as engines. Where the modes differ is in `modes.py`.
"""

import signal

from modes import APRIL, MARCH, MAY, EngineMode, Mode, ModeCase
from world import CONTACT, NICK, NODE, RECONNECT, ROOM, Person

ISSUES = [MARCH, APRIL, MAY]
# Each tells of the month before.
TITLES = {APRIL: "March 2026", MAY: "April 2026"}


class Promises:
    """The tests; a class below runs them in its mode."""

    async def test_an_issue_its_correction_and_its_end_reach_all(self) -> None:
        benvolio, juliet, nurse = await self.begin("juliet", "nurse")
        self.assertEqual(await juliet.subscribe(self.mode.service, NODE), "subscribed")
        await self.subscribed_by_chat(nurse)
        room, chat = benvolio.mark, nurse.mark
        await self.publish(benvolio, APRIL)
        event = await juliet.event(NODE, APRIL)
        self.assertEqual(event.sender.split("/")[0], self.mode.service)
        await nurse.answer(CONTACT, "March 2026", since=chat)
        await benvolio.said_in_room(ROOM, NICK, *self.mode.news(APRIL), since=room, seconds=RECONNECT)
        (item,) = await self.items(juliet)
        self.assertEqual(item.id, APRIL)
        self.assertEqual(await self.publisher(juliet), CONTACT)
        self.assertIn(f"xmpp:{self.mode.service}?;node={NODE};item={APRIL}", item.payload_xml)

        self.change(APRIL, "March 2026", "Corrected March 2026")
        mark = juliet.mark
        await self.order("correct", APRIL)
        corrected = await juliet.event(NODE, APRIL, since=mark)
        self.assertIn("Corrected", corrected.items[0].title)
        await self.is_done()
        (item,) = await self.items(juliet)
        self.assertIn("Corrected", item.title)

        mark, chat = juliet.mark, nurse.mark
        await self.order("retract", APRIL)
        await self.retraction(juliet, APRIL, since=mark)
        await nurse.answer(CONTACT, "withdrawn", since=chat)
        await self.is_done()
        self.assertEqual(await self.names(juliet), [])
        self.assertEqual(self.told_twice(juliet), [])

    async def test_killed_while_an_issue_is_under_way_it_brings_it_once(self) -> None:
        _, juliet, nurse = await self.begin("juliet", "nurse")
        await juliet.subscribe(self.mode.service, NODE)
        await self.subscribed_by_chat(nurse)
        # After one has gone out nothing is left of the beginning, in which an engine's nodes are made.
        await self.order("publish", MARCH)
        await self.is_at_rest(juliet, nurse)
        chat = nurse.mark
        # The server reads what was sent when it goes on, and its answers find nobody.
        self.server.signal(signal.SIGSTOP)
        try:
            await self.order("publish", APRIL)
            await self.is_under_way()
            self.broadsheet.process.kill9()
        finally:
            self.server.signal(signal.SIGCONT)
        self.broadsheet.start()
        await juliet.event(NODE, APRIL, seconds=RECONNECT)
        await nurse.answer(CONTACT, "March 2026", since=chat, seconds=RECONNECT)
        await self.is_at_rest(juliet)
        self.assertEqual(self.told_twice(juliet), [])
        self.assertEqual(sorted(await self.names(juliet)), [MARCH, APRIL])

    async def test_killed_again_and_again_it_publishes_each_issue_once_and_in_order(self) -> None:
        _, juliet = await self.begin("juliet")
        await juliet.subscribe(self.mode.service, NODE)
        for issue in ISSUES:
            await self.order("publish", issue)
            await self._die()
        self.change(MAY, "April 2026", "Corrected April 2026")
        await self.order("correct", MAY)
        await self._die()
        # What is withdrawn before it could leave never leaves.
        await juliet.event(NODE, MARCH, since=0, seconds=RECONNECT)
        await self.order("retract", MARCH)
        await self._die()
        await self.is_at_rest(juliet)
        found = await self.items(juliet)
        self.assertEqual([each.id for each in found], [APRIL, MAY])
        self.assertIn("Corrected", found[1].title)
        self.assertEqual(self.told_twice(juliet), [])
        self.assertEqual(self.told(juliet), ISSUES)
        await self.retraction(juliet, MARCH, since=0)

    async def _die(self) -> None:
        self.broadsheet.process.kill9()
        self.broadsheet.start()
        await self.is_listening()

    async def test_after_a_restart_of_the_server_it_is_back_and_publishes(self) -> None:
        benvolio, juliet, nurse = await self.begin("juliet", "nurse")
        await juliet.subscribe(self.mode.service, NODE)
        await self.subscribed_by_chat(nurse)
        await self.order("publish", MARCH)
        await self.is_done()
        await juliet.event(NODE, MARCH)
        for person in (benvolio, juliet, nurse):
            await person.logout()
        self.server.restart()
        await self._goes_on(MARCH, APRIL)
        self.assertEqual(self.told(juliet), [MARCH, APRIL])
        self.assertEqual(self.told_twice(juliet), [])

    async def test_after_a_crash_of_the_server_it_is_back_and_publishes(self) -> None:
        _, juliet, nurse = await self.begin("juliet", "nurse")
        await juliet.subscribe(self.mode.service, NODE)
        await self.subscribed_by_chat(nurse)
        await self.order("publish", MARCH)
        await self.is_done()
        await juliet.event(NODE, MARCH)
        await self.is_written(MARCH)
        # It dies before it reads what was sent, and nobody knows that it did not.
        self.server.signal(signal.SIGSTOP)
        await self.order("publish", APRIL)
        await self.is_under_way()
        # So that she is there before it comes.
        self.broadsheet.process.signal(signal.SIGSTOP)
        try:
            self.server.kill9()
            self.server.start()
            await self.log_in_again(juliet)
        finally:
            self.broadsheet.process.signal(signal.SIGCONT)
        await juliet.event(NODE, APRIL, seconds=RECONNECT)
        await self._goes_on(*ISSUES)
        self.assertEqual(self.told(juliet), ISSUES)
        self.assertEqual(self.told_twice(juliet), [])

    async def _goes_on(self, *issues: str) -> None:
        """The server is there again: the last of these is published, and all of them are there."""
        benvolio, juliet, nurse = (self.people[each] for each in ("benvolio", "juliet", "nurse"))
        await self.log_in_again(benvolio, juliet, nurse)
        await benvolio.join(ROOM, benvolio.name)
        await self.answers_in_room(benvolio)
        mark, chat = juliet.mark, nurse.mark
        await self.publish(benvolio, issues[-1])
        await juliet.event(NODE, issues[-1], since=mark, seconds=RECONNECT)
        await nurse.answer(CONTACT, f"The Verona Dispatch: {TITLES[issues[-1]]}", since=chat)
        await self.is_done()
        self.assertEqual(await self.names(juliet), list(issues))

    async def test_what_is_published_without_a_server_comes_later_and_in_order(self) -> None:
        benvolio, juliet = await self.begin("juliet")
        await juliet.subscribe(self.mode.service, NODE)
        for person in (benvolio, juliet):
            await person.logout()
        self.server.stop()
        for issue in ISSUES:
            await self.order("publish", issue)
        await self.order("retract", MAY)
        self.broadsheet.process.kill9()
        self.server.start()
        # Nothing is sent before she is there: not every service keeps events for those who are not.
        await juliet.login()
        self.broadsheet.start()
        await juliet.event(NODE, APRIL, seconds=RECONNECT)
        await self.is_at_rest(juliet)
        self.assertEqual(await self.names(juliet), [MARCH, APRIL])
        # Nobody sees what was withdrawn before it could go out.
        self.assertEqual([item.id for item in self.events(juliet)], [MARCH, APRIL])


class InLocalMode(Promises, ModeCase):
    mode = Mode()


class WithAnEngine(Promises, ModeCase):
    mode = EngineMode()
