"""Libervia's command line, with its backend on a session bus. What came in, its database says."""

import json
import sqlite3
import subprocess
from pathlib import Path

import stage
from broadsheet import CONTACT, NODE
from child import LOOPBACK
from client import Command
from desktop import DesktopClient
from xmpp_server import COMPONENT, HOST

PROFILE = "juliet"


class Libervia(DesktopClient):
    name = "Libervia"
    package = "libervia-cli"
    program = Path("/usr/bin/libervia-cli")

    @property
    def place(self) -> Path:
        return self.home / "libervia"

    def prepare(self) -> None:
        self.place.mkdir()
        # Its own resolver takes a minute to learn that there is no name server.
        hosts = json.dumps({HOST: {"host": LOOPBACK, "port": stage.CLIENT_PORT}})
        settings = f"[DEFAULT]\nlocal_dir = {self.place}\nhosts_dict = {hosts}\n"
        (self.home / ".libervia.conf").write_text(settings)

    async def start(self) -> None:
        self.start_bus()
        # The bus starts the backend when somebody asks for it.
        await self.until(self._answers, "Libervia's backend on the bus")
        self.cli(
            "profile", "create", "-j", stage.JID, "-x", stage.PASSWORD, "-p", stage.PASSWORD, PROFILE
        )  # fmt: skip
        self.cli("profile", "connect", "-c", "-p", PROFILE, "--pwd", stage.PASSWORD)

    def _answers(self) -> bool:
        try:
            self.cli("profile", "list")
        except (RuntimeError, subprocess.TimeoutExpired):
            return False
        return True

    async def add_contact(self) -> None:
        """The command line changes contacts, but adds none; other faces of the backend do so."""
        self.run(
            "gdbus", "call", "--session", "--dest", "org.libervia.Libervia",
            "--object-path", "/org/libervia/Libervia/bridge",
            "--method", "org.libervia.Libervia.core.addContact", CONTACT, PROFILE,
        )  # fmt: skip

    async def remove_contact(self) -> None:
        self.cli("roster", "delete", "-f", "-p", PROFILE, CONTACT)

    async def contact_is_shown(self) -> None:
        await self.until(
            lambda: CONTACT in self.cli("roster", "get", "-p", PROFILE), "the contact in the roster"
        )

    async def node_has(self, title: str) -> None:
        shown = self.cli("pubsub", "get", "-p", PROFILE, "-s", COMPONENT, "-n", NODE)
        assert title in shown, shown

    async def write(self, text: str) -> None:
        self.cli("message", "send", "-p", PROFILE, CONTACT, told=text)

    async def choose_language(self, language: str, commands: list[Command]) -> None:
        words = ["-p", PROFILE, "-j", CONTACT]
        offered = self.cli("ad-hoc", "list", *words)
        assert "another language" in offered, offered
        done = self.cli("ad-hoc", "run", *words, "-f", "language", language, "-S", "language")
        assert f"'{language}'" in done, done

    def talk(self) -> str:
        query = """
            SELECT message FROM message JOIN history ON history.uid = message.history_uid
            WHERE source = ? ORDER BY received_timestamp
        """
        path = f"file:{self.place / 'libervia.db'}?mode=ro"
        with sqlite3.connect(path, uri=True) as database:
            return "\n".join(message for (message,) in database.execute(query, (CONTACT,)))

    def cli(self, *words: str, told: str = "") -> str:
        return self.run("libervia-cli", *words, told=told)
