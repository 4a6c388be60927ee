"""The built program on a small disk, with a clock that can be stepped, and the servers beside it."""

import ctypes
import json
import shutil
import socket
import sqlite3
import subprocess
import time
from pathlib import Path

from broadsheet import Broadsheet
from child import LOOPBACK
from ejabberd import Ejabberd
from prosody import Prosody
from xmpp_server import COMPONENT

NODE = "dispatch-en"
BATCH, WINDOW, REWIND = 200, 4, 2
DISK = 48 << 20
CLOCK = Path(__file__).with_name("clock.c")

CONFIGURATION = f"""\
component:
  jid: {COMPONENT}
  server: {LOOPBACK}:{{port}}
  secret_file: secret
  server_domain: localhost
  keep_alive: 3
database: disk/broadsheet.sqlite
control:
  socket: control.sock
newsletters:
  dispatch:
    title: The Dispatch
    issues: issues
# One domain has all readers, who subscribe at once.
limits:
  domain_rate: 1000000
  domain_burst: 1000000
readers:
  sign_ups: 0
  sign_ups_per_domain: 0
delivery:
  batch_size: {BATCH}
  window: {WINDOW}
  rewind: {REWIND}
  pace: {{pace}}
  barrier_timeout: 5
  retry_delay: 1
  failures_allowed: 0
log:
  level: info
"""

libc = ctypes.CDLL(None, use_errno=True)


class SmallDisk:
    """A file system of its own in memory, so that it can be filled; needs root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        options = f"size={DISK}".encode()
        self.is_real = libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, options) == 0
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        with self._ballast.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(1 << 16)):
                    pass
            except OSError:
                pass

    def clear(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def end(self) -> None:
        if self.is_real:
            libc.umount2(str(self.folder).encode(), 2)


class Installation(Broadsheet):
    def __init__(self, binary: Path, folder: Path, port: int, secret: str) -> None:
        self.disk = SmallDisk(folder / "disk")
        self.clock = folder / "clock"
        self.pace = 0
        self._port = port
        self._issues = 0
        self._steps = folder / "clock.so"
        super().__init__(binary, folder, port, secret)
        self.step_clock(0)
        if compiler := shutil.which("clang") or shutil.which("cc"):
            subprocess.run(
                [compiler, "-O1", "-shared", "-fPIC", "-o", str(self._steps), str(CLOCK), "-ldl"],
                check=True,
            )

    def write_configuration(self, component_port: int, change: object = None) -> None:
        self.configuration.write_text(CONFIGURATION.format(port=component_port, pace=self.pace))

    def restart(self, pace: int) -> None:
        """Goes on with so many messages a second; 0 is as many as the server takes."""
        self.stop()
        self.pace = pace
        self.write_configuration(self._port)
        self.start()

    @property
    def can_step_clock(self) -> bool:
        return self._steps.exists()

    def step_clock(self, seconds: int) -> None:
        """How far its clock differs from the machine's."""
        self.clock.write_text(f"{seconds}\n")

    def start(self) -> None:
        environment = {
            "CLOCK_OFFSET_FILE": str(self.clock),
            "LD_PRELOAD": str(self._steps),
        }
        self.process.spawn(
            [str(self.binary), "run", "--config", str(self.configuration)],
            environment if self.can_step_clock else None,
        )

    def write_issue(self, size: int) -> str:
        self._issues += 1
        name = f"2026-01-01-t{self._issues:04}"
        words = "A ship came in with the tide, and another left. " * (size // 100 + 1)
        (self.issues / f"{name}.md").write_text(
            f'---\ntitle: "Issue {self._issues}"\ndate: 2026-01-01\nsummary: "Ships"\n---\n\n'
            f"{words[: size // 2]}\n"
        )
        return name

    def change_issue(self, name: str) -> None:
        path = self.issues / f"{name}.md"
        path.write_text(path.read_text().replace("A ship", "A brig"))

    def say(self, *words: str, within: float = 30) -> str:
        """Gives a command over the control socket, again while nobody listens there."""
        deadline = time.monotonic() + within
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as control:
                    control.settimeout(within)
                    control.connect(str(self.folder / "control.sock"))
                    request = {"words": words, "language": "en", "agreesToAll": True}
                    control.sendall(json.dumps(request).encode() + b"\n")
                    with control.makefile() as replies:
                        for line in replies:
                            reply = json.loads(line)
                            if reply["kind"] == "done":
                                return reply["text"]
                            if reply["kind"] != "progress":
                                raise RuntimeError(f"{' '.join(words)}: {reply}")
                raise OSError("no reply")
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def log_since(self, mark: int) -> str:
        return self.process.log_text()[mark:]

    def is_idle(self) -> bool:
        try:
            text = self.say("status", within=5)
        except (OSError, RuntimeError):
            return False
        return "Connected to" in text and "Nothing is on its way" in text

    def integrity(self) -> str:
        """What SQLite says of the database: beside the program, or as a crash has left it."""
        database = self._beside() if self.process.running else self._copy()
        try:
            foreign = database.execute("PRAGMA foreign_key_check").fetchall()
            words = [row[0] for row in database.execute("PRAGMA integrity_check")]
            return "ok" if words == ["ok"] and not foreign else f"{words} {foreign}"
        except sqlite3.DatabaseError as error:
            return str(error)
        finally:
            database.close()

    def _beside(self) -> sqlite3.Connection:
        path = self.folder / "disk" / "broadsheet.sqlite"
        return sqlite3.connect(f"file:{path}?mode=ro", timeout=30, uri=True)

    def _copy(self) -> sqlite3.Connection:
        copy = self.folder / "copy.sqlite"
        for suffix in ("", "-wal"):
            source = Path(str(self.folder / "disk" / "broadsheet.sqlite") + suffix)
            target = Path(str(copy) + suffix)
            target.unlink(missing_ok=True)
            if source.exists():
                target.write_bytes(source.read_bytes())
        Path(str(copy) + "-shm").unlink(missing_ok=True)
        return sqlite3.connect(copy)


class QuickProsody(Prosody):
    """As it comes, it reads 8 kB and then waits a millisecond: a point would take three times as long.

    It also refuses a second component of a domain, so that nobody could be replaced.
    """

    def _write_configuration(self) -> None:
        super()._write_configuration()
        path = self.folder / "prosody.cfg.lua"
        quick = "network_settings = { read_size = 65536; min_wait = 1e-6; nagle = false };"
        kick = 'component_conflict_resolve = "kick_old";'
        path.write_text(f"{quick}\n{kick}\n{path.read_text()}")


SERVERS = {"prosody": QuickProsody, "ejabberd": Ejabberd}
