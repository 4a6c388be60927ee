"""Whom it believes, and what nobody gets out of it (docs/operators.md, "Whom it trusts")."""

import asyncio
import re
from pathlib import Path

from world import COMPONENT, CONTACT, NICK, NODE, PATIENCE, ROOM, InteropCase
# Behind `world`, which knows where they are.
from raw_stream import RawComponent
from xmpp_server import CROWD

PUBSUB = "http://jabber.org/protocol/pubsub"
STRANGER = f"benvolio@{CROWD}"


class Secrets(InteropCase):
    async def test_the_secret_is_in_no_log_no_command_line_and_no_core_dump(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port, ("level: debug", "level: trace")
        )
        (benvolio,) = await self.open()
        await self.publish(benvolio, "2026-04")
        status = await self.broadsheet.command("status")
        checked = await self.broadsheet.command("check-config")
        process = Path(f"/proc/{self.broadsheet.process.pid}")
        places = {
            "log": self.broadsheet.process.log_text(),
            "status": status.output + status.errors,
            "check-config": checked.output + checked.errors,
            "command line": (process / "cmdline").read_text(errors="replace"),
            "environment": (process / "environ").read_text(errors="replace"),
        }
        for name, text in places.items():
            self.assertNotIn(self.server.component_secret, text, name)
            # The digest proves the knowledge of the secret, to whoever sees the stream's id as well.
            self.assertIsNone(re.search(r"handshake>[0-9a-f]{40}", text), name)
        limits = (process / "limits").read_text()
        # One byte is no dump either, and spares us from programs that take dumps by a pipe.
        self.assertRegex(limits, r"Max core file size\s+[01]\s")
        for path in self.broadsheet.folder.iterdir():
            if path.is_file() and path.name != "secret" and path.name != "broadsheet.yaml":
                self.assertNotIn(self.server.component_secret.encode(), path.read_bytes(), path.name)


class Strangers(InteropCase):
    """A component of strangers at the same server: what they write bears no name but theirs."""

    def chat(self, sender: str, line: str) -> bytes:
        return (
            f"<message type='chat' id='m1' from='{sender}/x' to='{CONTACT}'><body>{line}</body></message>"
        ).encode()

    async def strangers(self) -> RawComponent:
        await self.open()
        return RawComponent(CROWD, self.server.component_port, self.server.component_secret)

    async def hears(self, component: RawComponent, pattern: bytes) -> bytes:
        component.socket.settimeout(PATIENCE)
        return await asyncio.to_thread(component.until, pattern)

    async def test_a_forged_sender_publishes_nothing(self) -> None:
        strangers = await self.strangers()
        strangers.socket.sendall(self.chat("benvolio@localhost", "publish 2026-04"))
        # The server ends the stream, or drops what is not theirs to send.
        try:
            strangers.socket.settimeout(2)
            await asyncio.to_thread(strangers.socket.recv, 65536)
        except OSError:
            pass
        await self.has_no_items(self.people["benvolio"])

    async def test_a_name_that_looks_like_an_editors_gives_no_right(self) -> None:
        strangers = await self.strangers()
        strangers.socket.sendall(self.chat(STRANGER, "publish 2026-04"))
        heard = await self.hears(strangers, rb"</message>")
        self.assertNotIn(b"published", heard.lower())
        await self.has_no_items(self.people["benvolio"])

    async def test_nobody_subscribes_or_unsubscribes_somebody_else(self) -> None:
        strangers = await self.strangers()
        (juliet, nurse) = await self.online("juliet", "nurse")
        await juliet.subscribe(COMPONENT, NODE)
        requests = [
            f"<subscribe node='{NODE}' jid='{nurse.jid}'/>",
            f"<unsubscribe node='{NODE}' jid='{juliet.jid}'/>",
            f"<options node='{NODE}' jid='{juliet.jid}'/>",
        ]
        for number, request in enumerate(requests):
            strangers.socket.sendall(
                f"<iq type='set' id='r{number}' from='{STRANGER}/x' to='{COMPONENT}'>"
                f"<pubsub xmlns='{PUBSUB}'>{request}</pubsub></iq>".encode()
            )
            heard = await self.hears(strangers, rb"</iq>")
            self.assertRegex(heard, rb"type=['\"]error")
        benvolio = self.people["benvolio"]
        await self.publish(benvolio, "2026-04")
        await juliet.event(NODE, "2026-04")
        await nurse.catch_up(COMPONENT)
        self.assertEqual(self.messages(nurse), [])

    async def test_a_room_that_is_not_ours_makes_nobody_an_editor(self) -> None:
        benvolio, tybalt = await self.open("tybalt")
        room = "vault@rooms.localhost"
        # Whoever makes a room owns it.
        await tybalt.join(room, "tybalt")
        tybalt.say(room, "!publish 2026-04")
        mark = tybalt.mark
        tybalt.write(CONTACT, "publish 2026-04")
        await tybalt.answer(CONTACT, "publish", since=mark)
        await self.has_no_items(benvolio)


class Files(InteropCase):
    async def test_an_issue_that_leads_out_of_its_folder_is_not_there(self) -> None:
        outside = self.folder / "outside.md"
        outside.write_text('---\ntitle: "Private"\ndate: 2026-09-01\n---\n\nNot for readers\n')
        (self.broadsheet.issues / "2026-09-01-dispatch.md").symlink_to(outside)
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        mark = benvolio.mark
        benvolio.say(ROOM, "!publish 2026-09-01")
        await benvolio.said_in_room(ROOM, NICK, "2026-09-01", since=mark)
        await self.has_no_items(benvolio)
        outcome = await self.broadsheet.command("publish", "../outside")
        self.assertNotEqual(outcome.code, 0)
        await self.has_no_items(juliet)
