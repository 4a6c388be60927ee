"""Surroundings that are worse than usual, for one process and in a mount namespace of its own."""

import os
import socket
import struct
import subprocess
import threading
from pathlib import Path

from child import LOOPBACK


def unavailable() -> str | None:
    """Why there can be no such place here; nil if there can."""
    if os.geteuid() != 0:
        return "needs root, to mount something in a namespace of its own"
    probe = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    outcome = subprocess.run(probe, capture_output=True, text=True)
    return None if outcome.returncode == 0 else f"mounting does not work: {outcome.stderr.strip()}"


def with_mounts(*commands: str) -> list[str]:
    """What to put before a program so that it finds the commands' mounts, and nobody else does.

    The program keeps the process id.
    """
    script = "\n".join(["set -e", *commands, 'exec "$@"'])
    return ["unshare", "-m", "--propagation", "private", "sh", "-c", script, "sh"]


def remount(pid: int, folder: Path, options: str) -> None:
    """Changes a mount of a process that was started so."""
    command = ["nsenter", "-t", str(pid), "-m", "mount", "-o", f"remount,{options}", str(folder)]
    subprocess.run(command, check=True)


def inside(pid: int, path: Path) -> Path:
    """The path as that process sees it."""
    return Path(f"/proc/{pid}/root{path}")


def fill(folder: Path) -> Path:
    """Takes all that is left on the disk of the folder; deleting the file gives it back."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass
    return filler


class NameServer:
    """A name server on loopback that knows one name, or says that it knows none (RFC 1035 §4)."""

    PORT = 53

    def __init__(self, address: str) -> None:
        self.address = address
        self.name: str | None = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, self.PORT))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        # A closed socket does not wake up who reads from it; an empty packet does.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", (self.address, self.PORT))
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            query, sender = self._socket.recvfrom(4096)
            if not query:
                return
            answer = self._answer(query)
            if answer:
                self._socket.sendto(answer, sender)

    def _answer(self, query: bytes) -> bytes | None:
        """An A record of ours; no record for AAAA; `NXDOMAIN` for other names."""
        labels, place = [], 12
        while place < len(query) and query[place]:
            end = place + 1 + query[place]
            labels.append(query[place + 1 : end].decode(errors="replace"))
            place = end
        if place + 5 > len(query):
            return None
        question = query[12 : place + 5]
        (kind,) = struct.unpack("!H", query[place + 1 : place + 3])
        is_known = ".".join(labels).lower() == self.name
        records = b""
        if is_known and kind == 1:
            records = struct.pack("!HHHLH", 0xC00C, 1, 1, 0, 4) + socket.inet_aton(LOOPBACK)
        flags = 0x8180 if is_known else 0x8183
        header = query[:2] + struct.pack("!HHHHH", flags, 1, 1 if records else 0, 0, 0)
        return header + question + records
