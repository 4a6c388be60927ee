"""Broadsheet's own deliveries through a cluster, whose nodes it tries in turn.

The readers are a component at the node that lives; Broadsheet is connected to the one that dies.
"""

import time
from pathlib import Path

from crowd import Crowd
from ejabberd_cluster import Cluster
from house import House
from installation import BATCH, NODE, WINDOW
from world import Wrong, wait
from xmpp_server import COMPONENT, CROWD

# Seconds after which nothing more is on its way, if nothing has come.
QUIET = 20


class Deliveries:
    def __init__(self, binary: Path, cluster: Cluster, readers: int) -> None:
        self.readers = readers
        self._first, self._second = cluster.nodes
        self.program = House(binary, cluster)
        self.crowd = Crowd(CROWD, self._second.component_port, cluster.component_secret)

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
