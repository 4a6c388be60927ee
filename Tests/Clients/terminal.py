"""A client in a terminal: tmux runs it, types for it and reads the screen."""

import asyncio
import subprocess

import seclusion
from client import Client


class TerminalClient(Client):
    # Tall, so that a whole talk fits.
    columns, lines = 110, 140

    def command(self) -> list[str]:
        """The client's command; what it needs lies in its home by then."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Writes what the client finds in its home."""

    async def start(self) -> None:
        self.home.mkdir(parents=True)
        self.prepare()
        person = seclusion.as_person(self.home)
        # The socket has to lie in a short path.
        self._tmux_words = [*person, "tmux", "-S", str(self.home / "tmux"), "-f", "/dev/null"]
        self.tmux(
            "new-session", "-d", "-s", "client", "-x", str(self.columns), "-y", str(self.lines),
            *self.command(),
        )  # fmt: skip

    async def stop(self) -> None:
        self.tmux("kill-server", check=False)

    async def types(self, text: str) -> None:
        """Types a line and sends it."""
        self.tmux("send-keys", "-t", "client", "-l", text)
        await asyncio.sleep(0.3)
        self.tmux("send-keys", "-t", "client", "Enter")

    async def presses(self, *keys: str) -> None:
        for key in keys:
            self.tmux("send-keys", "-t", "client", key)
            await asyncio.sleep(0.2)

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p", "-t", "client", check=False)

    def talk(self) -> str:
        return self.screen()

    async def picture(self, name: str) -> None:
        if self.pictures:
            path = self.pictures / f"{self.name.lower()}-{name}.txt"
            path.write_text(self.screen().rstrip() + "\n")

    def tmux(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            [*self._tmux_words, *words],
            env={**seclusion.environment(self.home), "TERM": "xterm-256color"},
            capture_output=True,
            text=True,
            timeout=30,
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"tmux {words[0]}: {done.stderr.strip()}")
        return done.stdout


