"""nbxmpp, the library of Gajim: a small client on it, which runs by itself."""

import subprocess
import sys
from pathlib import Path

import seclusion
import stage
from broadsheet import CONTACT
from client import Client, Command


class Nbxmpp(Client):
    name = "nbxmpp"
    package = "python3-nbxmpp"
    program = Path("/usr/lib/python3/dist-packages/nbxmpp")

    async def start(self) -> None:
        self.log = self.folder / "nbxmpp.log"
        agent = Path(__file__).with_name("nbxmpp_agent.py")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*seclusion.as_person(self.home), sys.executable, agent, stage.JID, stage.PASSWORD, CONTACT],
                env=seclusion.environment(self.home),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        await self.says("state: online")

    async def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)

    async def add_contact(self) -> None:
        self.order("add")

    async def remove_contact(self) -> None:
        self.order("remove")

    async def contact_is_shown(self) -> None:
        await self.says(f"presence: AVAILABLE {CONTACT}/newsletter")

    async def write(self, text: str) -> None:
        self.order(f"write {text}")

    async def choose_language(self, language: str, commands: list[Command]) -> None:
        self.order(f"form language language {language}")
        await self.says(f"note: From now on you get The Verona Dispatch in '{language}'")

    def talk(self) -> str:
        lines = self.log.read_text().splitlines()
        return "\n".join(each.removeprefix("message: ") for each in lines)

    def order(self, line: str) -> None:
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    async def says(self, words: str) -> None:
        await self.until(
            lambda: words in self.log.read_text(), lambda: f"{words}:\n{self.log.read_text()}"
        )
