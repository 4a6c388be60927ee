"""Broadsheet's own deliveries through a cluster: one connection, by a balancer for both nodes.

The readers are a component at the node that lives; Broadsheet is connected to the one that dies.
"""

import sys
import time
from pathlib import Path

# What `make torture` breaks things with.
sys.path.append(str(Path(__file__).resolve().parent.parent / "Torture"))

from crowd import Crowd  # noqa: E402
from ejabberd_cluster import Cluster  # noqa: E402
from installation import BATCH, NODE, WINDOW, Installation  # noqa: E402
from proxy import Proxy  # noqa: E402
from world import Wrong, wait  # noqa: E402
from xmpp_server import COMPONENT, CROWD  # noqa: E402

# Seconds after which nothing more is on its way, if nothing has come.
QUIET = 20


class Deliveries:
    def __init__(self, binary: Path, cluster: Cluster, readers: int) -> None:
        self.readers = readers
        self._first, self._second = cluster.nodes
        secret = cluster.component_secret
        self._balancer = Proxy(self._first.component_port)
        self.crowd = Crowd(CROWD, self._second.component_port, secret)
        folder = cluster.folder / "broadsheet"
        self.program = Installation(binary, folder, self._balancer.port, secret)

    def __enter__(self) -> "Deliveries":
        try:
            self._open()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _open(self) -> None:
        self.program.start()
        wait(lambda: self.crowd.online.is_set() and self.program.is_idle(), "all to be connected")
        self.crowd.subscribe(range(self.readers), COMPONENT, NODE)

    def __exit__(self, *_: object) -> None:
        self.crowd.end()
        self.program.process.kill9()
        self._balancer.end()
        self.program.disk.end()

    def survive(self, share: float, size: int) -> str:
        """Publishes; the node dies when this share of the readers has it. Returns what came of it."""
        issue = self.program.write_issue(size)
        self.program.say("publish", issue)
        wait(lambda: self.crowd.reached(issue) >= share * self.readers, "the delivery to begin")
        mark = len(self.program.process.log_text())
        self._first.kill9()
        dead = time.monotonic()
        at = self.crowd.reached(issue)
        self._balancer.target = self._second.component_port
        self._balancer.cut()
        wait(self.program.is_idle, "the end of the delivery")
        took = time.monotonic() - dead

        copies = self.crowd.settles(issue, self.readers, QUIET)
        missing = sorted(copies.missing(self.readers))
        streams = max(1, self.program.log_since(mark).count("Stream ended: "))
        words = f"node dead at {at} of {self.readers}; done {took:.1f} s later, {copies.again} sent again"
        if copies.strange:
            raise Wrong(f"{words}, some with other ids")
        if missing:
            raise Wrong(f"{words}; {len(missing)} never got it, from {missing[0]} on")
        if copies.again > streams * WINDOW * BATCH and "Going back" not in self.program.log_since(mark):
            raise Wrong(f"{words}, more than the {streams} windows that were open")
        return words
