"""Profanity in tmux. Its list of commands shows the nodes; a form's note it does not show."""

from pathlib import Path

import stage
from broadsheet import CONTACT
from client import Command
from terminal import TerminalClient


class Profanity(TerminalClient):
    name = "Profanity"
    package = "profanity"
    program = Path("/usr/bin/profanity")

    def prepare(self) -> None:
        place = self.home / ".config" / "profanity"
        place.mkdir(parents=True)
        (place / "profrc").write_text("[ui]\nsplash=false\nwrap=true\nroster=false\n")

    def command(self) -> list[str]:
        return ["profanity"]

    async def start(self) -> None:
        await super().start()
        await self.types(f"/connect {stage.JID}")
        await self.sees("Enter password")
        await self.types(stage.PASSWORD)
        await self.sees("logged in successfully")

    async def add_contact(self) -> None:
        await self.types(f"/sub request {CONTACT}")

    async def contact_is_shown(self) -> None:
        await self.sees(f"++ {CONTACT}", "is online")
        await self.types(f"/msg {CONTACT}")

    async def remove_contact(self) -> None:
        await self.types(f"/roster remove {CONTACT}")

    async def write(self, text: str) -> None:
        await self.types(text)

    async def choose_language(self, language: str, commands: list[Command]) -> None:
        await self.types(f"/cmd list {CONTACT}")
        await self.sees("Ad hoc commands:", "! language")
        await self.picture("commands")
        await self.types(f"/cmd exec language {CONTACT}")
        await self.sees("Form title: Language", f"[{language}] {language}")
        await self.picture("form")
        await self.types(f"/field1 {language}")
        await self.types("/form submit")
        await self.types(f"/msg {CONTACT}")
