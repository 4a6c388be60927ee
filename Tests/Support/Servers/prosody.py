#!/usr/bin/python3
"""A private Prosody on loopback: own ports, own folder, nothing of the system's touched.

    with Prosody(accounts={"juliet": "secret"}) as server:
        ... server.client_port, server.component_port, server.component_secret ...

`prosody.py --serve FOLDER` runs one until Ctrl-C, to try things by hand.
"""

import re
import shutil
import sys
from pathlib import Path

from certificates import Certificates, make_certificates
from child import LOOPBACK, ServerError
from xmpp_server import (
    COMPONENT,
    COMPONENTS,
    FEEDS,
    HOST,
    NEWSLETTER,
    ROOM,
    ROOMS,
    XMPPServer,
    find_tree,
    serve,
)

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
    "uptime",
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


class Prosody(XMPPServer):
    """A Prosody with one host, one external component and a group chat service."""

    name = "Prosody"

    def __init__(
        self,
        *arguments: object,
        has_tls: bool = False,
        hats: dict[str, str] | None = None,
        **more: object,
    ) -> None:
        """`has_tls` offers STARTTLS to clients, with a certificate of `certificates`' authority; `hats`
        makes rooms give them, by the bare addresses of who wears them."""
        super().__init__(*arguments, **more)
        self.hats = hats
        self.certificates: Certificates | None = None
        if has_tls:
            names = [f"DNS:{each}" for each in (HOST, COMPONENT, ROOMS)]
            self.certificates = make_certificates(self.folder / "certificates", names)

    def read_the_end_of_component_stream(self) -> bool:
        return any(
            "</stream:stream>" in line and ("jcp" in line or "component" in line)
            for line in self.log_path.read_text(errors="replace").splitlines()
        )

    # What it stands on

    def _spawn(self) -> None:
        tree = find_tree("prosody", "usr/bin/prosody")
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
        self._child.spawn([interpreter, str(launcher), "--config", configuration, "-F"])

    def _lacks_port(self) -> bool:
        return "Failed to open server port" in self._fresh_log()

    def _write_configuration(self) -> None:
        settings = {
            "run_as_root": True,
            "daemonize": False,
            "data_path": self.folder / "data",
            "pidfile": self.folder / "prosody.pid",
            "plugin_paths": [Path(__file__).resolve().parent / "modules"],
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
            "modules_disabled": ["s2s"] if self.certificates else ["s2s", "tls"],
            "authentication": "internal_plain",
            "storage": "internal",
            "c2s_require_encryption": False,
            "allow_unencrypted_plain_auth": True,
            "muc_room_locking": False,
        }
        if self.certificates:
            file = self.certificates.server
            settings["modules_enabled"] = (*MODULES, "tls")
            settings["ssl"] = {"certificate": file, "key": file}
        lines = [f"{key} = {_lua(value)};" for key, value in settings.items()]
        lines += [
            f'log = {{ {{ levels = {{ min = {_lua(self.log_level)} }}; to = "file"; filename = {_lua(self.log_path)} }} }};',
            f"VirtualHost {_lua(HOST)}",
            # Its archive gives messages ids; the rooms of the other server do without.
            f'Component {_lua(ROOMS)} "muc"',
            '    modules_enabled = { "muc_mam" };',
        ]
        if self.hats:
            lines[-1] = '    modules_enabled = { "muc_mam", "given_hats" };'
            lines.append(f"    given_hats = {_lua(self.hats)};")
        if self.has_feeds:
            # Broadsheet makes them in the name of a newsletter. Nobody who reads may be an admin: access
            # models and affiliations don't hold for these.
            makers = (NEWSLETTER,) if self.node_makers is None else self.node_makers
            lines += [f'Component {_lua(FEEDS)} "pubsub"', f"    admins = {_lua(makers)};"]
        for component in COMPONENTS:
            lines.append(f"Component {_lua(component)}")
            lines.append(f"    component_secret = {_lua(self.component_secret)};")
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


if __name__ == "__main__":
    sys.exit(serve(Prosody))
