"""Broadsheet with the cluster's own PubSub as its engine, while the node it is connected to dies.

Two readers have subscribed at the engine, one at each node; many read in a chat, at the node that
lives. An item has to be at the engine once, in order, and every chat reader has to get each issue.
Events of the engine's are only counted: nobody but the engine could send them again.
"""

import asyncio
import contextlib
import json
import sqlite3
import time
from collections import Counter
from pathlib import Path

from broadsheet import CONTACT
from crowd import Crowd
from ejabberd_cluster import Cluster
from house import House
from installation import NODE
from people import Person
from world import PATIENCE, Wrong, wait
from xmpp_server import CROWD, FEEDS

SIZE = 4000


class AtTheEngine:
    """One cluster, through several deaths of its first node."""

    def __init__(self, binary: Path, cluster: Cluster, lost: Person, kept: Person, chats: int) -> None:
        """`lost` reads at the node that dies, `kept` at the other."""
        self.first, self.second = cluster.nodes
        self.lost, self.kept = lost, kept
        self.chats = chats
        self.issues: list[str] = []
        self.program = House(binary, cluster, FEEDS)
        self.crowd = Crowd(CROWD, self.second.component_port, cluster.component_secret)

    async def __aenter__(self) -> "AtTheEngine":
        try:
            await self._open()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _open(self) -> None:
        self.program.start()
        await self._until(lambda: self.crowd.online.is_set() and self.program.is_idle(), "all to be connected")
        await self._until(self._is_done, "the engine's node")
        await asyncio.to_thread(self.crowd.subscribe_in_chats, range(self.chats), CONTACT)
        for reader, node in ((self.lost, self.first), (self.kept, self.second)):
            await self._log_in(reader, node.client_port)
            await reader.subscribe(FEEDS, NODE)

    async def __aexit__(self, *_: object) -> None:
        self.crowd.end()
        self.program.process.kill9()
        self.program.disk.end()
        for reader in (self.lost, self.kept):
            with contextlib.suppress(Exception):
                await reader.logout()

    async def survive(self, delay: float, is_sent: bool) -> str:
        """The node dies so many seconds after an issue was given, or, if `is_sent`, after its item left.

        Returns what came of it.
        """
        begin = {reader: reader.mark for reader in (self.lost, self.kept)}
        earlier = len(self.issues)
        await self._publish()
        await self._until(self._is_done, "the first issue")
        doubted = self._write()
        given = asyncio.ensure_future(asyncio.to_thread(self.program.say, "publish", doubted))
        await asyncio.to_thread(self._kill, delay, is_sent)
        dead = time.monotonic()
        state = self._state()
        await given
        await self._until(self._is_done, f"{doubted} at the engine")
        took = time.monotonic() - dead
        await self._log_in(self.lost, self.second.client_port)
        await self._publish()
        await self._until(self._is_done, "the last issue")

        await self._check_items(self.kept)
        issues = self.issues[earlier:]
        await self._check_chats(issues)
        parts = [f"{doubted} was {state} when the node died; all done {took:.1f} s later"]
        for reader, where in ((self.kept, "lives"), (self.lost, "died")):
            parts.append(f"reader at the node that {where}: {self._events(reader, begin[reader], issues, doubted)}")

        self.first.start(within=120)
        await self._log_in(self.lost, self.first.client_port)
        await self._check_items(self.lost)
        # It is connected to the first again.
        self.program.stop()
        self.program.start()
        await self._until(self._is_done, "Broadsheet to be back")
        return "\n      ".join(parts)

    # What there is

    async def _publish(self) -> None:
        await asyncio.to_thread(self.program.say, "publish", self._write())

    def _write(self) -> str:
        self.issues.append(self.program.write_issue(SIZE))
        return self.issues[-1]

    def _kill(self, delay: float, is_sent: bool) -> None:
        end = time.monotonic() + PATIENCE
        # Looked at without a pause, since it takes milliseconds.
        while is_sent and self._state() in ("not yet given", "waiting"):
            if time.monotonic() > end:
                raise Wrong("nothing was sent to the engine")
        time.sleep(delay)
        self.first.kill9()

    def _database(self) -> contextlib.closing[sqlite3.Connection]:
        path = self.program.folder / "disk" / "broadsheet.sqlite"
        return contextlib.closing(sqlite3.connect(path, isolation_level=None))

    def _state(self) -> str:
        """How far the engine's newest change was, as the database has it."""
        with self._database() as store:
            row = store.execute("SELECT state FROM engineOperation ORDER BY id DESC LIMIT 1").fetchone()
            known = store.execute("SELECT count(DISTINCT name) FROM item").fetchone()[0]
        if row is not None:
            return row[0]
        return "done" if known == len(self.issues) else "not yet given"

    def _is_done(self) -> bool:
        try:
            status = json.loads(self.program.say("operator:facts", within=5))
        except (OSError, RuntimeError, ValueError):
            return False
        engine = status["engines"][0]
        if engine["refused"]:
            raise Wrong(f"the engine refused something: {engine}")
        return status["isConnected"] and engine["waiting"] == 0 and not status["deliveries"]

    async def _check_items(self, reader: Person) -> None:
        there = [each.id for each in await reader.items(FEEDS, NODE)]
        if there != self.issues:
            raise Wrong(f"{reader.name} finds {there}")

    async def _check_chats(self, issues: list[str]) -> None:
        """As in local mode: nobody misses any, and what came twice has the id it had."""
        for issue in issues:
            await self._until(lambda: self.crowd.reached(issue) >= self.chats, f"{issue} in all chats")
            if self.crowd.copies[issue].strange:
                raise Wrong(f"{issue} came to somebody with two ids")

    @staticmethod
    def _events(reader: Person, since: int, issues: list[str], doubted: str) -> str:
        """Counts; the newest item that comes with a login is no event of its own."""
        seen = Counter(
            item.id for heard in reader.heard[since:] if heard.node == NODE for item in heard.items
        )
        lost = [each for each in issues if each not in seen]
        twice = [each for each in issues if seen[each] > 1]
        words = [f"{len(issues) - len(lost)} of {len(issues)} events"]
        for what, found in (("lost", lost), ("twice", twice)):
            if found:
                names = (f"{each} (in doubt)" if each == doubted else each for each in found)
                words.append(f"{what}: {', '.join(names)}")
        return "; ".join(words)

    @staticmethod
    async def _log_in(reader: Person, port: int) -> None:
        with contextlib.suppress(Exception):
            await reader.logout()
        reader.port = port
        await reader.login()

    @staticmethod
    async def _until(condition, what: str) -> None:
        await asyncio.wait_for(asyncio.to_thread(wait, condition, what), PATIENCE + 60)
