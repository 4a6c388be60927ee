#!/usr/bin/python3
"""A private ejabberd on loopback: own ports, own folder, nothing of the system's touched.

It runs without Erlang's distribution, so it has no node name, needs no cookie, and no epmd is
started. `ejabberdctl` cannot reach it therefore: accounts and room are made by an Erlang script that
it evaluates at its first start.

`ejabberd.py --serve FOLDER` runs one until Ctrl-C, to try things by hand.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from certificates import Certificates, make_certificates
from child import LOOPBACK
from xmpp_server import COMPONENT, COMPONENTS, FEEDS, HOST, ROOM, ROOMS, XMPPServer, find_tree, serve

MULTICAST = f"multicast.{HOST}"
LIBRARIES = "usr/lib"
ERLANG = f"{LIBRARIES}/erlang"
# Bytes before the first term of a log.
HEAD = 8


def erlang_programs() -> Path:
    """The folder of Erlang's own programs, of the system's or of the unpacked server's."""
    tree = find_tree("ejabberd", "usr/sbin/ejabberdctl")
    return next((tree / ERLANG).glob("erts-*")) / "bin"


def _erlang(text: object) -> str:
    """An Erlang binary."""
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'<<"{escaped}"/utf8>>'


def _terms(log: bytes) -> Iterator[bytes]:
    """The whole terms of a log of Erlang's disk_log: behind its head a length, a sign and a term each.

    It is written in pieces, so that the last term may be cut off.
    """
    place = HEAD
    while (begin := place + 8) < len(log):
        place = begin + int.from_bytes(log[place : place + 4], "big")
        if place <= len(log):
            yield log[begin:place]


