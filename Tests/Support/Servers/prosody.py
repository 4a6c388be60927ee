#!/usr/bin/python3
"""A private Prosody on loopback: own ports, own folder, nothing of the system's touched.

    with Prosody(accounts={"juliet": "secret"}) as server:
        ... server.client_port, server.component_port, server.component_secret ...

`prosody.py --serve FOLDER` runs one until Ctrl-C, to try things by hand.
"""

import argparse
import os
import re
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

from child import LOOPBACK, Child, ServerError, accepts, free_ports

ROOT = Path(__file__).resolve().parents[3]
PRIVATE_TREE = ROOT / ".build" / "servers" / "prosody"

HOST = "localhost"
COMPONENT = "news.localhost"
ROOMS = "rooms.localhost"
ROOM = f"comm-team@{ROOMS}"

MODULES = (
    "blocklist",
    "carbons",
    "disco",
    "offline",
    "pep",
    "ping",
    "posix",
    "private",
    "roster",
    "saslauth",
    "smacks",
    "time",
    "vcard_legacy",
    "version",
)


def _lua(value: object) -> str:
    """A Lua literal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, dict):
        pairs = (f"[{_lua(key)}] = {_lua(each)};" for key, each in value.items())
        return "{ " + " ".join(pairs) + " }"
    if isinstance(value, (list, tuple)):
        return "{ " + " ".join(f"{_lua(each)};" for each in value) + " }"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def _data_name(text: str) -> str:
    """How Prosody spells a host or a user in the path of its data."""
    return re.sub(r"[^A-Za-z0-9]", lambda match: f"%{ord(match[0]):02x}", text)


def installed_tree() -> Path:
    """The folder that holds `usr/bin/prosody`: the system's, or the one install-deps.sh unpacked.

    BROADSHEET_PRIVATE_PROSODY=1 takes the unpacked one even where the system has its own.
    """
    private_only = os.environ.get("BROADSHEET_PRIVATE_PROSODY") == "1"
    trees = [PRIVATE_TREE] if private_only else [Path("/"), PRIVATE_TREE]
    for tree in trees:
        if (tree / "usr/bin/prosody").is_file():
            return tree
    raise ServerError("There is no Prosody here. Run Scripts/install-deps.sh once.")


class Prosody:
    """A Prosody with one host, one external component and a group chat service."""

    def __init__(
        self,
        accounts: dict[str, str] | None = None,
        affiliations: dict[str, str] | None = None,
        folder: Path | None = None,
        room_name: str = "Comm-Team",
    ) -> None:
        """`accounts` is localpart to password, `affiliations` bare JID to affiliation in the room."""
        self._owns_folder = folder is None
        self.folder = Path(folder or tempfile.mkdtemp(prefix="broadsheet-prosody-"))
        self.component_secret = secrets.token_hex(16)
        self.accounts = dict(accounts or {})
        self.affiliations = dict(affiliations or {})
        self.room_name = room_name
        self.client_port = 0
        self.component_port = 0
        self.log_path = self.folder / "prosody.log"
        self._child = Child("Prosody", self.folder / "prosody.out")

    def __enter__(self) -> "Prosody":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._owns_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def running(self) -> bool:
        return self._child.running

    # Life cycle

    def start(self, within: float = 15.0) -> "Prosody":
        """Starts it and waits until both ports accept; the ports stay the same over restarts."""
        tree = installed_tree()
        first = self.client_port == 0
        if first:
            self._write_data()
        for attempt in range(3):
            if first:
                self.client_port, self.component_port = free_ports(2)
            self._write_configuration()
            self._spawn(tree)
            if self._wait_for_ports(within):
                return self
            # Somebody else took a port between our look and Prosody's: try others.
            self._child.kill9()
            if not first:
                break
        raise ServerError(f"Prosody did not start; logs: {self.log_path}, {self._child.log}")

    def stop(self, within: float = 10.0) -> None:
        self._child.stop(within)

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill9(self) -> None:
        """Ends it as a crash would: no stream is closed, nothing is written."""
        self._child.kill9()

    # What it stands on

    def _spawn(self, tree: Path) -> None:
        launcher = self.folder / "prosody.lua"
        text = (tree / "usr/bin/prosody").read_text()
        interpreter = shutil.which(text.splitlines()[0].split()[-1].removeprefix("#!"))
        if interpreter is None:
            raise ServerError("Prosody's Lua is missing. Run Scripts/install-deps.sh once.")
        library = tree / "usr/lib/prosody"
        places = {
            "CFG_SOURCEDIR": library,
            "CFG_CONFIGDIR": self.folder,
            "CFG_PLUGINDIR": f"{library}/modules/",
            "CFG_DATADIR": self.folder / "data",
        }
        for name, place in places.items():
            text = re.sub(rf"(?m)^{name}=.*$", lambda _: f"{name}={_lua(place)};", text)
        launcher.write_text(text)
        configuration = str(self.folder / "prosody.cfg.lua")
        self.log_path.touch()
        self._log_offset = self.log_path.stat().st_size
        self._child.spawn([interpreter, str(launcher), "--config", configuration, "-F"])

    def _wait_for_ports(self, within: float) -> bool:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and self._child.running:
            if "Failed to open server port" in self._fresh_log():
                return False
            if accepts(self.client_port) and accepts(self.component_port):
                return True
            time.sleep(0.05)
        return False

    def _fresh_log(self) -> str:
        with self.log_path.open(errors="replace") as log:
            log.seek(self._log_offset)
            return log.read()

    def _write_configuration(self) -> None:
        settings = {
            "run_as_root": True,
            "daemonize": False,
            "data_path": self.folder / "data",
            "pidfile": self.folder / "prosody.pid",
            "plugin_paths": [],
            "interfaces": [LOOPBACK],
            "c2s_ports": [self.client_port],
            "c2s_direct_tls_ports": [],
            "legacy_ssl_ports": [],
            "s2s_ports": [],
            "component_interfaces": [LOOPBACK],
            "component_ports": [self.component_port],
            "http_ports": [],
            "https_ports": [],
            "modules_enabled": MODULES,
            "modules_disabled": ["s2s", "tls"],
            "authentication": "internal_plain",
            "storage": "internal",
            "c2s_require_encryption": False,
            "allow_unencrypted_plain_auth": True,
            "muc_room_locking": False,
        }
        lines = [f"{key} = {_lua(value)};" for key, value in settings.items()]
        lines += [
            f'log = {{ {{ levels = {{ min = "debug" }}; to = "file"; filename = {_lua(self.log_path)} }} }};',
            f"VirtualHost {_lua(HOST)}",
            f'Component {_lua(ROOMS)} "muc"',
            f"Component {_lua(COMPONENT)}",
            f"    component_secret = {_lua(self.component_secret)};",
        ]
        (self.folder / "prosody.cfg.lua").write_text("\n".join(lines) + "\n")

    def _write_data(self) -> None:
        """Accounts and room are files of its internal storage: no registering, so it is up at once."""
        for name, password in self.accounts.items():
            self._store(HOST, "accounts", name, {"password": password})
        self._store(ROOMS, "persistent", None, {ROOM: True})
        localpart = ROOM.split("@")[0]
        room = {
            "jid": ROOM,
            "_data": {"persistent": True, "name": self.room_name},
            "_affiliations": self.affiliations,
            "_affiliation_data": {},
        }
        self._store(ROOMS, "config", localpart, room)

    def _store(self, host: str, store: str, name: str | None, value: object) -> None:
        place = self.folder / "data" / _data_name(host)
        path = place / f"{store}.dat" if name is None else place / store / f"{_data_name(name)}.dat"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"return {_lua(value)};\n")


def main() -> int:
    parser = argparse.ArgumentParser(description="Run a private Prosody until Ctrl-C.")
    parser.add_argument("--serve", metavar="FOLDER", required=True, type=Path)
    parser.add_argument("--account", action="append", default=[], metavar="NAME:PASSWORD")
    options = parser.parse_args()
    options.serve.mkdir(parents=True, exist_ok=True)
    accounts = dict(each.split(":", 1) for each in options.account)
    with Prosody(accounts, folder=options.serve) as server:
        print(f"clients    {LOOPBACK}:{server.client_port}")
        print(f"component  {COMPONENT} at {LOOPBACK}:{server.component_port}")
        print(f"secret     {server.component_secret}")
        print(f"log        {server.log_path}", flush=True)
        try:
            while server.running:
                time.sleep(0.5)
        except KeyboardInterrupt:
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
