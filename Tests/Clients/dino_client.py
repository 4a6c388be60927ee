"""Dino under Xvfb. Its database says what it showed; it knows neither PubSub nor forms."""

import asyncio
import sqlite3
from pathlib import Path

import stage
from broadsheet import CONTACT
from desktop import DesktopClient


class Dino(DesktopClient):
    name = "Dino"
    package = "dino-im"
    program = Path("/usr/bin/dino-im")
    has_forms = False

    @property
    def database(self) -> Path:
        return self.home / ".local" / "share" / "dino" / "dino.db"

    async def start(self) -> None:
        self.start_desktop()
        await self._gets_an_account()
        self.run_beside("dino-im")
        await self.fills_the_screen("Dino")

    async def _gets_an_account(self) -> None:
        """Dino makes its tables when it starts; a row in one of them is an account."""
        first = self.run_beside("dino-im")
        await self.until(lambda: self._has_table("account") and self._has_table("message"), "Dino's tables")
        await asyncio.sleep(2)
        first.terminate()
        first.wait()
        with sqlite3.connect(self.database) as database:
            database.execute(
                "INSERT INTO account (bare_jid, resourcepart, password, enabled) VALUES (?, ?, ?, 1)",
                (stage.JID, "dino", stage.PASSWORD),
            )

    def _has_table(self, name: str) -> bool:
        query = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
        return self.database.exists() and self._rows(query, name) == [(1,)]

    def _rows(self, query: str, *values: str) -> list[tuple]:
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute(query, values).fetchall()

    async def add_contact(self) -> None:
        """From the list of contacts with its buttons for one more and one less."""
        await self.presses("ctrl+t")
        await self.window("Start Conversation")
        await self.presses("Tab", "Tab", "space")
        await self.window("Add Contact")
        await self.presses("Tab")
        await self.types(CONTACT)
        await self.presses_until("Return", self._has_contact, "the contact in Dino's list")
        await self.presses("Escape")

    async def contact_is_shown(self) -> None:
        self.run("dino-im", f"xmpp:{CONTACT}?message")

    async def remove_contact(self) -> None:
        await self.presses("ctrl+t")
        await self.window("Start Conversation")
        await self.presses("Tab", "Home", "Tab", "Tab", "space")

    def _has_contact(self) -> bool:
        return self._rows("SELECT count(*) FROM roster WHERE jid = ?", CONTACT) == [(1,)]

    async def write(self, text: str) -> None:
        await self.types(text)
        await self.presses("Return")

    def talk(self) -> str:
        query = """
            SELECT body FROM message JOIN jid ON jid.id = message.counterpart_id
            WHERE jid.bare_jid = ? ORDER BY message.id
        """
        return "\n".join(body for (body,) in self._rows(query, CONTACT) if body)
