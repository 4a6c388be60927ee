"""What every interoperability test stands on: its own server, its own Broadsheet, its people."""

import asyncio
import os
import shutil
import sys
import tempfile
import time
import unittest
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Support" / "Servers"))

from broadsheet import CONTACT, NICK, NODE, SAMPLES, Broadsheet  # noqa: E402
from child import LOOPBACK  # noqa: E402
from ejabberd import Ejabberd  # noqa: E402
from people import PATIENCE, Heard, IqError, Item, NothingHeard, Person  # noqa: E402
from prosody import Prosody  # noqa: E402
from xmpp_server import COMPONENT, ECHO, FEEDS, ROOM, XMPPServer  # noqa: E402

__all__ = [
    "BROKEN", "COMPONENT", "CONTACT", "ECHO", "FEEDS", "Heard", "NAMES", "NICK", "NODE", "ROOM", "SERVERS", "STATUS",
    "LOOPBACK", "PATIENCE", "RECONNECT", "Broadsheet", "Ejabberd", "InteropCase", "IqError", "Item", "NothingHeard", "Person", "Prosody", "XMPPServer", "errors_in",
]  # fmt: skip

SERVERS: dict[str, type[XMPPServer]] = {"prosody": Prosody, "ejabberd": Ejabberd}
BROKEN = SAMPLES.parent / "broken"
STATUS = "connected to"
AFFILIATIONS = {"benvolio@localhost": "owner", "mercutio@localhost": "member"}
NAMES = ("benvolio", "mercutio", "tybalt", "juliet", "nurse", "romeo")

# Long enough for a reconnect with back-off on a busy machine; a passing test never waits for it.
RECONNECT = 60


def errors_in(error: IqError) -> set[str]:
    """The local names of all conditions of an IQ error, application ones too."""
    xml = error.iq.xml.find("{jabber:client}error")
    return set() if xml is None else {each.tag.rpartition("}")[2] for each in xml}


