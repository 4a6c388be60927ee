"""A place in which clients find our server as if it were on the internet, and nothing else.

Each client is played in namespaces of its own. There it has a loopback and no other network, so
that the port 5222 is free; names are looked up in a file; and the only certificate authority that
anybody trusts is the test's. Nothing of it is seen outside, and all that was started ends with it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from child import LOOPBACK, die_with_parent
from xmpp_server import COMPONENT, HOST, ROOMS

INSIDE = "BROADSHEET_CLIENTS_INSIDE"
TRUST = Path("/etc/ssl/certs")
# Whom clients run as that refuse to be root: nobody.
NOBODY = 65534


def is_inside() -> bool:
    return INSIDE in os.environ


def run(words: list[str]) -> int:
    """Runs this Python on the words inside, and returns the exit code."""
    command = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() != 0:
        command += ["--user", "--map-current-user", "--keep-caps"]
    command += [sys.executable, *words]
    environment = {**os.environ, INSIDE: "1"}
    return subprocess.run(command, env=environment, preexec_fn=die_with_parent).returncode


def furnish() -> None:
    """Inside, there is a loopback, but it is down."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def arrange(folder: Path, authority: Path) -> None:
    """Gives the names of our server to loopback, and trusts this authority and no other."""
    hosts = folder / "hosts"
    hosts.write_text("".join(f"{LOOPBACK} {each}\n" for each in (HOST, COMPONENT, ROOMS)))
    resolver = folder / "resolv.conf"
    resolver.write_text(f"nameserver {LOOPBACK}\noptions timeout:1 attempts:1\n")
    trust = folder / "trust"
    trust.mkdir()
    shutil.copy(authority, trust / "ca-certificates.crt")
    hash_of = ["openssl", "x509", "-noout", "-subject_hash", "-in", str(authority)]
    name = subprocess.run(hash_of, capture_output=True, text=True, check=True).stdout.strip()
    shutil.copy(authority, trust / f"{name}.0")
    for source, place in ((hosts, "/etc/hosts"), (resolver, "/etc/resolv.conf"), (trust, TRUST)):
        subprocess.run(["mount", "--bind", str(source), os.path.realpath(place)], check=True)


def as_person(home: Path) -> list[str]:
    """What to put before a client's command; the home is made, and theirs."""
    home.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return []
    subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(home)], check=True)
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def environment(home: Path) -> dict[str, str]:
    """What a client's process knows: a home, English, and where the authority is."""
    return {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "SHELL": "/bin/sh",
        "LANG": "C.UTF-8",
        "LANGUAGE": "en",
        "SSL_CERT_FILE": str(TRUST / "ca-certificates.crt"),
        "XDG_RUNTIME_DIR": str(home),
    }
