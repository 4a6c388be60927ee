"""Psi and Psi+ under Xvfb: addresses and keys drive them, their history says what they showed."""

import re
import sqlite3
from pathlib import Path
from xml.sax.saxutils import escape

import stage
from broadsheet import CONTACT
from child import LOOPBACK
from client import Command, place_of
from desktop import DesktopClient

# How the chat's window is called: by the name of the vCard, if it came in time, or by the address.
TITLE = f"({CONTACT}|The Verona Dispatch)"
NAMESPACE = "http://psi-im.org/options"
# How the history writes what would end a line or a field, behind a backslash.
ESCAPES = {"n": "\n", "p": "|"}


class Psi(DesktopClient):
    name = "Psi"
    package = "psi"
    program = Path("/usr/bin/psi")
    # The folder that it keeps its profiles in.
    variant = "psi"
    key_that_removes = "Delete"

    def prepare(self) -> None:
        """One account, as Psi's own dialog would make it, and no windows that nobody asked for."""
        profile = self.home / ".config" / self.variant / "profiles" / "default"
        profile.mkdir(parents=True)
        account = {
            "enabled": True,
            "auto": True,
            "log": True,
            "id": "{0f4d4b22-0c2f-4d34-9a3c-9a5f0c7a1e01}",
            "name": stage.READER,
            "jid": stage.JID,
            "password": disguised(stage.PASSWORD, stage.JID),
            "use-host": True,
            "host": LOOPBACK,
            "port": stage.CLIENT_PORT,
            "ssl": "yes",
            "resource": "psi",
        }
        options = {
            "ui": {"tip": {"show": False}},
            "vcard": {"query-own-vcard-on-login": False},
            # So that it takes the password from its own file.
            "keychain": {"enabled": False},
        }
        write_options(profile / "accounts.xml", "accounts", {"accounts": {"a0": account}})
        write_options(profile / "options.xml", "psi", {"options": options})

    async def start(self) -> None:
        self.start_desktop()
        self.run_beside(self.program.name)
        self.roster = await self.window(".*Psi")
        self._lay(self.roster, 0, 300)

    async def add_contact(self) -> None:
        await self.opens(f"xmpp:{CONTACT}?roster", ".*Add Contact")
        await self.presses_until("Return", lambda: self.has_window("Add User"), "Psi's answer")
        await self.presses_until("Return", lambda: not self.has_window("Add User"), "the end of it")

    async def contact_is_shown(self) -> None:
        await self.until(self.talk, "the first words of the newsletter")
        await self.opens(f"xmpp:{CONTACT}?message;type=chat", TITLE)
        self.chat = await self.window(TITLE)
        self._lay(self.chat, 302, 656)

    async def opens(self, address: str, title: str) -> None:
        """Has it open an address, as a browser would; before it is online it does not listen."""
        words = (self.program.name, "--remote", f"--uri={address}")
        await self.repeats(
            lambda: self.run(*words, check=False), lambda: self.has_window(title), f"'{title}'"
        )
        await self.window(title)

    async def remove_contact(self) -> None:
        await self._marks_the_contact()
        await self.presses(self.key_that_removes)
        await self.window("Deleting contacts")
        await self.presses("Return")

    async def write(self, text: str) -> None:
        self.run("xdotool", "windowactivate", "--sync", self.chat)
        await self.types(text)
        await self.presses("Return")

    async def choose_language(self, language: str, commands: list[Command]) -> None:
        """By the contact's menu; Psi sorts the commands by their names."""
        await self._marks_the_contact()
        await self.presses("Menu", "x", "Return")
        await self.window("Execute Command")
        by_name = sorted(commands, key=lambda each: each.name)
        await self.presses(*["Down"] * place_of("language", by_name))
        await self.picture("commands")
        await self.presses("Return")
        await self.window("Language")
        await self.picture("form")
        # Of a list that has to be answered the first choice is proposed, which is the one wanted.
        await self.finishes()
        await self.picture("completed")

    async def finishes(self) -> None:
        """It closes the form when the answer is there, without showing it."""
        await self.presses_until("Return", lambda: not self.has_window("Language"), "the form's end")

    async def _marks_the_contact(self) -> None:
        """The newsletter is the last in the list."""
        self.run("xdotool", "windowactivate", "--sync", self.roster)
        await self.presses("End")

    def history(self) -> Path:
        """The folder of all that it showed."""
        return self.home / ".local" / "share" / self.variant / "profiles" / "default" / "history"

    def talk(self) -> str:
        history = self.history() / f"{CONTACT.replace('@', '_at_')}.history"
        lines = history.read_text().splitlines() if history.exists() else []
        return "\n".join(plain(each.split("|")[-1]) for each in lines)

    def _lay(self, window: str, left: int, width: int) -> None:
        """Puts it beside the others, from the top of the screen to its end."""
        size = (str(width), str(int(self.size.partition("x")[2]) - 24))
        self.run("xdotool", "windowmove", window, str(left), "0", "windowsize", window, *size)


class PsiPlus(Psi):
    name = "PsiPlus"
    package = "psi-plus"
    program = Path("/usr/bin/psi-plus")
    variant = "psi+"
    key_that_removes = "shift+Delete"

    async def finishes(self) -> None:
        """It leaves an empty window, and would send the same again."""
        await self.presses("Return")
        await self.presses_until("Escape", lambda: not self.has_window("Language"), "the form's end")

    def talk(self) -> str:
        """Its history is a database, not lines."""
        history = self.history() / "history.db"
        if not history.exists():
            return ""
        with sqlite3.connect(f"file:{history}?mode=ro", uri=True) as database:
            rows = database.execute("SELECT m_text FROM events ORDER BY id")
            return "\n".join(text for (text,) in rows if text)


def write_options(path: Path, root: str, options: dict) -> None:
    path.write_text(f'<{root} version="1.5" xmlns="{NAMESPACE}">{elements(options)}</{root}>\n')


def elements(options: dict) -> str:
    """Options as Psi writes them: a tree, each leaf with Qt's name for its type."""
    return "".join(
        f"<{name}>{elements(value)}</{name}>" if isinstance(value, dict) else leaf(name, value)
        for name, value in options.items()
    )


def leaf(name: str, value: str | int | bool) -> str:
    kind = {str: "QString", bool: "bool", int: "int"}[type(value)]
    text = str(value).lower() if isinstance(value, bool) else escape(str(value))
    return f'<{name} type="{kind}">{text}</{name}>'


def disguised(password: str, jid: str) -> str:
    """How Psi keeps a password: with the address over it, so that nobody reads it by accident."""
    return "".join(f"{ord(each) ^ ord(jid[i % len(jid)]):04x}" for i, each in enumerate(password))


def plain(text: str) -> str:
    """The text of a line of its history."""
    return re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), text)
