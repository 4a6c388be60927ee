"""What a service manager such as systemd is told, by the protocol of sd_notify."""

import asyncio
import os
import signal
import socket

from child import free_ports
from world import PATIENCE, InteropCase


class Supervised(InteropCase):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        path = str(self.folder / "notify")
        self.inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.inbox.close)
        self.inbox.bind(path)
        self.inbox.setblocking(False)
        self.told: list[str] = []
        self.environment = {"NOTIFY_SOCKET": path}

    def start(self, **more: str) -> None:
        command = [str(self.broadsheet.binary), "run", "--config", str(self.broadsheet.configuration)]
        self.broadsheet.process.spawn(command, {**self.environment, **more})

    def listen(self) -> list[str]:
        while True:
            try:
                self.told += self.inbox.recv(65536).decode().splitlines()
            except BlockingIOError:
                return self.told

    async def hears(self, words: str, seconds: float = PATIENCE) -> None:
        async def is_told() -> bool:
            return any(words in line for line in self.listen())

        await self.until(is_told, f"{words!r} among {self.told}", seconds)


class WithServer(Supervised):
    async def test_it_is_ready_connects_reads_again_and_ends(self) -> None:
        self.start()
        await self.hears("READY=1")
        await self.hears("STATUS=Connected to")
        await self.hears("In 1 of 1 rooms.")
        self.told.clear()
        self.broadsheet.process.signal(signal.SIGHUP)
        await self.hears("RELOADING=1")
        await self.hears("MONOTONIC_USEC=")
        await self.hears("READY=1")
        self.broadsheet.process.signal(signal.SIGTERM)
        await self.hears("STOPPING=1")
        self.assertEqual(await asyncio.to_thread(self.broadsheet.process.wait, 5), 0)

    async def test_refused_by_the_server_it_says_why_and_ends_with_78(self) -> None:
        self.broadsheet.write_secret("wrong")
        self.start()
        await self.hears("STATUS=The server refused")
        code = await asyncio.to_thread(self.broadsheet.process.wait, PATIENCE)
        self.assertEqual(code, os.EX_CONFIG)


class WithoutServer(Supervised):
    needs_server = False

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.broadsheet.write_configuration(free_ports(1)[0])

    async def test_a_server_that_is_down_does_not_keep_it_from_being_ready(self) -> None:
        self.start()
        await self.hears("READY=1")
        await self.hears("STATUS=Not connected")
        self.assertTrue(self.broadsheet.process.running)

    async def test_the_secret_comes_from_systemd(self) -> None:
        credentials = self.folder / "credentials"
        credentials.mkdir()
        (credentials / "component-secret").write_text("handed over\n")
        os.unlink(self.broadsheet.folder / "secret")
        self.start(CREDENTIALS_DIRECTORY=str(credentials))
        await self.hears("READY=1")
        # Who only asks needs no secret.
        outcome = await self.broadsheet.command("status")
        self.assertEqual(outcome.code, 0, outcome.errors)
        refused = await self.broadsheet.command("check-config")
        self.assertEqual(refused.code, os.EX_CONFIG)
        self.assertIn("there is no file", refused.errors)

    async def test_it_gives_signs_of_life_only_while_it_lives(self) -> None:
        self.start(WATCHDOG_USEC="400000")
        for _ in range(3):
            self.told.clear()
            await self.hears("WATCHDOG=1", 3)
        self.broadsheet.process.signal(signal.SIGSTOP)
        self.listen()
        self.told.clear()
        await asyncio.sleep(1)
        self.assertNotIn("WATCHDOG=1", self.listen())
        self.broadsheet.process.signal(signal.SIGCONT)
        await self.hears("WATCHDOG=1", 3)
