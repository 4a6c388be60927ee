#!/usr/bin/python3
"""Plays Broadsheet's main job against a private Prosody, with slixmpp as everybody's client.

    demo.py [--stay] PATH/TO/broadsheet
"""

import argparse
import asyncio
import contextlib
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "Tests" / "Support" / "Servers"))

from broadsheet import CONTACT, NICK, NODE, Broadsheet  # noqa: E402
from child import LOOPBACK, ServerError  # noqa: E402
from people import Heard, Item, Person  # noqa: E402
from prosody import Prosody  # noqa: E402
from xmpp_server import COMPONENT, ROOM  # noqa: E402

FIRST = "2026-04"
SECOND = "2026-05"
CAST = {
    "benvolio": "owner of the room, so a publisher",
    "tybalt": "in the room, with no rights",
    "juliet": "reads with a PubSub client",
    "nurse": "reads in her chat client",
    "romeo": "reads in his chat client, and is often away",
}
AFFILIATIONS = {"benvolio@localhost": "owner"}


class StepFailed(Exception):
    """A step of the play did not happen."""


class Stage:
    """Prints what happens, as people would read it."""

    COLOURS = {"benvolio": 36, "tybalt": 31, "juliet": 35, "nurse": 33, "romeo": 34, NICK: 32}

    def __init__(self) -> None:
        self.coloured = sys.stdout.isatty()
        self.proofs: list[str] = []
        self.step = "starting"

    def paint(self, text: str, code: int) -> str:
        return f"\033[{code}m{text}\033[0m" if self.coloured else text

    def say(self, who: str, where: str, text: str) -> None:
        name = self.paint(f"{who:>9}", self.COLOURS.get(who, 0))
        place = self.paint(f"{where:<10}", 2)
        lines = text.strip().splitlines() or [""]
        shown = lines if len(lines) <= 12 else lines[:11] + [f"… ({len(lines) - 11} more lines)"]
        print(f"{name} {place} {shown[0]}")
        for line in shown[1:]:
            print(f"{'':>9} {'':<10} {line}")
        sys.stdout.flush()

    @contextlib.contextmanager
    def act(self, step: str) -> Iterator[None]:
        self.step = step
        print(f"\n{self.paint('— ' + step, 1)}", flush=True)
        yield

    def proved(self, fact: str) -> None:
        self.proofs.append(fact)