class InteropCase(unittest.IsolatedAsyncioTestCase):
    """A test in a world of its own. A second of start-up buys that no test depends on another."""

    # The make of server; the runner sets it, and runs every test with each.
    make: type[XMPPServer] = Prosody
    # The makes a test can be run with, all if empty, and what else the server is made with.
    only_with: tuple[type[XMPPServer], ...] = ()
    server_options: dict[str, object] = {}
    # Who has an account besides, without being somebody of ours.
    more_accounts: tuple[str, ...] = ()
    needs_server = True
    # Whether it measures, so that nothing else may run beside it.
    is_alone = False

    async def asyncSetUp(self) -> None:
        # unittest turns it on; it reports every slow step, from the next one on no more.
        asyncio.get_running_loop().set_debug(False)
        await asyncio.sleep(0)
        self.folder = Path(tempfile.mkdtemp(prefix="broadsheet-interop-"))
        passwords = {name: f"{name}-secret" for name in NAMES}
        place = self.folder / self.make.name.lower()
        place.mkdir()
        accounts = {**passwords, **{name: f"{name}-secret" for name in self.more_accounts}}
        self.server = self.make(accounts, AFFILIATIONS, place, **self.server_options)
        if self.needs_server:
            self.server.start()
        self.broadsheet = Broadsheet(
            Path(os.environ["BROADSHEET_BINARY"]),
            self.folder / "broadsheet",
            self.server.component_port,
            self.server.component_secret,
        )
        self.people = {
            name: Person(name, password, self.server.client_port)
            for name, password in passwords.items()
        }

    async def asyncTearDown(self) -> None:
        await self._log_out(*self.people.values())
        self.broadsheet.stop(5)
        # Nobody needs what it would write in ending: ejabberd takes seconds to end in order.
        self.server.kill9()
        if self._failed():
            print(f"\n    kept for {self.id()}: {self.folder}", file=sys.stderr)
            for line in self.broadsheet.process.log_text().splitlines()[-15:]:
                print(f"    | {line}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    async def _log_out(self, *people: Person) -> None:
        for person in people:
            try:
                await person.logout()
            except Exception:
                pass  # A server that was killed on purpose cannot say good-bye.

    def _failed(self) -> bool:
        result = self._outcome.result
        # Since Python 3.11 the outcome itself knows; `errors` held it before.
        success = getattr(self._outcome, "success", True)
        return not success or any(test is self for test, _ in result.failures + result.errors)

    # Getting people to where a test starts

    async def log_in_again(self, *people: Person) -> None:
        """Whose session a server that died has ended; each as soon as can be, to hear what comes."""
        for person in people:
            await self._log_out(person)
            await person.login()

    async def online(self, *names: str) -> list[Person]:
        people = [self.people[name] for name in names]
        for person in people:
            await person.login()
        return people

    async def in_room(self, *names: str) -> list[Person]:
        people = await self.online(*names)
        for person in people:
            await person.join(ROOM, person.name)
        return people

    async def open(self, *others: str) -> list[Person]:
        """Broadsheet runs and is in the room; returns benvolio, the editor, and the others, online."""
        (benvolio,) = await self.in_room("benvolio")
        self.broadsheet.start()
        await self.comes_into_room(benvolio)
        return [benvolio, *await self.online(*others)]

    async def comes_into_room(self, editor: Person, since: int = 0) -> None:
        """Waits until Broadsheet is in the room and knows it: its presence can reach us first."""
        coming = asyncio.ensure_future(
            editor.sees(f"{ROOM}/{NICK}", since=since, seconds=RECONNECT)
        )
        while not (await asyncio.wait({coming}, timeout=0.1))[0]:
            if not self.broadsheet.process.running:
                coming.cancel()
                self.fail(f"Broadsheet ended (exit {self.broadsheet.process.exit_code})")
        await coming
        await self.answers_in_room(editor)

    async def answers_in_room(self, editor: Person, seconds: float = RECONNECT) -> None:
        """Waits until a command is answered again.

        Its presence alone proves nothing: a server keeps occupants over a restart, so the room shows
        Broadsheet before it is back.
        """
        deadline = time.monotonic() + seconds
        mark = editor.mark
        while True:
            editor.say(ROOM, "!status")
            try:
                await editor.said_in_room(ROOM, NICK, STATUS, since=mark, seconds=1)
                return
            except NothingHeard:
                if time.monotonic() > deadline:
                    raise

    async def until(
        self, is_so: Callable[[], Awaitable[bool]], what: str, seconds: float = PATIENCE
    ) -> None:
        """Waits for something that nobody is told of, by looking again and again."""
        deadline = time.monotonic() + seconds
        while not await is_so():
            self.assertLess(time.monotonic(), deadline, f"waited {seconds} s for {what}")
            await asyncio.sleep(0.05)

    async def subscribed_by_chat(self, person: Person, words: str = "subscribe") -> None:
        mark = person.mark
        person.write(CONTACT, words)
        await person.answer(CONTACT, "subscribed", since=mark)

    async def publish(self, editor: Person, issue: str) -> None:
        """Says it in the room and waits for an answer that names node and item."""
        mark = editor.mark
        editor.say(ROOM, f"!publish {issue}")
        await editor.said_in_room(ROOM, NICK, f"{NODE}, item {issue}", since=mark)

    async def delivered(self, editor: Person, issue: str, since: int = 0) -> None:
        """Waits until Broadsheet says that the server has taken every copy of it."""
        await editor.said_in_room(ROOM, NICK, "done:", issue, since=since)

    async def refused(self, person: Person, since: int) -> None:
        await person.said_in_room(ROOM, NICK, "sorry", since=since)

    async def has_no_items(self, person: Person) -> None:
        self.assertEqual(await person.items(COMPONENT, NODE), [])

    def messages(self, person: Person, since: int = 0) -> list:
        """Everything but presence and the talk of the room."""
        return [each for each in person.heard[since:] if each.kind not in ("presence", "groupchat")]

    def events(self, person: Person, node: str = NODE, since: int = 0) -> list[Item]:
        found = [each for each in person.heard[since:] if each.node == node]
        return [item for each in found for item in each.items]
