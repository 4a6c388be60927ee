"""Issues that go to many readers at once, through the server's multicast service (XEP-0033)."""

import asyncio
import re
import selectors
import signal
import threading
import time

from ejabberd import MULTICAST
from raw_stream import RawClient
from world import COMPONENT, NODE, PATIENCE, Ejabberd, InteropCase

HOST = "localhost"
EARLIER_ISSUE, ISSUE = "2026-03", "2026-04"
PUBSUB = "http://jabber.org/protocol/pubsub"
READERS = tuple(f"reader{number}" for number in range(220))
# Seconds for what comes after the death of a server.
RECOVERY = 120


class Reader(RawClient):
    """A person who notes the ids of the events that come."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__(name, f"{name}-secret", HOST, port, PATIENCE)
        self.address = f"{name}@{HOST}"
        self.heard: list[str] = []
        # The ids of what is not looked at any more.
        self.earlier: set[str] = set()
        self.strange: list[bytes] = []

    def subscribe(self) -> None:
        self.write(
            f"<iq type='set' id='s' to='{COMPONENT}'><pubsub xmlns='{PUBSUB}'>"
            f"<subscribe node='{NODE}' jid='{self.address}'/></pubsub></iq>"
        )
        if b"result" not in self.until(rb"<iq[^>]*>"):
            raise AssertionError(f"{self.address} can't subscribe: {self.rest!r}")
        self.until(rb"</iq>")

    def hear(self) -> bool:
        """Takes what has come; false if nothing comes any more."""
        try:
            more = self.socket.recv(1 << 16)
        except OSError:
            return False
        self.rest += more
        while found := re.search(rb"(?s)<message [^>]*>.*?</message>", self.rest):
            message, self.rest = found[0], self.rest[found.end() :]
            if b"<addresses" in message:
                self.strange.append(message)
            if b"pubsub#event" in message:
                identity = re.search(rb"\sid=['\"]([^'\"]*)", message)[1].decode()
                if identity not in self.earlier:
                    self.heard.append(identity)
        return bool(more)


def listen(readers: list[Reader]) -> None:
    selector = selectors.DefaultSelector()
    for reader in readers:
        selector.register(reader.socket, selectors.EVENT_READ, reader)

    def go_on() -> None:
        while selector.get_map():
            for key, _ in selector.select(1):
                if not key.data.hear():
                    selector.unregister(key.fileobj)

    threading.Thread(target=go_on, daemon=True).start()


class ManyAtOnce(InteropCase):
    only_with = (Ejabberd,)
    server_options = {"has_multicast": True, "log_level": "info"}
    more_accounts = READERS

    def logged_in(self) -> list[Reader]:
        readers = [Reader(name, self.server.client_port) for name in self.more_accounts]
        for reader in readers:
            self.addCleanup(reader.close)
        return readers

    async def begin(self, settings: str = "batch_size: 60") -> list[Reader]:
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("log:\n", f"delivery: {{multicast: auto, {settings}}}\nlog:\n"),
        )
        await self.open()
        readers = await asyncio.to_thread(self.logged_in)
        for reader in readers:
            await asyncio.to_thread(reader.subscribe)
        listen(readers)
        return readers

    async def publish(self, issue: str = ISSUE) -> None:
        outcome = await self.broadsheet.command("publish", issue, "--yes")
        self.assertEqual(outcome.code, 0, outcome.output + outcome.errors)

    async def all_have_it(self, readers: list[Reader], seconds: float = PATIENCE) -> None:
        async def is_so() -> bool:
            return all(reader.heard for reader in readers)

        await self.until(is_so, "all readers to have the issue", seconds)

    async def all_have_it_once(self, readers: list[Reader]) -> set[str]:
        """Returns the ids it came with."""
        await self.all_have_it(readers)
        await asyncio.sleep(1)
        for reader in readers:
            self.assertEqual(len(reader.heard), 1, reader.address)
            self.assertEqual(reader.strange, [], "a reader sees whom else it went to")
        return {reader.heard[0] for reader in readers}

    async def test_each_of_many_readers_gets_an_issue_once_through_the_service(self) -> None:
        readers = await self.begin()
        await self.publish()
        # Of so many, 256 share an id.
        self.assertLessEqual(len(await self.all_have_it_once(readers)), 2)
        log = self.broadsheet.process.log_text()
        self.assertIn(f"through={MULTICAST}", log)
        self.assertNotIn("one by one", log)
        listed = await self.broadsheet.command("deliveries", "--json", "--last", "3")
        self.assertIn(f'"multicast":"{MULTICAST}"', listed.output)

    async def begun(self, readers: list[Reader]) -> None:
        deadline = time.monotonic() + PATIENCE
        while sum(len(each.heard) for each in readers) < 10:
            self.assertLess(time.monotonic(), deadline, "nothing comes")
            await asyncio.sleep(0.001)

    async def is_the_middle(self, readers: list[Reader]) -> None:
        """Whoever had it on their way has it by now, and others have not."""
        await asyncio.sleep(1)
        having = [each for each in readers if each.heard]
        self.assertGreater(len(having), 0)
        self.assertLess(len(having), len(readers), "all had it before the death")

    def each_has_one_id(self, readers: list[Reader]) -> None:
        for reader in readers:
            self.assertEqual(len(set(reader.heard)), 1, "a second copy has another id")

    async def went_through_the_service(self) -> None:
        """It is said at the end, which the last reader's copy comes before."""

        async def is_said() -> bool:
            return f"through={MULTICAST}" in self.log_of(ISSUE)

        await self.until(is_said, "the delivery's end in the log")

    def log_of(self, issue: str) -> str:
        """What is said of its delivery."""
        lines = self.broadsheet.process.log_text().splitlines()
        return "\n".join(each for each in lines if f"item={issue}" in each)

    async def test_a_server_that_dies_in_the_middle_leaves_nobody_without(self) -> None:
        # A pace, or nobody hits the middle.
        readers = await self.begin("batch_size: 60, pace: 400")
        await self.publish()
        await self.begun(readers)
        self.server.kill9()
        # Who is not there when it goes on gets nothing of what has no text beside it.
        self.broadsheet.process.signal(signal.SIGSTOP)
        await self.is_the_middle(readers)
        self.server.start()
        again = await asyncio.to_thread(self.logged_in)
        for before, reader in zip(readers, again):
            reader.heard += before.heard
        listen(again)
        self.broadsheet.process.signal(signal.SIGCONT)
        await self.all_have_it(again, RECOVERY)
        self.each_has_one_id(again)
        await self.went_through_the_service()

    async def test_a_broadsheet_that_dies_in_the_middle_leaves_nobody_without(self) -> None:
        readers = await self.begin("batch_size: 20, window: 2")
        await self.publish(EARLIER_ISSUE)
        await self.all_have_it_once(readers)
        # A server that runs for a few seconds only may have lost it, for all that is known: then it comes
        # again as well, with the same ids.
        for reader in readers:
            reader.earlier = set(reader.heard)
            reader.heard.clear()
        # Two batches are written, and the server has yet to read them.
        self.server.signal(signal.SIGSTOP)
        await self.publish()
        await asyncio.sleep(3)
        # Now it sends on what it was handed, and Broadsheet never hears of it.
        self.broadsheet.process.signal(signal.SIGSTOP)
        self.server.signal(signal.SIGCONT)
        await self.is_the_middle(readers)
        self.broadsheet.process.kill9()
        self.broadsheet.start()
        await self.all_have_it(readers, RECOVERY)
        await asyncio.sleep(1)
        self.each_has_one_id(readers)
        # The server lives, so that no more is in doubt than what was under way.
        again = sum(len(each.heard) - 1 for each in readers)
        self.assertGreater(again, 0, "nothing was under way")
        self.assertLessEqual(again, 2 * 20)
        await self.went_through_the_service()


