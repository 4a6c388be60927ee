"""What every private XMPP server of the tests has in common, whichever make it is.

It has one host with accounts, one external component, and a group chat service with one room that
outlives a restart. It lives on loopback, on ports and in a folder of its own.
"""

import argparse
import os
import secrets
import time
from pathlib import Path
from typing import Self

from child import LOOPBACK, Child, ServerError, accepts, free_ports
from fixture import Fixture

ROOT = Path(__file__).resolve().parents[3]
UNPACKED = ROOT / ".build" / "servers"

HOST = "localhost"
COMPONENT = "news.localhost"
# The newsletter of the tests, as a contact.
NEWSLETTER = f"dispatch@{COMPONENT}"
# Other components, with the same secret: one whose people are strangers, and one that does no work.
CROWD = "crowd.localhost"
ECHO = "echo.localhost"
COMPONENTS = (COMPONENT, CROWD, ECHO)
ROOMS = "rooms.localhost"
ROOM = f"comm-team@{ROOMS}"
# A PubSub service of the server's own, which only those tests have that ask for it.
FEEDS = "feeds.localhost"


class XMPPServer(Fixture):
    """Starts and ends one server; a make of server says how, in the methods below the line."""

    name = ""
    # Whether it accepts a second component of a domain, and gives each some of the stanzas.
    shares_domains = False
    # The names of the attributes that hold the ports it listens on.
    ports: tuple[str, ...] = ("client_port", "component_port")

    def __init__(
        self,
        accounts: dict[str, str] | None = None,
        affiliations: dict[str, str] | None = None,
        folder: Path | None = None,
        room_name: str = "Comm-Team",
        log_level: str = "debug",
        has_feeds: bool = False,
        node_makers: tuple[str, ...] | None = None,
        client_port: int = 0,
    ) -> None:
        """`accounts` is localpart to password, `affiliations` bare JID to affiliation in the room.

        `node_makers` are the bare JIDs that may make nodes at `FEEDS`. Prosody knows no other way for it
        than to make them admins of the service, who own every node there. Without it: in ejabberd
        everybody may, in Prosody Broadsheet's newsletter.

        A `client_port` of 0 is any that is free.

        At the level `debug` a server writes down every stanza, which makes it several times slower.
        """
        make = self.name.lower()
        super().__init__(make, folder)
        self.component_secret = secrets.token_hex(16)
        self.accounts = dict(accounts or {})
        self.affiliations = dict(affiliations or {})
        self.room_name = room_name
        self.log_level = log_level
        self.has_feeds = has_feeds
        self.node_makers = node_makers
        self.client_port = client_port
        self.component_port = 0
        self.log_path = self.folder / f"{make}.log"
        self._child = Child(self.name, self.folder / f"{make}.out")
        self._log_offset = 0

    @property
    def running(self) -> bool:
        return self._child.running

    # Life cycle

    def start(self, within: float = 300.0) -> Self:
        """Starts it and waits until it serves; the ports stay the same over restarts.

        A machine with much else to do takes a minute for what else takes a second; one that ends by
        itself is not waited for.
        """
        open_choices = [each for each in self.ports if getattr(self, each, 0) == 0]
        first = bool(open_choices)
        if first:
            self._write_data()
        for _ in range(3):
            for attribute, port in zip(open_choices, free_ports(len(open_choices))):
                setattr(self, attribute, port)
            self._write_configuration()
            self.log_path.touch()
            self._log_offset = self.log_path.stat().st_size
            self._spawn()
            if self._wait_until_up(within):
                return self
            self._child.kill9()
            # At the first start somebody may have taken a port between our look and the server's.
            if not (first and self._lacks_port()):
                break
        raise ServerError(f"{self.name} did not start; logs: {self.log_path}, {self._child.log}")

    def stop(self, within: float = 20.0) -> None:
        """Ends it in order: streams are closed, everything is written."""
        self._child.stop(within)

    def restart(self) -> None:
        self.stop()
        self.start()

    def signal(self, number: int) -> None:
        """Sends it a signal, such as SIGSTOP, which lets it stand still."""
        self._child.signal(number)

    @property
    def unread(self) -> int:
        """How many bytes from components have come to its machine that it has not read."""
        lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
        return sum(
            int(queues.split(":")[1], 16)
            for _, local, _, _, queues, *_ in lines
            if int(local.split(":")[1], 16) == self.component_port
        )

    def kill9(self) -> None:
        """Ends it as a crash would: no stream is closed, nothing is written."""
        self._child.kill9()

    def _wait_until_up(self, within: float) -> bool:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and self._child.running:
            if self._lacks_port():
                return False
            if self._is_prepared() and all(accepts(getattr(self, each)) for each in self.ports):
                return True
            time.sleep(0.02)
        return False

    def _fresh_log(self) -> str:
        """What it has logged since its last start."""
        with self.log_path.open(errors="replace") as log:
            log.seek(self._log_offset)
            return log.read()

    # What the makes do each in their way

    def read_the_end_of_component_stream(self) -> bool:
        """Whether it logged that the component closed its stream with the closing tag."""
        raise NotImplementedError

    def has_written(self, text: str) -> bool:
        """Whether a text that it has stored is on its disk; most write before they answer."""
        return True

    def _write_data(self) -> None:
        """What has to be there before the very first start."""

    def _write_configuration(self) -> None:
        raise NotImplementedError

    def _spawn(self) -> None:
        raise NotImplementedError

    def _is_prepared(self) -> bool:
        """Whether accounts and room are there; asked before the ports are tried."""
        return True

    def _lacks_port(self) -> bool:
        """Whether it says that somebody else has a port it wants."""
        raise NotImplementedError


def find_tree(make: str, file: str) -> Path:
    """The folder below which `file` lies: the system's, or the one install-deps.sh unpacked.

    BROADSHEET_PRIVATE_SERVERS=1 takes the unpacked one even where the system has its own.
    """
    private = UNPACKED / make
    is_private_only = os.environ.get("BROADSHEET_PRIVATE_SERVERS") == "1"
    for tree in [private] if is_private_only else [Path("/"), private]:
        if (tree / file).exists():
            return tree
    raise ServerError(f"There is no {make} here. Run Scripts/install-deps.sh once.")


def serve(make: type[XMPPServer], **more: object) -> int:
    """Runs one until Ctrl-C, to try things by hand."""
    parser = argparse.ArgumentParser(description=f"Run a private {make.name} until Ctrl-C.")
    parser.add_argument("--serve", metavar="FOLDER", required=True, type=Path)
    parser.add_argument("--account", action="append", default=[], metavar="NAME:PASSWORD")
    options = parser.parse_args()
    options.serve.mkdir(parents=True, exist_ok=True)
    accounts = dict(each.split(":", 1) for each in options.account)
    with make(accounts, folder=options.serve, **more) as server:
        for attribute in server.ports:
            print(f"{attribute:<18} {LOOPBACK}:{getattr(server, attribute)}")
        print(f"{'component':<18} {COMPONENT}, secret {server.component_secret}")
        print(f"{'log':<18} {server.log_path}", flush=True)
        try:
            while server.running:
                time.sleep(0.5)
        except KeyboardInterrupt:
            return 0
    return 1
