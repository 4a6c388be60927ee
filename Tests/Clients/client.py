"""What the scenario asks of a client, whichever it is."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

# Seconds that anything may take, on a machine that has much else to do.
PATIENCE = int(os.environ.get("BROADSHEET_PATIENCE", 180))


class NotSeen(AssertionError):
    """A client did not show what it should; the message has what it shows."""


class Command(NamedTuple):
    """A command that an address offers (XEP-0050)."""

    node: str
    name: str


class Client:
    """A driver: it does what a person does, and reads what the client shows to them."""

    name = ""
    # What has to be installed for it: the package's name, and a file that is there then.
    package = ""
    program = Path()
    # Whether it shows commands by forms (XEP-0050).
    has_forms = True
    # Where pictures of it are put, if anywhere.
    pictures: Path | None = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"

    async def start(self) -> None:
        """Logs in; returns when it is online."""
        raise NotImplementedError

    async def stop(self) -> None:
        raise NotImplementedError

    async def add_contact(self) -> None:
        raise NotImplementedError

    async def remove_contact(self) -> None:
        raise NotImplementedError

    async def write(self, text: str) -> None:
        """Writes a chat message to the newsletter, as by its text field."""
        raise NotImplementedError

    async def choose_language(self, language: str, commands: list[Command]) -> None:
        """Runs the command `language` by its form, until the client says how it ended.

        `commands` are all that are offered, in that order, for who moves a mark down their list.
        """
        raise NotImplementedError

    async def node_has(self, title: str) -> None:
        """Reads the newsletter's node (XEP-0060), if it shows such, and finds an issue there."""

    async def contact_is_shown(self) -> None:
        """Returns when it shows the contact as there."""

    def talk(self) -> str:
        """What it shows of the talk with the newsletter, or has written down of what it showed."""
        raise NotImplementedError

    async def picture(self, name: str) -> None:
        """Keeps a picture of what it shows, if it can."""

    # Waiting

    async def sees(self, *words: str) -> None:
        await self.until(
            lambda: all(each in flat(self.talk()) for each in words),
            lambda: f"{words}. It shows:\n{self.talk()}",
        )

    async def until(self, is_so: Callable[[], object], what: Callable[[], str] | str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            if time.monotonic() > deadline:
                wanted = what if isinstance(what, str) else what()
                raise NotSeen(f"{self.name} waited {PATIENCE} s for {wanted}")
            await asyncio.sleep(0.2)


def place_of(node: str, commands: list[Command]) -> int:
    """Where the command stands, from 0."""
    return [each.node for each in commands].index(node)


def flat(text: str) -> str:
    """The text without the places where a client has wrapped its lines."""
    return " ".join(text.split())