class Play:
    def __init__(self, binary: Path, folder: Path) -> None:
        self.stage = Stage()
        self.passwords = {name: secrets.token_hex(4) for name in CAST}
        server_folder = folder / "prosody"
        server_folder.mkdir()
        self.server = Prosody(self.passwords, AFFILIATIONS, server_folder)
        self.server.start()
        self.program = Broadsheet(
            binary, folder / "broadsheet", self.server.component_port, self.server.component_secret
        )
        self.people = {
            name: Person(name, password, self.server.client_port, self.told)
            for name, password in self.passwords.items()
        }

    def told(self, person: Person, heard: Heard) -> None:
        """Prints what reaches a person; the room's talk once, as benvolio sees it."""
        if heard.kind == "groupchat":
            if person.name == "benvolio" and heard.body and not heard.delayed:
                self.stage.say(heard.nick, "room ✎" if heard.corrects else "room", heard.body)
        elif heard.is_event:
            titles = ", ".join(each.title or each.id for each in heard.items)
            self.stage.say(person.name, "PubSub", f"← {heard.node}: {titles}")
        elif heard.kind != "presence" and heard.body:
            away = "(kept by the server while away)\n" if heard.delayed else ""
            self.stage.say(NICK, f"→ {person.name}", away + heard.body)

    def write(self, person: Person, text: str) -> None:
        self.stage.say(person.name, "chat", text)
        person.write(CONTACT, text)

    # The acts

    async def run(self) -> None:
        await self.enter()
        await self.subscribe()
        await self.refuse_a_visitor()
        first = await self.publish_and_read()
        await self.come_back()
        await self.leave()
        self.show_views(first)

    async def enter(self) -> None:
        benvolio = self.people["benvolio"]
        with self.stage.act(f"Broadsheet joins {ROOM}"):
            for name in ("benvolio", "tybalt"):
                await self.people[name].login()
                await self.people[name].join(ROOM, name)
            self.program.start()
            joining = asyncio.ensure_future(benvolio.sees(f"{ROOM}/{NICK}", seconds=20))
            while not joining.done():
                if not self.program.process.running:
                    joining.cancel()
                    raise StepFailed(f"broadsheet ended (exit {self.program.process.exit_code})")
                await asyncio.sleep(0.05)
            await joining
            print(f"{'':>9} {'':<10} {NICK} is in the room.")

    async def subscribe(self) -> None:
        juliet, nurse, romeo = (self.people[name] for name in ("juliet", "nurse", "romeo"))
        with self.stage.act("Three readers subscribe"):
            for reader in (juliet, nurse, romeo):
                await reader.login()
            self.stage.say("juliet", "PubSub", f"→ subscribe to {NODE} at {COMPONENT}")
            state = await juliet.subscribe(COMPONENT, NODE)
            self.stage.say(COMPONENT.split(".")[0], "PubSub", f"→ juliet: {state}")
            if state != "subscribed":
                raise StepFailed(f"the subscription of juliet is '{state}'")
            self.stage.proved(f"a PubSub client subscribed to {NODE}")
            for reader in (nurse, romeo):
                self.write(reader, "subscribe")
                await reader.answer(CONTACT, "subscribed")
            self.stage.proved("chat readers subscribed with one word")
            await romeo.logout()
            print(f"{'':>9} {'':<10} romeo logs out.")

    async def refuse_a_visitor(self) -> None:
        tybalt = self.people["tybalt"]
        readers = [self.people["juliet"], self.people["nurse"]]
        with self.stage.act("Somebody without the right tries to publish"):
            marks = [each.mark for each in readers]
            mark = tybalt.mark
            tybalt.say(ROOM, f"!publish {FIRST}")
            await tybalt.wait_for(
                "a refusal, in the room or to him alone",
                lambda heard: heard.sender == f"{ROOM}/{NICK}" and bool(heard.body),
                since=mark,
            )
            for reader, since in zip(readers, marks):
                await reader.catch_up(COMPONENT)
                if any(heard.kind != "presence" for heard in reader.heard[since:]):
                    raise StepFailed(f"{reader.name} got something although tybalt may not publish")
            if await readers[0].items(COMPONENT, NODE):
                raise StepFailed(f"{NODE} has an item although tybalt may not publish")
            self.stage.proved("who may not publish was told so, and nothing was published")

    async def publish_and_read(self) -> Item:
        benvolio, juliet, nurse = (self.people[name] for name in ("benvolio", "juliet", "nurse"))
        with self.stage.act("The editor looks at the issues and publishes one"):
            mark = benvolio.mark
            benvolio.say(ROOM, "!issues")
            await benvolio.said_in_room(ROOM, NICK, FIRST, since=mark)
            mark, starts = benvolio.mark, (juliet.mark, nurse.mark)
            benvolio.say(ROOM, f"!publish {FIRST}")
            await benvolio.said_in_room(ROOM, NICK, NODE, since=mark)
            event = await juliet.event(NODE, FIRST, since=starts[0])
            item = event.items[0]
            if not item.title:
                raise StepFailed("the item juliet got has no title")
            await nurse.answer(CONTACT, item.title, since=starts[1])
            self.stage.proved("one command in the room brought the issue to both readers")
        with self.stage.act("Juliet fetches the item back"):
            (fetched,) = await juliet.items(COMPONENT, NODE, ids=[item.id])
            if (fetched.id, fetched.payload_xml) != (item.id, item.payload_xml):
                raise StepFailed("the item fetched is not the item notified")
            self.stage.say("juliet", "PubSub", f"← {fetched.id}: {fetched.title}")
            self.stage.proved(f"item {item.id} fetched back is the one that was notified")
        return item

    async def come_back(self) -> None:
        romeo = self.people["romeo"]
        with self.stage.act("Romeo, who was away, logs in"):
            # The server must have put his copy aside before he is back, or it proves nothing.
            await self.people["benvolio"].said_in_room(ROOM, NICK, "done:", FIRST)
            mark = romeo.mark
            await romeo.login()
            await romeo.wait_for(
                "the issue kept while he was away",
                lambda heard: heard.delayed and heard.sender.startswith(CONTACT) and "Dispatch" in heard.body,
                since=mark,
            )
            self.stage.proved("a reader who was offline found the issue on logging in")

    async def leave(self) -> None:
        benvolio, juliet, nurse, romeo = (
            self.people[name] for name in ("benvolio", "juliet", "nurse", "romeo")
        )
        with self.stage.act("The nurse leaves; the next issue goes out"):
            mark = nurse.mark
            self.write(nurse, "unsubscribe")
            await nurse.answer(CONTACT, since=mark)
            marks = {person.name: person.mark for person in (benvolio, juliet, nurse, romeo)}
            benvolio.say(ROOM, f"!publish {SECOND}")
            event = await juliet.event(NODE, SECOND, since=marks["juliet"])
            await romeo.answer(CONTACT, event.items[0].title, since=marks["romeo"])
            await benvolio.said_in_room(ROOM, NICK, NODE, since=marks["benvolio"])
            await benvolio.said_in_room(ROOM, NICK, "done:", SECOND, since=marks["benvolio"])
            await nurse.catch_up(COMPONENT)
            if any(heard.kind != "presence" for heard in nurse.heard[marks["nurse"] :]):
                raise StepFailed("nurse got the second issue although she had left")
            self.stage.proved("a reader who left got nothing more, while the others did")

    def show_views(self, first: Item) -> None:
        print(f"\n{self.stage.paint('What each reader has now', 1)}")
        for name in ("juliet", "nurse", "romeo"):
            titles = [
                each.items[0].title if each.is_event else each.body.strip().splitlines()[0]
                for each in self.people[name].heard
                if (each.is_event and each.items) or (each.kind == "chat" and each.body.strip())
            ]
            for title in titles:
                how = "PubSub" if name == "juliet" else "chat"
                self.stage.say(name, how, title)
        print(f"\n{self.stage.paint('What this proved', 1)}")
        for number, proof in enumerate(self.stage.proofs, 1):
            print(f"  {number}. {proof}")

    async def stay(self) -> None:
        """Leaves the stage to the visitor until Ctrl-C or SIGTERM."""
        over = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, over.set)
        print(f"\n{self.stage.paint('Log in with your own client', 1)}")
        print(f"  server     {LOOPBACK}, port {self.server.client_port}, no TLS (it is loopback only)")
        for name, role in CAST.items():
            print(f"  account    {name}@localhost   password {self.passwords[name]}   ({role})")
        print(f"  room       xmpp:{ROOM}?join")
        print(f"  contact    xmpp:{CONTACT}?message;body=subscribe")
        print(f"  feed       xmpp:{COMPONENT}?;node={NODE}")
        print(f"  logs       {self.program.log_path}, {self.server.log_path}")
        print("  Say !help in the room, or help to the contact. Ctrl-C ends it.", flush=True)
        for person in self.people.values():
            with contextlib.suppress(Exception):
                await person.logout()
        while not over.is_set():
            if not (self.server.running and self.program.process.running):
                raise StepFailed("a server ended by itself")
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(over.wait(), 0.5)
        print("\nEnding.")

    async def end(self) -> None:
        for person in self.people.values():
            with contextlib.suppress(Exception):
                await person.logout()
        self.program.stop(5)
        self.server.stop(5)


