"""What one person, one domain and one command may take up (docs/configuration.md, "Limits")."""

import asyncio
import contextlib
import functools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

from crowd import Crowd, error, made_up_errors
from world import COMPONENT, CONTACT, ECHO, NICK, NODE, PATIENCE, ROOM, InteropCase, IqError, Person, errors_in

HERE = Path(__file__).resolve().parent

# In a flood, an answer of Broadsheet takes no longer than so many of a component that does no work:
# one that throws the same flood away unparsed, or one beside Broadsheet that is not even flooded,
# whichever takes longer. The seconds are for the scatter of so short a time, nothing else.
RATIO, SLACK = 3, 0.02
PEOPLE = 1000
# Those of them who read, and send the error to an issue again and again: each as often as one person may
# send anything (`limits.person_rate`).
READERS = 100
# Requests a second of the crowd: ten times what a domain is allowed, not as many as can be sent. That is
# 0, which on a busy machine is more than ejabberd bears: it then answers for no component at all.
FLOOD = int(os.environ.get("BROADSHEET_FLOOD", "2000"))
# Seconds of flood before an honest reader asks: what all get at first has been used by then.
BEFORE = 6
SAMPLES = 15
# A fault shows every time, a machine that is busy with something else only now and then.
ROUNDS = 3


class Limits(InteropCase):
    is_alone = True
    # A server that writes down all it sees is flooded long before us.
    server_options = {"log_level": "info"}

    def configure(self, limits: str) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port, ("log:\n", f"limits: {limits}\nlog:\n")
        )

    def ask(self, person: Person) -> asyncio.Future:
        return person.client["xep_0060"].get_subscriptions(COMPONENT, NODE, timeout=PATIENCE)

    async def test_who_commands_too_much_in_a_room_is_told_once_and_others_go_on(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port, ("log:\n", "commands: {per_minute: 3}\nlog:\n")
        )
        mercutio, benvolio = await self.in_room("mercutio", "benvolio")
        # Only a room that shows addresses tells that it is the same person there and elsewhere.
        await benvolio.configure(ROOM, whois="anyone")
        self.broadsheet.start()
        await benvolio.sees(f"{ROOM}/{NICK}")

        async def is_in() -> bool:
            return "We are in the room" in (await self.broadsheet.command("status")).output

        await self.until(is_in, "Broadsheet to be in the room")
        mark = benvolio.mark
        for _ in range(6):
            benvolio.say(ROOM, "!issues all")
        await benvolio.said_in_room(ROOM, NICK, "a lot at once", since=mark)
        mercutio.say(ROOM, "!calendar")
        # Commands are answered in their order, so this comes after all that would be said.
        await benvolio.said_in_room(ROOM, NICK, "no dates are set", since=mark)
        said = [each.body for each in benvolio.heard[mark:] if each.nick == NICK and each.body]
        self.assertEqual(len([body for body in said if "a lot at once" in body]), 1)
        self.assertEqual(len([body for body in said if "2026-04-05-dispatch: " in body]), 3)
        # It is one limit for all faces, and said once.
        benvolio.write(CONTACT, "issues all")
        with self.assertRaises(IqError) as refused:
            await benvolio.client["xep_0050"].send_command(CONTACT, "issues", timeout=PATIENCE)
        self.assertEqual(errors_in(refused.exception), {"policy-violation"})
        self.assertEqual(
            [each.body for each in benvolio.heard[mark:] if each.sender == CONTACT and each.body], []
        )

    async def test_who_asks_too_fast_is_refused_until_some_time_has_passed(self) -> None:
        self.configure("{person_rate: 1, person_burst: 20, person_refusals: 5}")
        _, juliet, romeo = await self.open("juliet", "romeo")
        requests = [asyncio.ensure_future(self.ask(juliet)) for _ in range(60)]
        done, silent = await asyncio.wait(requests, timeout=5)
        answers = [each.exception() for each in done]
        refusals = [each for each in answers if isinstance(each, IqError)]
        self.assertGreaterEqual(len(answers) - len(refusals), 20)
        self.assertGreaterEqual(len(refusals), 1)
        # So many refusals a second are told; of the rest nothing is heard.
        self.assertGreater(len(silent), 10)
        for each in silent:
            each.cancel()
        for refusal in refusals:
            self.assertEqual(errors_in(refusal), {"policy-violation", "text"})
            self.assertEqual(refusal.etype, "wait")
        # Nobody else is concerned, and she is again as soon as something came back.
        self.assertEqual((await self.ask(romeo))["type"], "result")
        await asyncio.sleep(1.5)
        self.assertEqual((await self.ask(juliet))["type"], "result")

    async def test_a_command_that_is_too_long_is_refused_unread(self) -> None:
        (_, juliet) = await self.open("juliet")
        mark = juliet.mark
        juliet.write(CONTACT, "help " + "x" * 5000)
        await juliet.wait_for(
            "an error", lambda each: each.kind == "error" and each.sender == CONTACT, since=mark
        )
        mark = juliet.mark
        juliet.write(CONTACT, "help")
        await juliet.answer(CONTACT, "subscribe", since=mark)

    async def test_a_crowd_at_ten_times_its_allowance_holds_up_no_honest_reader(self) -> None:
        # What is kept back for those who ask little is the crowd's too at first.
        self.configure("{reserve_burst: 8}")
        _, juliet, romeo = await self.open("juliet", "romeo")
        await juliet.subscribe(COMPONENT, NODE)
        (quiet,) = await self.typical(lambda: self.ask(juliet))
        async with self.echo(juliet) as ping:
            async with self.flooded(ECHO) as idle:
                (flooded,) = await self.typical(ping)
            for _ in range(ROUNDS):
                async with self.flooded(COMPONENT) as crowd:
                    # By turns, so that both meet the same machine.
                    here, beside = await self.typical(lambda: self.ask(juliet), ping)
                    # Who wants to read gets in as well, in the midst of it.
                    begin = time.monotonic()
                    self.assertEqual(await romeo.subscribe(COMPONENT, NODE), "subscribed")
                    subscribing = time.monotonic() - begin
                    # So does one of the crowd's own domain who is not of it, but for the moments in
                    # which something of what is kept back has come back to all of them at once.
                    for _ in range(4):
                        crowd.ask_as_neighbour()
                        await asyncio.sleep(0.5)
                    await self.until(functools.partial(self.has_answers, crowd, 3), "the neighbour's answers")
                if here < RATIO * max(beside, flooded) + SLACK:
                    break
        print(
            f"\n    {crowd.people} people sent {crowd.rate:.0f} requests a second, {crowd.counts}; "
            f"an honest one took {quiet * 1000:.1f} ms before, {here * 1000:.1f} ms meanwhile, a "
            f"subscribe {subscribing * 1000:.1f} ms; a component that does no work took "
            f"{beside * 1000:.1f} ms beside it, and {flooded * 1000:.1f} ms under {idle.rate:.0f} a second",
            flush=True,
        )
        self.assertGreater(crowd.counts["error"], 0)
        self.assertLess(here, RATIO * max(beside, flooded) + SLACK)

    async def test_a_crowd_that_sends_errors_holds_up_no_honest_reader(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        readers = await self.gathered(COMPONENT)
        readers.socket.settimeout(PATIENCE)
        await asyncio.to_thread(readers.subscribe, READERS, NODE)
        await self.publish(benvolio, "2026-04")
        ids = await asyncio.to_thread(readers.issue, READERS)
        readers.socket.close()
        real = lambda victim: [error(reader, id, victim) for reader, id in ids.items()]
        async with self.echo(juliet) as ping:
            # Either kind is as much to a component that does no work.
            async with self.flooded(ECHO, real(ECHO)) as idle:
                (flooded,) = await self.typical(ping)
            for kind, errors in {"made-up": functools.partial(made_up_errors, PEOPLE), "real": real}.items():
                for _ in range(ROUNDS):
                    async with self.flooded(COMPONENT, errors(COMPONENT)) as crowd:
                        here, beside = await self.typical(lambda: self.ask(juliet), ping)
                    if here < RATIO * max(beside, flooded) + SLACK:
                        break
                print(
                    f"\n    {crowd.rate:.0f} {kind} errors a second; an honest reader's request took "
                    f"{here * 1000:.1f} ms meanwhile; a component that does no work took {beside * 1000:.1f} ms "
                    f"beside it, and {flooded * 1000:.1f} ms under {idle.rate:.0f} a second",
                    flush=True,
                )
                self.assertLess(here, RATIO * max(beside, flooded) + SLACK, kind)
        # Each that could not be reached counts once.
        listed = (await self.broadsheet.command("deliveries", "--json")).output
        self.assertEqual([json.loads(line)["failed"] for line in listed.splitlines()], [READERS], listed)

    @contextlib.asynccontextmanager
    async def echo(self, person: Person) -> AsyncIterator:
        """While a component that does no work answers that person; gives what asks it."""
        echo = subprocess.Popen(
            [sys.executable, HERE / "crowd.py", str(self.server.component_port),
             self.server.component_secret, person.jid]
        )  # fmt: skip
        try:
            ping = lambda: person.client["xep_0199"].send_ping(ECHO, timeout=PATIENCE)
            await self.until(lambda: self.answers(ping), "the echo")
            yield ping
        finally:
            echo.kill()
            echo.wait()

    @contextlib.asynccontextmanager
    async def flooded(self, victim: str, stanzas: list[bytes] | None = None) -> AsyncIterator[Crowd]:
        """While the crowd floods the victim, from when it has used up what it gets at first."""
        crowd = await self.gathered(victim)
        crowd.attack(stanzas)
        try:
            await asyncio.sleep(BEFORE)
            yield crowd
        finally:
            crowd.close()

    async def gathered(self, victim: str) -> Crowd:
        """The crowd, once the server has done with the one before."""
        for _ in range(300):
            try:
                port, secret = self.server.component_port, self.server.component_secret
                return Crowd(port, secret, PEOPLE, victim, FLOOD)
            except ConnectionError:
                await asyncio.sleep(0.1)
        raise TimeoutError("the server keeps the crowd's domain")

    async def has_answers(self, crowd: Crowd, count: int) -> bool:
        return crowd.neighbour["result"] >= count

    async def answers(self, ask) -> bool:
        try:
            await ask()
        except IqError:
            return False
        return True

    async def typical(self, *asks) -> list[float]:
        """How long each takes until there is an answer, in the middle of some by turns."""
        spent: list[list[float]] = [[] for _ in asks]
        for _ in range(SAMPLES):
            for ask, times in zip(asks, spent):
                begin = time.monotonic()
                await ask()
                times.append(time.monotonic() - begin)
            await asyncio.sleep(0.1)
        return [statistics.median(times) for times in spent]