class FewAtOnce(ManyAtOnce):
    """An operator has set a limit, which the service tells."""

    server_options = {"has_multicast": True, "most_addresses": 7, "log_level": "info"}
    test_a_server_that_dies_in_the_middle_leaves_nobody_without = None
    test_a_broadsheet_that_dies_in_the_middle_leaves_nobody_without = None


class ManyMoreAtOnce(ManyAtOnce):
    """An operator lets it take more than we hand it."""

    server_options = {"has_multicast": True, "most_addresses": 500, "log_level": "info"}
    test_a_server_that_dies_in_the_middle_leaves_nobody_without = None
    test_a_broadsheet_that_dies_in_the_middle_leaves_nobody_without = None


class Refused(ManyAtOnce):
    """The service is there and takes nothing from us, as an operator may have it."""

    server_options = {"has_multicast": True, "refuses_multicast": True, "log_level": "info"}
    test_a_server_that_dies_in_the_middle_leaves_nobody_without = None
    test_a_broadsheet_that_dies_in_the_middle_leaves_nobody_without = None

    async def test_each_of_many_readers_gets_an_issue_once_through_the_service(self) -> None:
        readers = await self.begin()
        await self.publish()
        await self.all_have_it_once(readers)
        log = self.broadsheet.process.log_text()
        self.assertEqual(log.count("is not used any more"), 1)
        self.assertIn("Access denied by service policy", log)


class OneByOne(ManyAtOnce):
    """No service: Prosody has none, and ejabberd only if it is loaded."""

    only_with = ()
    server_options = {"log_level": "info"}
    more_accounts = READERS[:40]
    test_a_server_that_dies_in_the_middle_leaves_nobody_without = None
    test_a_broadsheet_that_dies_in_the_middle_leaves_nobody_without = None

    async def test_each_of_many_readers_gets_an_issue_once_through_the_service(self) -> None:
        readers = await self.begin()
        await self.publish()
        self.assertEqual(len(await self.all_have_it_once(readers)), len(readers))
        log = self.broadsheet.process.log_text()
        self.assertEqual(log.count("offers no multicast service"), 1)
