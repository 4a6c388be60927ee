"""A process that a test or the demo starts, and that never outlives it."""

import ctypes
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

LOOPBACK = "127.0.0.1"
PR_SET_PDEATHSIG = 1


class ServerError(Exception):
    """A server did not do what was asked; the message names its log."""


def die_with_parent() -> None:
    """Asks the kernel to end the child when we are gone, even after `kill -9`.

    "We" is the thread that starts it, so that has to be the main one.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Child:
    """One process with its output in a log file.

    It gets a session of its own: Ctrl-C reaches only us, and we end it in order.
    """

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self.log = log
        self._process: subprocess.Popen | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        return self._process.poll() if self._process else None

    def spawn(self, command: list[str], environment: dict[str, str] | None = None) -> None:
        if self.running:
            raise ServerError(f"{self.name} runs already (pid {self.pid})")
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
                env={**os.environ, **(environment or {})},
            )

    def stop(self, within: float = 10.0) -> float:
        """Ends it with SIGTERM, or SIGKILL when that takes too long; returns the seconds it took."""
        if not self.running:
            return 0.0
        began = time.monotonic()
        self._process.terminate()
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill9()
        return time.monotonic() - began

    def kill9(self) -> None:
        if self.running:
            self._process.kill()
            self._process.wait(10)

    def signal(self, number: int) -> None:
        if self.running:
            self._process.send_signal(number)

    def wait(self, seconds: float) -> int:
        """Waits for it to end by itself and returns its exit code."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise ServerError(f"{self.name} still runs after {seconds:g} s; log: {self.log}") from None

    def log_text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Ports:
    """Ports for servers, each given once before any is given again.

    They lie below those that the kernel gives to connections (`ip_local_port_range`): otherwise one
    could be taken between its choice and the start of its server.
    """

    FIRST, END = 10_000, 32_000

    def __init__(self, part: int = 0, parts: int = 1) -> None:
        """Processes side by side take a part each."""
        size = (self.END - self.FIRST) // parts
        self._range = range(self.FIRST + part * size, self.FIRST + (part + 1) * size)
        # Runs side by side, of which none knows the other, begin in different places.
        self._given = random.SystemRandom().randrange(size)

    def take(self) -> int:
        for _ in self._range:
            self._given = (self._given + 1) % len(self._range)
            port = self._range[self._given]
            with socket.socket() as probe:
                try:
                    probe.bind((LOOPBACK, port))
                    return port
                except OSError:
                    continue
        raise ServerError(f"no port from {self._range.start} to {self._range.stop} is free")


ports = Ports()


def share_ports(part: int, parts: int) -> None:
    """Lets this process take its ports from one of so many parts."""
    global ports
    ports = Ports(part, parts)


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now."""
    return [ports.take() for _ in range(count)]


def accepts(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=0.5):
            return True
    except OSError:
        return False


def until(is_so: Callable[[], object], seconds: float) -> bool:
    """Waits for it, at most so long; returns whether it came to be."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
