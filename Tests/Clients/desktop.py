"""A client with windows: a display of its own without a screen (Xvfb), a session bus, xdotool.

Nothing is looked for on the picture: what the client shows is read from what it writes down, or
asked over D-Bus. The keyboard does what has no other way.
"""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

import seclusion
from client import PATIENCE, Client, NotSeen


class DesktopClient(Client):
    size = "960x640"

    def start_bus(self) -> None:
        """A home, and a session bus: enough for a client that shows no windows."""
        self.home.mkdir(parents=True)
        self.prepare()
        self._words = seclusion.as_person(self.home)
        self._children: list[subprocess.Popen] = []
        self.environment = {
            **seclusion.environment(self.home),
            "NO_AT_BRIDGE": "1",
            "GTK_A11Y": "none",
            "GDK_BACKEND": "x11",
            "GSK_RENDERER": "cairo",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self._first_line_of(
            "dbus-daemon", "--session", "--nofork", "--print-address"
        )

    def start_desktop(self) -> None:
        self.start_bus()
        self.environment["DISPLAY"] = ":" + self._first_line_of(
            "Xvfb", "-displayfd", "1", "-screen", "0", f"{self.size}x24", "-nolisten", "tcp"
        )
        self.run_beside("openbox", "--sm-disable")

    def prepare(self) -> None:
        """Writes what the client finds in its home."""

    async def stop(self) -> None:
        for child in reversed(self._children):
            child.terminate()
        for child in self._children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()

    def run_beside(self, *command: str) -> subprocess.Popen:
        """Starts a program on this display; its output is kept in the client's folder."""
        with (self.folder / f"{command[0]}.log").open("ab") as log:
            child = subprocess.Popen(
                [*self._words, *command],
                env=self.environment,
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._children.append(child)
        return child

    def run(self, *command: str, check: bool = True, told: str = "") -> str:
        done = subprocess.run(
            [*self._words, *command],
            env=self.environment,
            cwd=self.home,
            input=told,
            capture_output=True,
            text=True,
            timeout=60,
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()} {done.stdout.strip()}")
        return done.stdout

    def _first_line_of(self, *command: str) -> str:
        """Starts a server that says on its first line where it is."""
        child = subprocess.Popen(
            [*self._words, *command],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._children.append(child)
        line = child.stdout.readline().strip()
        if not line:
            raise RuntimeError(f"{command[0]} did not start")
        return line

    # The keyboard

    async def types(self, text: str) -> None:
        self.run("xdotool", "type", "--delay", "30", text)
        await asyncio.sleep(0.3)

    async def presses(self, *keys: str) -> None:
        for key in keys:
            self.run("xdotool", "key", key)
            await asyncio.sleep(0.4)

    async def presses_until(self, key: str, is_so: Callable[[], object], what: str) -> None:
        """Presses a key again and again: a window may be there before it takes keys."""
        await self.repeats(lambda: self.run("xdotool", "key", key), is_so, what)

    async def repeats(
        self, act: Callable[[], object], is_so: Callable[[], object], what: str
    ) -> None:
        """Does something again and again, with time between for what it brings about."""
        for _ in range(PATIENCE // 3):
            act()
            for _ in range(10):
                await asyncio.sleep(0.3)
                if is_so():
                    return
        raise NotSeen(f"{self.name} did not come to {what}")

    async def window(self, title: str) -> str:
        """Waits for a window whose title begins so, brings it forward, and returns its number."""
        await self.until(
            lambda: self._has_manager() and self.has_window(title), f"a window '{title}'"
        )
        number = self._windows(title)[-1]
        self.run("xdotool", "windowactivate", "--sync", number)
        return number

    def _has_manager(self) -> bool:
        # One that has only just begun brings nothing forward.
        return bool(self.run("xdotool", "get_num_desktops", check=False).strip())

    def has_window(self, title: str) -> bool:
        return bool(self._windows(title))

    def _windows(self, title: str) -> list[str]:
        # The root has frames, and those have windows; what a window has in it is none.
        words = ["xdotool", "search", "--onlyvisible", "--maxdepth", "2", "--name", f"^{title}"]
        return self.run(*words, check=False).split()

    async def fills_the_screen(self, title: str) -> None:
        number = await self.window(title)
        width, height = (int(each) for each in self.size.split("x"))
        # Its frame is not counted.
        size = (str(width - 2), str(height - 24))
        self.run("xdotool", "windowmove", number, "0", "0", "windowsize", number, *size)

    async def picture(self, name: str) -> None:
        if not self.pictures:
            return
        # What has just come in is drawn a little later.
        await asyncio.sleep(2)
        taken = self.home / "picture.png"
        self.run("import", "-window", "root", "+dither", "-colors", "64", str(taken), check=False)
        if taken.exists():
            path = self.pictures / f"{self.name.lower()}-{name}.png"
            path.write_bytes(Path(taken).read_bytes())
