"""A Debian of its own, booted by systemd-nspawn, with no network but its loopback. Needs root."""

import contextlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".build" / "system"
SUITE = "bookworm"
# What every machine begins with; the rest is what the package depends on.
BASE = "systemd,systemd-sysv,dbus,ca-certificates"
# What the guide speaks of beside it. The web servers are started by hand, one after the other.
WEB_SERVERS = ("nginx-light", "caddy")
OTHERS = ("python3-slixmpp", "curl", "git", *WEB_SERVERS)


class MachineError(Exception):
    """The machine did not do what was asked."""


def host(*command: object, **options: object) -> str:
    outcome = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, stdin=subprocess.DEVNULL, **options
    )
    if outcome.returncode:
        raise MachineError(f"{command}: {outcome.stdout[-2000:]}{outcome.stderr[-2000:]}")
    return outcome.stdout


def base(package: Path, server: str) -> Path:
    """The folder of a Debian with a server and all but the package; made once, for an hour of tests."""
    wanted = [server, *OTHERS, *dependencies(package)]
    name = f"{SUITE}-{server}"
    folder, stamp = CACHE / name, CACHE / f"{name}.packages"
    if stamp.exists() and stamp.read_text().split() == wanted:
        return folder
    print(f"making a Debian in {folder}", flush=True)
    stamp.unlink(missing_ok=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    if not (folder / "etc/debian_version").exists():
        shutil.rmtree(folder, ignore_errors=True)
        host("debootstrap", "--variant=minbase", f"--include={BASE}", SUITE, folder)
    # Packages come from where they come from on this machine; nothing is started in there.
    shutil.copy("/etc/resolv.conf", folder / "etc/resolv.conf")
    refusal = folder / "usr/sbin/policy-rc.d"
    refusal.write_text("#!/bin/sh\nexit 101\n")
    refusal.chmod(0o755)
    inside = ["chroot", folder, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    try:
        host(*inside, "update")
        host(*inside, "install", "-y", "--no-install-recommends", *wanted)
    finally:
        refusal.unlink()
    host("systemctl", "--root", folder, "mask", "nginx", "caddy")
    stamp.write_text(" ".join(wanted))
    return folder


def dependencies(package: Path) -> list[str]:
    fields = host("dpkg-deb", "-f", package, "Depends")
    return sorted(each.split("|")[0].split("(")[0].strip() for each in fields.split(","))


class Machine:
    """Boots a copy of a folder; commands run in it as root, as by hand."""

    _numbers = itertools.count(1)

    def __init__(self, template: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="broadsheet-system-"))
        self.root = self.folder / "root"
        host("cp", "-a", "--reflink=auto", template, self.root)
        self._process: subprocess.Popen | None = None
        self._leader = 0
        self._number = next(self._numbers)

    def boot(self, seconds: float = 90) -> None:
        with (self.folder / "console.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["systemd-nspawn", "-D", self.root, "--boot", "--private-network", "--register=no",
                 "--keep-unit", "--console=pipe", f"--machine=broadsheet-test-{os.getpid()}-{self._number}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + seconds
        while True:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise MachineError(f"it does not boot; see {self.folder}/console.log")
            try:
                children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
                self._leader = int(children.read_text().split()[0])
                # nspawn's first child is not the machine's first process for long.
                said = self.shell("systemctl is-system-running --wait", check=False).strip()
                if said in ("running", "degraded"):
                    return
            except (IndexError, OSError):
                pass
            time.sleep(0.2)

    def shell(self, line: str, check: bool = True, seconds: float = 120) -> str:
        """What a line for the shell prints, errors too."""
        outcome = subprocess.run(
            ["nsenter", "-t", str(self._leader), "-m", "-u", "-i", "-n", "-p", "env", "-i",
             "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/root", "PAGER=cat",
             "DEBIAN_FRONTEND=noninteractive", "sh", "-c", f"cd /root; {line}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=seconds,
        )  # fmt: skip
        if check and outcome.returncode:
            raise MachineError(f"`{line}` ended with {outcome.returncode}:\n{outcome.stdout}")
        return outcome.stdout

    def status(self, line: str) -> int:
        """The exit status of a line for the shell."""
        return int(self.shell(f"({line}) >/dev/null 2>&1; echo $?").strip())

    def until(self, line: str, words: str, seconds: float = 30) -> str:
        """Repeats a line until it prints the words."""
        deadline = time.monotonic() + seconds
        while True:
            said = self.shell(line, check=False)
            if words in said:
                return said
            if time.monotonic() > deadline:
                raise MachineError(f"`{line}` did not say {words!r} within {seconds} s, but:\n{said}")
            time.sleep(0.2)

    def unit(self, name: str, unit: str = "broadsheet") -> str:
        return self.shell(f"systemctl show -p {name} --value {unit}").strip()

    def journal(self, unit: str = "broadsheet") -> list[dict]:
        lines = self.shell(f"journalctl -u {unit} -o json --no-pager").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def add_address(self, address: str) -> None:
        """One more address of its loopback."""
        host("nsenter", "-t", self._leader, "-n", "ip", "address", "add", address, "dev", "lo")

    def holds(self, address: str) -> None:
        """Lets it answer at an address that none of its interfaces has."""
        host("nsenter", "-t", self._leader, "-n", "ip", "route", "add", "local", address, "dev", "lo")

    def path(self, inside: str) -> Path:
        return self.root / inside.lstrip("/")

    def end(self) -> None:
        if self._process and self._process.poll() is None:
            # systemd takes it as the order to halt; one that did not come up is not there to take it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._leader, signal.SIGRTMIN + 3)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