async def perform(binary: Path, folder: Path, stays: bool) -> int:
    play: Play | None = None
    began = time.monotonic()
    try:
        play = Play(binary, folder)
        await asyncio.wait_for(play.run(), 120)
        print(f"\nDone in {time.monotonic() - began:.1f} s.", flush=True)
        if stays:
            await play.stay()
        return 0
    except Exception as problem:
        step = play.stage.step if play else "starting Prosody"
        print(f"\nFAILED at “{step}”: {problem or type(problem).__name__}", file=sys.stderr)
        print(f"Logs: {folder}/broadsheet/broadsheet.log", file=sys.stderr)
        print(f"      {folder}/prosody/prosody.log", file=sys.stderr)
        return 1
    finally:
        if play:
            await play.end()


def interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=Path, help="the built broadsheet")
    parser.add_argument("--stay", action="store_true", help="stay up for your own client")
    options = parser.parse_args()
    if not options.binary.is_file():
        print(f"There is no program at {options.binary}; `make demo` builds it.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, interrupted)
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-demo-"))
    code = 1
    try:
        code = asyncio.run(perform(options.binary.resolve(), folder, options.stay))
    except (KeyboardInterrupt, ServerError) as problem:
        print(f"\nStopped. {problem}".rstrip(), file=sys.stderr)
        code = 130
    finally:
        if code in (0, 130):
            shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
