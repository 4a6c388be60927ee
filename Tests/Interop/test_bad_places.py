"""Places in which nothing works: what the service says then, and that it recovers when they heal."""

import asyncio
import contextlib
import os
import resource
import sqlite3

import places
from child import free_ports
from world import (
    COMPONENT, NODE, PATIENCE, RECONNECT, ROOM, Ejabberd, InteropCase, IqError, Prosody, errors_in,
)  # fmt: skip

NAME = "xmpp.verona.example"
# More than the tables need, and little enough to be filled at once.
DISK = "3m"


class BadPlace(InteropCase):
    # The place is what is tested, and it is the same for both.
    only_with = (Prosody,)

    async def says(self, *words: str, since: int = 0, seconds: float = RECONNECT) -> None:
        """Waits until the log has all the words."""

        async def is_so() -> bool:
            said = self.broadsheet.process.log_text()[since:]
            return all(word in said for word in words)

        await self.until(is_so, f"the log to say {words}", seconds)

    async def ends_saying(self, *words: str) -> None:
        """Starts it, and waits for an end that says why."""
        since = len(self.broadsheet.process.log_text())
        self.broadsheet.start()
        code = await asyncio.to_thread(self.broadsheet.process.wait, PATIENCE)
        said = self.broadsheet.process.log_text()[since:]
        # Not 78: whoever starts it again may be luckier.
        self.assertEqual(code, 1, said)
        for word in words:
            self.assertIn(word, said)


class Mounted(BadPlace):
    """A place that is mounted for Broadsheet alone."""

    async def asyncSetUp(self) -> None:
        reason = places.unavailable()
        if reason:
            self.skipTest(reason)
        await super().asyncSetUp()


class BadDisk(Mounted):
    def put_database_on(self, mount: str) -> None:
        """Its database lies on a disk of its own, which `mount` mounts."""
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        self.broadsheet.write_configuration(
            self.server.component_port,
            # One person fills the disk.
            change=(
                "database: broadsheet.sqlite",
                f"database: {self.disk}/broadsheet.sqlite\n"
                "limits: {person_rate: 1000000, person_burst: 1000000}",
            ),
        )
        self.broadsheet.within = places.with_mounts(f"{mount} {self.disk}")

    async def test_when_the_disk_is_full_requests_fail_and_are_taken_again_later(self) -> None:
        self.put_database_on(f"mount -t tmpfs -o size={DISK} tmpfs")
        benvolio, juliet, romeo = await self.open("juliet", "romeo")
        await juliet.subscribe(COMPONENT, NODE)
        filler = places.fill(places.inside(self.broadsheet.process.pid, self.disk))
        # There is room in the files that SQLite has; at some time it is used up.
        with self.assertRaises(IqError) as refusal:
            for _ in range(500):
                await romeo.subscribe(COMPONENT, NODE)
                await romeo.unsubscribe(COMPONENT, NODE)
        self.assertIn("internal-server-error", errors_in(refusal.exception))
        await self.says("The disk that holds the database", "is full. Free some space")
        outcome = await self.broadsheet.command("publish", "2026-04")
        self.assertEqual(outcome.code, 1, outcome.output)
        self.assertIn("is full. Free some space", outcome.errors)
        filler.unlink()
        await romeo.subscribe(COMPONENT, NODE)
        await self.publish(benvolio, "2026-04")
        for reader in (juliet, romeo):
            await reader.event(NODE, "2026-04")

    async def test_on_a_full_disk_it_does_not_start_and_says_why(self) -> None:
        self.put_database_on("mount -t tmpfs -o size=8k tmpfs")
        await self.ends_saying("The disk that holds the database", "is full. Free some space")

    async def test_on_a_disk_that_is_only_for_reading_it_does_not_start_and_says_why(self) -> None:
        self.put_database_on("mount -t tmpfs -o ro tmpfs")
        await self.ends_saying("can't be opened", "Read-only file system", "may write in it")
        self.broadsheet.within = []
        await self.open()


