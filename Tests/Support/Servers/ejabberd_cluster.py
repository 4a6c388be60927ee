"""A private cluster of ejabberd on loopback: several Erlang nodes that share one Mnesia.

    with Cluster({"juliet": "secret"}, has_feeds=True) as cluster:
        first, second = cluster.nodes
        ... first.client_port, second.component_port ...
        first.kill9()

Each node has ports and a folder of its own. Their epmd has a port of its own too, so that it does
not meet the system's, and is ended with them. The cookie is made for each cluster.
"""

import os
import secrets
import time
from pathlib import Path
from typing import Self

from child import LOOPBACK, Child, ServerError, accepts, free_ports, until
from ejabberd import Ejabberd, erlang_programs
from fixture import Fixture

# Who is not heard of for so many seconds is taken for dead; one whose process ends is at once.
TICK = 8

# Seconds between the starts of two nodes: Broadsheet knows them by these, in whole seconds.
STAGGER = 6


class Epmd:
    """Erlang's port mapper: nodes find each other by it."""

    def __init__(self, folder: Path) -> None:
        self.port = 0
        self._child = Child("epmd", folder / "epmd.out")

    def start(self) -> None:
        (self.port,) = free_ports(1)
        program = str(erlang_programs() / "epmd")
        self._child.spawn([program, "-address", LOOPBACK, "-port", str(self.port)])
        if not until(lambda: accepts(self.port), 300):
            raise ServerError(f"epmd did not start; log: {self._child.log}")

    def stop(self) -> None:
        # It knows no end in order.
        self._child.kill9()

    @property
    def environment(self) -> dict[str, str]:
        return {"ERL_EPMD_PORT": str(self.port), "ERL_EPMD_ADDRESS": LOOPBACK}


class Node(Ejabberd):
    """One ejabberd that knows others; the first makes the data, and the others join it."""

    def __init__(
        self, node: str, epmd: Epmd, cookie: str, first: str | None, *arguments: object, **more: object
    ) -> None:
        """`node` is Erlang's name for it, `first` that of the node to join."""
        super().__init__(*arguments, **more)
        self.node = f"{node}@{LOOPBACK}"
        self._epmd = epmd
        self._first = first
        path = self.folder / ".erlang.cookie"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as file:
            file.write(cookie)

    def _preparation(self) -> list[str]:
        if self._first is None:
            return super()._preparation()
        return [f"ok = ejabberd_cluster:join('{self._first}')."]

    def _distribution(self) -> list[str]:
        address = LOOPBACK.replace(".", ",")
        return [
            "-name", self.node,
            "-start_epmd", "false",
            "-kernel", "inet_dist_use_interface", f"{{{address}}}",
            "-kernel", "net_ticktime", str(TICK),
        ]  # fmt: skip

    def _environment(self) -> dict[str, str]:
        return self._epmd.environment


class Cluster(Fixture):
    """Nodes of one cluster, all with the same accounts, room, component secret and PubSub service."""

    def __init__(
        self,
        accounts: dict[str, str] | None = None,
        affiliations: dict[str, str] | None = None,
        folder: Path | None = None,
        size: int = 2,
        **more: object,
    ) -> None:
        """The other arguments are those of `Ejabberd`."""
        super().__init__("cluster", folder)
        self._epmd = Epmd(self.folder)
        cookie = secrets.token_hex(16)
        self.nodes: list[Node] = []
        for number in range(1, size + 1):
            name = f"node{number}"
            place = self.folder / name
            place.mkdir(parents=True)
            first = self.nodes[0].node if self.nodes else None
            made = Node(name, self._epmd, cookie, first, accounts, affiliations, place, **more)
            self.nodes.append(made)
        for each in self.nodes:
            each.component_secret = self.nodes[0].component_secret

    @property
    def component_secret(self) -> str:
        return self.nodes[0].component_secret

    def start(self) -> Self:
        """One after the other: who joins copies the data of the first."""
        self._epmd.start()
        for each in self.nodes:
            if each is not self.nodes[0]:
                time.sleep(STAGGER)
            each.start()
        return self

    def stop(self) -> None:
        """The first that was started is the last to end, so that it has the newest data."""
        for each in reversed(self.nodes):
            each.stop()
        self._epmd.stop()
