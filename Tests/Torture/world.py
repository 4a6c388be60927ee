"""A server full of readers, Broadsheet, and a proxy between them."""

import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Support" / "Servers"))

from broadsheet import CONTACT  # noqa: E402
from child import until  # noqa: E402
from crowd import Crowd  # noqa: E402
from installation import NODE, Installation  # noqa: E402
from proxy import Proxy  # noqa: E402
from raw_stream import RawComponent  # noqa: E402
from xmpp_server import COMPONENT, CROWD  # noqa: E402

# Seconds; only so that what hangs ends.
PATIENCE = 600
FULL = "is full. Free some space"


class Wrong(Exception):
    """Something that must not happen did."""


class World:
    def __init__(self, make: type, binary: Path, folder: Path, readers: int) -> None:
        self.readers = readers
        place = folder / make.name.lower()
        place.mkdir(parents=True)
        self.server = make(folder=place, log_level="info").start()
        self.server_started = time.monotonic()
        self.proxy = Proxy(self.server.component_port)
        self.crowd = Crowd(CROWD, self.server.component_port, self.server.component_secret)
        self.program = Installation(
            binary, folder / "broadsheet", self.proxy.port, self.server.component_secret
        )
        if self.program.disk.is_real:
            self.refuse_full_disk()
        self.program.start()
        wait(lambda: self.crowd.online.is_set() and self.program.is_idle(), "all to be connected")
        # The last of them read in chats.
        events = readers - readers // 10
        self.crowd.subscribe(range(events), COMPONENT, NODE)
        self.crowd.subscribe_in_chats(range(events, readers), CONTACT)

    def refuse_full_disk(self) -> None:
        """Where there is no room for a database it ends at its very first start, and says why."""
        self.program.disk.fill()
        self.program.start()
        code = self.program.process.wait(PATIENCE)
        said = self.program.process.log_text()
        if code != 1 or FULL not in said:
            raise Wrong(f"a first start on a full disk ended with {code}: {said}")
        self.program.disk.clear()

    def kill_program(self) -> None:
        """Its database is as good as before."""
        self.program.process.kill9()
        self.check_database()

    def check_database(self) -> None:
        found = self.program.integrity()
        if found != "ok":
            raise Wrong(f"the database is damaged: {found}")

    def revive(self) -> None:
        """The readers first, so that nobody is written to who is not there."""
        self.crowd.online.clear()
        self.server.start()
        self.server_started = time.monotonic()
        wait(self.crowd.online.is_set, "the readers to come back")
        self.proxy.open_door()

    def connect_twin(self, seconds: float) -> None:
        """Another component has our domain for so long, and reads what comes to it."""
        server = self.server
        twin = RawComponent(COMPONENT, server.component_port, server.component_secret, patience=30)
        deadline = time.monotonic() + seconds
        with twin.socket as connection:
            while (left := deadline - time.monotonic()) > 0:
                connection.settimeout(left)
                try:
                    if not connection.recv(1 << 16):
                        return
                except TimeoutError:
                    return

    def set_pace(self, pace: int) -> None:
        if pace != self.program.pace:
            self.program.restart(pace)
            wait(self.program.is_idle, "all to be connected")

    def end(self) -> None:
        self.crowd.end()
        self.program.process.kill9()
        self.server.kill9()
        self.proxy.end()
        self.program.disk.end()


def wait(condition, what: str, within: float = PATIENCE) -> None:
    if not until(condition, within):
        raise Wrong(f"waited {within:g} s in vain for {what}")