class BadNameServer(Mounted):
    async def test_a_name_server_that_is_down_is_told_from_a_name_that_is_not_there(self) -> None:
        address = f"127.{os.getpid() % 200 + 20}.0.53"
        (self.folder / "resolv.conf").write_text(
            f"nameserver {address}\noptions timeout:1 attempts:1\n"
        )
        (self.folder / "nsswitch.conf").write_text("hosts: files dns\n")
        self.broadsheet.within = places.with_mounts(
            *(f"mount --bind {self.folder}/{name} /etc/{name}"
              for name in ("resolv.conf", "nsswitch.conf"))
        )  # fmt: skip
        port = self.server.component_port
        self.broadsheet.write_configuration(
            port, change=(f"server: 127.0.0.1:{port}", f"server: {NAME}:{port}")
        )
        self.broadsheet.start()
        await self.says(f"No name server could be asked for '{NAME}'", "/etc/resolv.conf")
        server = places.NameServer(address)
        try:
            await self.says(f"There is no address for the name '{NAME}'", "component.server")
            status = await self.broadsheet.command("status")
            self.assertIn(f"Not connected to {NAME}:{port} yet. The last attempt:", status.output)
            self.assertIn("There is no address", status.output)
            server.name = NAME
            await self.says("Online")
        finally:
            server.close()


class WithoutDevices(Mounted):
    only_with = (Ejabberd,)
    server_options = {"has_tls": True}

    async def test_without_a_single_device_it_gets_online_over_tls(self) -> None:
        """Random numbers come from the kernel, not from a file that may be missing (`getrandom`)."""
        self.broadsheet.within = places.with_mounts("mount -t tmpfs tmpfs /dev")
        secret = "  secret_file: secret\n"
        tls = f"  tls: direct\n  tls_ca_file: {self.server.certificates.authority}\n"
        self.broadsheet.write_configuration(
            self.server.component_tls_port, change=(secret, secret + tls)
        )
        (benvolio, juliet) = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        await self.publish(benvolio, "2026-04")
        await juliet.event(NODE, "2026-04")


class Locked(BadPlace):
    @contextlib.contextmanager
    def somebody_writes(self):
        """Another program holds the lock for writing, as a shell or a backup may."""
        connection = sqlite3.connect(self.broadsheet.folder / "broadsheet.sqlite")
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
        finally:
            connection.rollback()
            connection.close()

    async def test_a_database_locked_by_another_program_is_waited_for_and_then_told_of(self) -> None:
        benvolio, juliet = await self.open("juliet")
        with self.somebody_writes():
            with self.assertRaises(IqError) as refusal:
                await juliet.subscribe(COMPONENT, NODE)
            self.assertIn("internal-server-error", errors_in(refusal.exception))
            await self.says("is locked by another program")
        await juliet.subscribe(COMPONENT, NODE)
        await self.publish(benvolio, "2026-04")
        await juliet.event(NODE, "2026-04")
        self.broadsheet.stop()
        with self.somebody_writes():
            await self.ends_saying("is locked by another program")
        self.broadsheet.start()
        await self.answers_in_room(benvolio)


class Descriptors(BadPlace):
    def limit(self, files: int) -> None:
        pid = self.broadsheet.process.pid
        _, most = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (files, most))

    async def test_at_the_limit_of_open_files_it_says_so_and_goes_on_when_there_are_more(self) -> None:
        (benvolio,) = await self.open()
        usual, _ = resource.prlimit(self.broadsheet.process.pid, resource.RLIMIT_NOFILE)
        await benvolio.logout()
        self.server.stop()
        await self.says("Nobody listens")
        self.limit(3)
        since = len(self.broadsheet.process.log_text())
        await self.says("No more files or connections can be opened", "LimitNOFILE", since=since)
        self.server.start()
        self.limit(usual)
        await benvolio.login()
        await benvolio.join(ROOM, "benvolio")
        await self.answers_in_room(benvolio)
        status = await self.broadsheet.command("status")
        self.assertIn("Connected to", status.output)


class NotYetConnected(BadPlace):
    needs_server = False

    async def test_before_the_first_connection_the_status_gives_the_reason(self) -> None:
        self.broadsheet.write_configuration(free_ports(1)[0])
        self.broadsheet.start()
        await self.says("Nobody listens at")
        status = await self.broadsheet.command("status")
        self.assertEqual(status.code, 0, status.errors)
        self.assertIn("yet. The last attempt: Nobody listens at", status.output)
