"""Poezio in tmux."""

from pathlib import Path

import stage
from broadsheet import CONTACT
from child import LOOPBACK
from client import Command, place_of
from seclusion import TRUST
from terminal import TerminalClient


class Poezio(TerminalClient):
    name = "Poezio"
    package = "poezio"
    program = Path("/usr/bin/poezio")

    def prepare(self) -> None:
        place = self.home / ".config" / "poezio"
        place.mkdir(parents=True)
        settings = {
            "jid": stage.JID,
            "password": stage.PASSWORD,
            "ca_cert_path": TRUST / "ca-certificates.crt",
            "custom_host": LOOPBACK,
            "custom_port": stage.CLIENT_PORT,
            "rooms": "",
            "use_bookmarks_method": "local",
            "open_all_bookmarks": "false",
            "enable_vertical_tab_list": "false",
        }
        lines = [f"{key} = {value}" for key, value in settings.items()]
        (place / "poezio.cfg").write_text("\n".join(["[Poezio]", *lines]) + "\n")

    def command(self) -> list[str]:
        return ["poezio"]

    async def start(self) -> None:
        await super().start()
        await self.sees("Authentication success")

    async def add_contact(self) -> None:
        await self.types(f"/add {CONTACT}")

    async def contact_is_shown(self) -> None:
        await self.types(f"/message {CONTACT}")

    async def remove_contact(self) -> None:
        await self.types(f"/remove {CONTACT}")

    async def types(self, text: str) -> None:
        """In the list of contacts a slash opens the line to write in; what comes with it is lost."""
        await self.presses(text[0])
        await super().types(text[1:])

    async def write(self, text: str) -> None:
        await self.types(text)

    async def choose_language(self, language: str, commands: list[Command]) -> None:
        await self.types(f"/ad-hoc {CONTACT}")
        await self.sees("unsubscribe", "mydata")
        await self.presses(*["Down"] * place_of("language", commands), "Enter")
        await self.sees("A language the newsletter appears in")
        await self.picture("form")
        # The screen shows one choice, and arrows to where there are others.
        for _ in range(10):
            if language in self.screen().split():
                break
            await self.presses("Right")
        await self.presses("C-y")
        await self.sees("From now on you get The Verona Dispatch in")
        await self.types(f"/message {CONTACT}")
