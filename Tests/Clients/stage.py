"""What every client meets: a private server, Broadsheet with the sample issues, another reader."""

import asyncio
import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree

import seclusion
from broadsheet import CONTACT, NODE, Broadsheet
from client import Command
from people import PATIENCE, Person
from xmpp_server import COMPONENT, HOST, XMPPServer

CLIENT_PORT = 5222
ITEMS = "{http://jabber.org/protocol/disco#items}"
COMMANDS = "http://jabber.org/protocol/commands"
# Who sits at the client, and who reads the same newsletter beside them.
READER = "juliet"
WITNESS = "nurse"
PASSWORDS = {READER: "balcony-1597", WITNESS: "errand-1597"}
JID = f"{READER}@{HOST}"
PASSWORD = PASSWORDS[READER]


class Stage:
    def __init__(self, make: type[XMPPServer], binary: Path, folder: Path) -> None:
        place = folder / "server"
        place.mkdir(parents=True)
        self.server = make(PASSWORDS, {}, place, has_tls=True, client_port=CLIENT_PORT)
        self.broadsheet = Broadsheet(binary, folder / "broadsheet", 0, self.server.component_secret)
        self.witness = Person(WITNESS, PASSWORDS[WITNESS], CLIENT_PORT)

    async def open(self) -> None:
        seclusion.arrange(self.server.folder, self.server.certificates.authority)
        self.server.start()
        (self.broadsheet.folder / "avatar.png").write_bytes(avatar())
        issues = "    issues: issues\n"
        self.broadsheet.write_configuration(
            self.server.component_port, (issues, f"{issues}    avatar: avatar.png\n")
        )
        self.broadsheet.start()
        await self.witness.login()
        await self._answers()
        await self.witness.subscribe(COMPONENT, NODE)

    async def close(self) -> None:
        await self.witness.logout()
        self.broadsheet.stop()
        self.server.stop()

    async def publish(self, issue: str) -> None:
        """Returns when another reader has it: who is to get it before them has it, or never will."""
        mark = self.witness.mark
        outcome = await self.broadsheet.command("publish", issue)
        if outcome.code != 0:
            raise AssertionError(f"publish {issue}: {outcome.output}{outcome.errors}")
        await self.witness.event(NODE, issue, since=mark, seconds=4 * PATIENCE)

    async def reads(self, is_so: bool) -> None:
        """Returns when the reader is on the list of readers, or is not."""
        async with asyncio.timeout(4 * PATIENCE):
            while (JID in (await self.broadsheet.command("readers list")).output) != is_so:
                await asyncio.sleep(0.2)

    async def commands(self) -> list[Command]:
        """The list that clients get."""
        request = self.witness.client.make_iq_get(ito=CONTACT)
        ElementTree.SubElement(request.xml, f"{ITEMS}query", {"node": COMMANDS})
        answer = await request.send(timeout=PATIENCE)
        found = answer.xml.iter(f"{ITEMS}item")
        return [Command(each.get("node", ""), each.get("name", "")) for each in found]

    async def _answers(self) -> None:
        async with asyncio.timeout(4 * PATIENCE):
            while True:
                try:
                    return await self.witness.catch_up(COMPONENT)
                except Exception:
                    await asyncio.sleep(0.1)


def avatar(size: int = 96) -> bytes:
    """A PNG of a newspaper's front page: a title, a picture, and lines of text."""
    paper, ink, red = (250, 246, 235), (60, 60, 70), (178, 34, 52)

    def colour(x: int, y: int) -> tuple[int, int, int]:
        x, y = x * 96 // size, y * 96 // size
        if not (14 <= x < 82 and 8 <= y < 88):
            return red
        if not 20 <= x < 76:
            return paper
        is_title = 16 <= y < 28
        is_picture = 36 <= y < 58 and x < 46
        is_line = y >= 36 and (y - 36) % 8 < 3 and y < 82 and (x >= 52 or y >= 60)
        return ink if is_title or is_picture or is_line else paper

    rows = b"".join(
        b"\0" + bytes(part for x in range(size) for part in colour(x, y)) for y in range(size)
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
