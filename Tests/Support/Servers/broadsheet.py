"""The built program, run as an operator would run it: a folder with configuration, secret, issues."""

import asyncio
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from child import LOOPBACK, Child
from xmpp_server import COMPONENT, NEWSLETTER, ROOM, ROOT

SAMPLES = ROOT / "Tests" / "Samples" / "issues"
NICK = "Dispatch"
CONTACT = NEWSLETTER
NODE = "dispatch-en"

CONFIGURATION = """\
component:
  jid: {component}
  server: {address}:{port}
  secret_file: secret
database: broadsheet.sqlite
control:
  socket: control.sock
newsletters:
  dispatch:
    title: The Verona Dispatch
    issues: issues
    language: en
    languages: [en, de, fr]
    check:
      # The translations among the samples are short, and have sections of their own.
      rules: {{drift-links: off, drift-sections: off, drift-specifications: off,
              section-missing: off, section-unknown: off}}
    web: https://dispatch.verona.example/
    author: The Verona Dispatch team
    rights: CC BY-SA 4.0
rooms:
  - jid: {room}
    nick: {nick}
    newsletters: [dispatch]
    roles:
      owner: publisher
      admin: publisher
      member: editor
people:
  benvolio@localhost: publisher
log:
  level: debug
"""


@dataclass
class Outcome:
    """What a command on the command line did."""

    code: int
    output: str
    errors: str


class Broadsheet:
    """One installation in a folder; starts, stops, and takes commands over its control socket."""

    def __init__(self, binary: Path, folder: Path, component_port: int, secret: str) -> None:
        self.binary = binary
        self.folder = folder
        self.log_path = folder / "broadsheet.log"
        self.configuration = folder / "broadsheet.yaml"
        self.issues = folder / "issues"
        self.process = Child("Broadsheet", self.log_path)
        # A command that makes the surroundings worse, then runs what stands behind it.
        self.within: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        if not self.issues.exists():
            shutil.copytree(SAMPLES, self.issues)
        self.write_configuration(component_port)
        self.write_secret(secret)

    def write_configuration(self, component_port: int, change: tuple[str, str] | None = None) -> None:
        """`change` replaces the first text by the second, which it must find."""
        text = CONFIGURATION.format(
            component=COMPONENT, address=LOOPBACK, port=component_port, room=ROOM, nick=NICK
        )
        if change:
            if change[0] not in text:
                raise ValueError(f"nothing like {change[0]!r} in the configuration")
            text = text.replace(*change, 1)
        self.configuration.write_text(text)

    def write_secret(self, secret: str) -> None:
        path = self.folder / "secret"
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secret + "\n")

    def start(self) -> None:
        command = [str(self.binary), "run", "--config", str(self.configuration)]
        self.process.spawn(self.within + command)

    def stop(self, within: float = 10) -> float:
        return self.process.stop(within)

    async def command(self, *words: str, seconds: float = 20) -> Outcome:
        """`broadsheet VERB --config FILE …`, where a verb may be two words, without holding up the clients meanwhile."""
        verb, *rest = words
        process = await asyncio.create_subprocess_exec(
            str(self.binary), *verb.split(), "--config", str(self.configuration), *rest,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            output, errors = await asyncio.wait_for(process.communicate(), seconds)
        except asyncio.TimeoutError:
            process.kill()
            await process.wait()
            raise TimeoutError(f"broadsheet {verb} did not end within {seconds:g} s") from None
        return Outcome(process.returncode or 0, output.decode(), errors.decode())
