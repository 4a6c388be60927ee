"""What an operator sees: start, stop, lost streams, mistakes in the configuration."""

import asyncio
import os
import signal

import slixmpp

from world import (
    COMPONENT, CONTACT, LOOPBACK, NICK, NODE, PATIENCE, RECONNECT, ROOM, Broadsheet, InteropCase,
)  # fmt: skip


class StartAndStop(InteropCase):
    async def test_sigterm_ends_it_within_five_seconds_with_the_stream_closed(self) -> None:
        (benvolio,) = await self.open()
        mark = benvolio.mark
        self.broadsheet.process.signal(signal.SIGTERM)
        code = await asyncio.to_thread(self.broadsheet.process.wait, 5)
        self.assertEqual(code, 0)
        await benvolio.wait_for(
            f"{NICK} to leave the room",
            lambda heard: heard.sender == f"{ROOM}/{NICK}" and not heard.available,
            mark,
        )

        async def has_read_it() -> bool:
            return self.server.read_the_end_of_component_stream()

        await self.until(has_read_it, "the closing tag in the server's log")

    async def test_a_wrong_secret_ends_with_78_and_the_remedy(self) -> None:
        self.broadsheet.write_secret("wrong")
        self.broadsheet.start()
        code = await asyncio.to_thread(self.broadsheet.process.wait, PATIENCE)
        said = self.broadsheet.process.log_text()
        self.assertEqual(code, os.EX_CONFIG, said)
        self.assertIn("not-authorized", said)
        self.assertIn("secret", said)
        self.assertNotIn(self.server.component_secret, said)

    async def test_a_second_one_on_the_same_database_is_refused(self) -> None:
        await self.open()
        second = Broadsheet.__new__(Broadsheet)
        second.__dict__.update(self.broadsheet.__dict__)
        second.process = type(self.broadsheet.process)("second", self.folder / "second.log")
        second.start()
        try:
            code = await asyncio.to_thread(second.process.wait, PATIENCE)
        finally:
            second.process.kill9()
        self.assertNotEqual(code, 0)
        self.assertIn("broadsheet.sqlite", second.process.log_text())
        self.assertTrue(self.broadsheet.process.running)
        outcome = await self.broadsheet.command("status")
        self.assertEqual(outcome.code, 0, outcome.errors)


class Twin(InteropCase):
    async def test_a_second_component_of_the_same_domain_does_not_go_unnoticed(self) -> None:
        await self.twin_is_online()
        self.broadsheet.start()
        if self.server.shares_domains:
            await self.until(self._status_tells, "the twin in the status", RECONNECT)
            self.assertIn("Another component of this domain is connected", await self._watching_tells())
        else:
            await self.until(self._log_tells, "the conflict in the log", RECONNECT)

    async def twin_is_online(self) -> None:
        twin = slixmpp.ComponentXMPP(
            COMPONENT, self.server.component_secret, LOOPBACK, self.server.component_port
        )
        online = asyncio.get_running_loop().create_future()
        twin.add_event_handler("session_start", online.set_result)
        twin.connect()
        self.addAsyncCleanup(twin.disconnect)
        await asyncio.wait_for(online, PATIENCE)

    async def _status_tells(self) -> bool:
        status = await self.broadsheet.command("status")
        return f"Another component of {COMPONENT} is connected" in status.output

    async def _watching_tells(self) -> str:
        """The second line of `status --watch`."""
        process = await asyncio.create_subprocess_exec(
            str(self.broadsheet.binary), "status", "--watch", "--config", str(self.broadsheet.configuration),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            await asyncio.wait_for(process.stdout.readline(), PATIENCE)
            return (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
        finally:
            process.kill()
            await process.wait()

    async def _log_tells(self) -> bool:
        said = self.broadsheet.process.log_text()
        return "(conflict" in said and "look for a second instance" in said


class Configuration(InteropCase):
    needs_server = False

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.broadsheet.write_configuration(5347)

    async def test_a_good_configuration_passes(self) -> None:
        outcome = await self.broadsheet.command("check-config")
        self.assertEqual(outcome.code, 0, outcome.errors)

    async def test_an_unknown_key_is_named_with_its_line_and_the_nearest(self) -> None:
        self.broadsheet.write_configuration(5347, change=("database:", "databse:"))
        lines = self.broadsheet.configuration.read_text().splitlines()
        number = 1 + next(place for place, line in enumerate(lines) if "databse" in line)
        outcome = await self.broadsheet.command("check-config")
        said = outcome.output + outcome.errors
        self.assertNotEqual(outcome.code, 0)
        for word in ("databse", "database", f":{number}"):
            self.assertIn(word, said)


class Shell(InteropCase):
    async def test_publish_and_status_work_over_the_control_socket(self) -> None:
        _, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        outcome = await self.broadsheet.command("publish", "2026-04")
        self.assertEqual(outcome.code, 0, outcome.errors)
        self.assertIn(NODE, outcome.output)
        await juliet.event(NODE, "2026-04")
        status = await self.broadsheet.command("status")
        self.assertEqual(status.code, 0, status.errors)
        self.assertTrue(status.output.strip())
