"""Gajim under Xvfb: `gajim-remote` and its own addresses drive it, its history says what it showed."""

import json
import sqlite3
from pathlib import Path

import stage
from broadsheet import CONTACT
from client import Command, place_of
from desktop import DesktopClient
from xmpp_server import HOST

ACCOUNT = "juliet"


class Gajim(DesktopClient):
    name = "Gajim"
    package = "gajim"
    program = Path("/usr/bin/gajim")

    def prepare(self) -> None:
        """One account, as Gajim's own dialog would have made it."""
        place = self.home / ".config" / "gajim"
        place.mkdir(parents=True)
        account = {
            "name": stage.READER,
            "hostname": HOST,
            "password": stage.PASSWORD,
            "active": True,
            "savepass": True,
            "autoconnect": True,
            "resource": "gajim",
        }
        application = {
            "use_keyring": False,
            "remote_control": True,
            "check_for_update": False,
            "plugins_update_check": False,
        }
        with sqlite3.connect(place / "settings.sqlite") as database:
            database.executescript(
                "CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);"
                "CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);"
                "PRAGMA user_version = 5;"
            )
            rows = {
                "app": application,
                "workspaces": {"1": {"name": "Letters"}},
                **{name: {} for name in ("soundevents", "status_presets", "proxies", "plugins")},
            }
            for name, values in rows.items():
                database.execute("INSERT INTO settings VALUES (?, ?)", (name, json.dumps(values)))
            settings = {"account": account, "contact": {}, "group_chat": {}}
            database.execute(
                "INSERT INTO account_settings VALUES (?, ?)", (ACCOUNT, json.dumps(settings))
            )

    async def start(self) -> None:
        self.start_desktop()
        self.run_beside("gajim")
        await self.until(
            lambda: "online" in self.remote("get_status", ACCOUNT), "Gajim to be online"
        )
        await self.fills_the_screen("Gajim")

    async def add_contact(self) -> None:
        """The dialog takes the keyboard: Next, then the button to add."""
        self.run("gajim", f"xmpp:{CONTACT}?roster")
        await self.window("Add Contact")
        await self.presses_until("Return", self._has_contact, "the contact in Gajim's list")

    def _has_contact(self) -> bool:
        return CONTACT in self.remote("list_contacts", ACCOUNT)

    async def contact_is_shown(self) -> None:
        await self.until(self._is_available, "the contact to be shown as available")
        self.run("gajim", f"xmpp:{CONTACT}?message")

    def _is_available(self) -> bool:
        """Its list says of each contact how it is, and with which status texts."""
        return "what I can do" in self.remote("list_contacts", ACCOUNT)

    async def remove_contact(self) -> None:
        self.action("remove-contact")
        await self.window("Remove Contact")
        await self.presses("Tab", "Return")

    async def write(self, text: str) -> None:
        self.remote("send_chat_message", CONTACT, text, ACCOUNT)

    async def choose_language(self, language: str, commands: list[Command]) -> None:
        """Each page of the dialog has its title: the list, the form, the note at the end."""
        self.action("execute-command")
        await self.window("Command List")
        await self.presses("Tab", *["Down"] * place_of("language", commands))
        await self.picture("commands")
        await self.presses("Return")
        await self.window("Stage")
        # Of a list that has to be answered the first choice is proposed, which is the one wanted.
        await self.presses_until("Return", lambda: self.has_window("Completed"), "the form's end")
        await self.picture("completed")
        await self.presses("Escape")

    def talk(self) -> str:
        history = self.home / ".local" / "share" / "gajim" / "logs.db"
        with sqlite3.connect(f"file:{history}?mode=ro", uri=True) as database:
            rows = database.execute(
                "SELECT message FROM logs JOIN jids USING (jid_id) WHERE jid = ? ORDER BY time",
                (CONTACT,),
            )
            return "\n".join(message for (message,) in rows if message)

    def action(self, name: str) -> None:
        """Does what stands in the contact's menu."""
        self.run(
            "gapplication", "action", "org.gajim.Gajim", f"{ACCOUNT}-{name}", f"'{CONTACT}'"
        )  # fmt: skip

    def remote(self, *words: str) -> str:
        return self.run("gajim-remote", *words, check=False)