class Ejabberd(XMPPServer):
    """An ejabberd with one host, one external component and a group chat service."""

    name = "ejabberd"
    shares_domains = True

    def __init__(
        self,
        *arguments: object,
        has_tls: bool = False,
        has_multicast: bool = False,
        most_addresses: int = 0,
        refuses_multicast: bool = False,
        **more: object,
    ) -> None:
        """`has_tls` adds a component port that starts with TLS, `component_tls_port`, and offers
        STARTTLS to clients.

        The certificate, in `certificates`, is for our names and for 127.0.0.1.

        `has_multicast` adds a service for XEP-0033, which takes so many addresses at once; 0 is as
        many as it does by itself. It may refuse all of it.
        """
        super().__init__(*arguments, **more)
        self.has_multicast = has_multicast
        self.most_addresses = most_addresses
        self.refuses_multicast = refuses_multicast
        self.component_tls_port = 0
        self.certificates: Certificates | None = None
        if has_tls:
            self.ports = (*self.ports, "component_tls_port")
            names = [*(f"DNS:{each}" for each in (HOST, COMPONENT, ROOMS)), f"IP:{LOOPBACK}"]
            self.certificates = make_certificates(self.folder / "certificates", names)

    def read_the_end_of_component_stream(self) -> bool:
        return any(
            "</stream:stream>" in line and "Received XML" in line
            for line in self.log_path.read_text(errors="replace").splitlines()
        )

    def has_written(self, text: str) -> bool:
        # Mnesia writes its log some seconds after the answer, in order. The tables that it keeps on
        # the disk alone have it before that, and may lose it again.
        path = self.folder / "spool" / "LATEST.LOG"
        return path.exists() and any(text.encode() in each for each in _terms(path.read_bytes()))

    # What it stands on

    def _write_data(self) -> None:
        self._prepared.unlink(missing_ok=True)
        # Written through to disk, so that a crash right after the start loses none of it.
        ending = ["ok = mnesia:sync_log().", f"ok = file:write_file({_erlang(self._prepared)}, <<>>)."]
        script = "\n".join([*self._preparation(), *ending])
        (self.folder / "prepare.erl").write_text(f"{script}\n")

    @property
    def _prepared(self) -> Path:
        return self.folder / "prepared"

    def _is_prepared(self) -> bool:
        return self._prepared.exists()

    def _preparation(self) -> list[str]:
        """Accounts, room and affiliations, as Erlang expressions to be evaluated in ejabberd."""
        room, _, service = ROOM.partition("@")
        at = f"{_erlang(room)}, {_erlang(service)}"
        settings = {"persistent": "true", "title": self.room_name}
        options = ", ".join(f"{{{_erlang(k)}, {_erlang(v)}}}" for k, v in settings.items())
        lines = [
            f"ok = ejabberd_auth:try_register({_erlang(name)}, {_erlang(HOST)}, {_erlang(password)})."
            for name, password in self.accounts.items()
        ]
        lines.append(
            f"ok = mod_muc_admin:create_room_with_opts({at}, {_erlang(HOST)}, [{options}])."
        )
        lines += [
            f"ok = mod_muc_admin:set_room_affiliation({at}, {_erlang(jid)}, {_erlang(affiliation)})."
            for jid, affiliation in self.affiliations.items()
        ]
        return lines

    def _write_configuration(self) -> None:
        clients = {"module": "ejabberd_c2s", "max_stanza_size": 262144}
        listeners = [
            {"port": self.client_port, "starttls": bool(self.certificates), **clients},
            {"port": self.component_port, **self._component_listener()},
        ]
        if self.certificates:
            # ejabberd_service takes the listener's certificate, not those of `certfiles`.
            secure = {"tls": True, "certfile": str(self.certificates.server)}
            listeners.append(
                {"port": self.component_tls_port, **secure, **self._component_listener()}
            )
        settings = {
            "hosts": [HOST],
            "loglevel": self.log_level,
            "log_rotate_size": "infinity",
            "listen": [{"ip": LOOPBACK, **each} for each in listeners],
            "auth_method": ["internal"],
            "s2s_access": "none",
            "modules": {
                "mod_admin_extra": {},
                "mod_blocking": {},
                "mod_carboncopy": {},
                "mod_disco": {},
                "mod_last": {},
                "mod_muc": {"host": ROOMS},
                "mod_muc_admin": {},
                "mod_offline": {},
                "mod_ping": {},
                "mod_privacy": {},
                "mod_private": {},
                "mod_roster": {"versioning": True},
                "mod_stream_mgmt": {},
                "mod_time": {},
                "mod_version": {},
            },
        }
        if self.certificates:
            settings["certfiles"] = [str(self.certificates.server)]
        if self.has_feeds:
            feeds = {"host": FEEDS, "plugins": ["flat"]}
            if self.node_makers is not None:
                settings["acl"] = {"node_makers": {"user": list(self.node_makers)}}
                settings["access_rules"] = {"make_nodes": {"allow": "node_makers"}}
                feeds["access_createnode"] = "make_nodes"
            settings["modules"]["mod_pubsub"] = feeds
        if self.has_multicast:
            limits = {"message": self.most_addresses} if self.most_addresses else {}
            multicast = {
                "host": MULTICAST,
                "limits": {"local": limits, "remote": limits},
                "access": "none" if self.refuses_multicast else "all",
            }
            settings["modules"]["mod_multicast"] = multicast
        # JSON is YAML.
        (self.folder / "ejabberd.yml").write_text(json.dumps(settings, indent=2) + "\n")

    def _component_listener(self) -> dict[str, object]:
        return {
            "module": "ejabberd_service",
            # Otherwise each component of a port takes part in the domains of all others.
            "global_routes": False,
            "hosts": {each: {"password": self.component_secret} for each in COMPONENTS},
        }

    def _spawn(self) -> None:
        tree = find_tree("ejabberd", "usr/sbin/ejabberdctl")
        home = tree / ERLANG
        programs = erlang_programs()
        code = next((tree / LIBRARIES).glob("*/ejabberd-*/ebin/ejabberd.app")).parent
        script = json.dumps(str(self.folder / "prepare.erl"))
        command = [
            str(programs / "erlexec"),
            "-noinput",
            "-boot", "start_clean",
            "-pa", str(code),
            # Half of the default table of processes is allocated at once; a test needs few.
            "+P", "20000",
            "-mnesia", "dir", json.dumps(str(self.folder / "spool")),
            *self._distribution(),
            "-s", "ejabberd",
        ]  # fmt: skip
        if not self._is_prepared():
            command += ["-eval", f"ok = file:eval({script})."]
        self._child.spawn(
            command,
            {
                # What the `erl` script would set, with the folder it was built for.
                "ROOTDIR": str(home),
                "BINDIR": str(programs),
                "EMU": "beam",
                "PROGNAME": "erl",
                "HOME": str(self.folder),
                "EJABBERD_CONFIG_PATH": str(self.folder / "ejabberd.yml"),
                "EJABBERD_LOG_PATH": str(self.log_path),
                "ERL_CRASH_DUMP": os.devnull,
                "ERL_LIBS": "",
                **self._environment(),
            },
        )

    def _distribution(self) -> list[str]:
        """How Erlang shall be told of other nodes; alone it knows none."""
        return []

    def _environment(self) -> dict[str, str]:
        """What else Erlang finds in its environment."""
        return {}

    def _lacks_port(self) -> bool:
        return "address already in use" in self._fresh_log()


if __name__ == "__main__":
    sys.exit(serve(Ejabberd, has_tls=True))
