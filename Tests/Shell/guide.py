#!/usr/bin/python3
"""Holds the guides for operators against the program: what they show is run, what they quote is said.

    guide.py PATH/TO/broadsheet

What needs a machine of its own is run by Tests/System instead; here is seen that nothing is left out.
"""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import unittest
from pathlib import Path

import yaml

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Support" / "Servers"))

from xmpp_server import find_tree  # noqa: E402

GUIDES = [ROOT / "docs" / name for name in ("operators.md", "configuration.md")]
PROGRAM = ""
CONFIGURATION = """\
component:
  jid: news.verona.example
  secret_file: secret
newsletters:
  dispatch:
    title: The Verona Dispatch
    issues: issues
"""


def snippets() -> list[str]:
    """Every block of code in the guides, without its indent."""
    found = []
    for guide in GUIDES:
        text = guide.read_text(encoding="utf-8")
        found += re.findall(r"^```\w*\n(.*?)^```", text, flags=re.M | re.S)
        for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, flags=re.M):
            found.append("\n".join(line[4:] for line in block.strip("\n").splitlines()) + "\n")
    return found


def snippet(words: str) -> str:
    """The block that has the words in it."""
    (found,) = [each for each in snippets() if words in each]
    return found


def says(*folders: str) -> str:
    """What the sources say, with texts in one piece that stand in several."""
    files = [each for folder in folders for each in sorted((ROOT / folder).rglob("*.swift"))]
    text = "\n".join(each.read_text(encoding="utf-8") for each in files)
    text = re.sub(r'"\s*\+ "', "", text)
    return re.sub(r"\s*\\\n\s*", " ", text)


class Guide(unittest.TestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name)
        (self.folder / "issues").mkdir()
        (self.folder / "secret").write_text("secret\n")
        (self.folder / "secret").chmod(0o600)
        self.configuration = self.folder / "broadsheet.yaml"
        self.configuration.write_text(CONFIGURATION)

    def checked(self, **variables: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [PROGRAM, "check-config", "--config", self.configuration],
            env={**os.environ, **variables}, capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    def run_here(self, *command: object) -> str:
        outcome = subprocess.run(
            [str(word) for word in command], cwd=self.folder, capture_output=True, text=True, timeout=300
        )
        self.assertEqual(outcome.returncode, 0, outcome.stdout + outcome.stderr)
        return outcome.stdout

    def test_every_snippet_is_run_by_a_test(self) -> None:
        tests = [Path(__file__), ROOT / "Tests/System/run.py"]
        claims = {
            words
            for test in tests
            for words in re.findall(r'[^_]snippet\("([^"]+)"\)', test.read_text(encoding="utf-8"))
        }
        for each in snippets():
            self.assertTrue([words for words in claims if words in each], f"nobody runs:\n{each}")
        for words in claims:
            self.assertEqual(len([each for each in snippets() if words in each]), 1, words)

    def test_of_every_command_is_said_what_it_needs(self) -> None:
        table = GUIDES[0].read_text(encoding="utf-8").split("| command | works |\n")[1].split("\n\n")[0]
        named = [name for names in re.findall(r"`([a-z -]+)`", table) for name in names.split()]
        listed = re.findall(r"^  ([a-z][a-z-]*)(?:, [a-z-]+)*  ", self.run_here(PROGRAM, "--help"), flags=re.M)
        self.assertIn("publish", listed)
        # `run` is the service itself.
        self.assertEqual(set(listed) - set(named), {"run"})

    def test_each_command_needs_what_the_table_says(self) -> None:
        table = GUIDES[0].read_text(encoding="utf-8").split("| command | works |\n")[1].split("\n\n")[0]
        rows = [row.strip("| ").split(" | ") for row in table.splitlines()[1:]]
        needs = {name: need for names, need in rows for name in self.commands(names)}
        for words, example in self.examples().items():
            need = needs.get(words, needs.get(words.split()[0]))
            if words == "run":
                continue  # It is the service itself.
            self.assertIsNotNone(need, words)
            (self.folder / "readers.csv").write_text("address,node\nromeo@verona.example,dispatch-en\n")
            said = self.alone(words, example)
            with self.subTest(words, said=said[-300:]):
                asks = "No service answers" in said
                self.assertEqual(asks, need.startswith("through the socket"))

    def commands(self, names: str) -> list[str]:
        """`readers` (`count`, `list`) are `readers`, `readers count` and `readers list`."""
        found = []
        for name, others in re.findall(r"`([a-z -]+)`(?: \(([^)]*)\))?", names):
            found += [name, *(f"{name} {each}" for each in re.findall(r"`([a-z-]+)`", others))]
        return found

    def examples(self) -> dict[str, list[str]]:
        """Every command that does something, with the first example of its own help."""

        def walk(command: dict, words: list[str]):
            others = [each for each in command.get("subcommands", []) if each["commandName"] != "help"]
            if words and not others:
                yield " ".join(words), command.get("discussion", "")
            for each in others:
                yield from walk(each, [*words, each["commandName"]])

        dump = json.loads(self.run_here(PROGRAM, "--experimental-dump-help"))
        found = {}
        for words, text in walk(dump["command"], []):
            lines = re.findall(r"broadsheet [^\n]+", text.partition("Example")[2])
            line = next(each for each in lines if each.startswith(f"broadsheet {words}"))
            found[words] = shlex.split(line.partition(" > ")[0])[1:]
        return found

    def alone(self, words: str, example: list[str]) -> str:
        """What the example says where no service runs, all its files in a folder of the test."""
        place = len(words.split())
        files = [f"{self.folder}{word}" if word.startswith("/") else word for word in example[place:]]
        takes = "--config" in self.run_here(PROGRAM, *example[:place], "--help")
        config = ["--config", self.configuration] if takes and "--config" not in files else []
        outcome = subprocess.run(
            [PROGRAM, *example[:place], *map(str, config), *files], cwd=self.folder, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        return outcome.stdout + outcome.stderr

    def test_the_environment_changes_what_the_guide_says(self) -> None:
        lines = snippet("BROADSHEET_DELIVERY__BATCH_SIZE=500").splitlines()
        variables = dict(line.replace("'", "").split("=", 1) for line in lines)
        outcome = self.checked(**variables)
        self.assertEqual(outcome.returncode, 0, outcome.stderr)
        for name in variables:
            mistaken = self.checked(**{**variables, name: "{}"})
            self.assertEqual(mistaken.returncode, 78, name)
            self.assertIn(f"It is set by {name}", mistaken.stderr)

    def test_sections_of_ones_own_are_known(self) -> None:
        (self.folder / "sections.yaml").write_text(snippet("Duels and quarrels"))
        issue = self.folder / "2026-03-05-dispatch.md"
        issue.write_text("---\ntitle: T\ndate: 2026-03-05\n---\n\n## Licence\n\ntext\n")
        check = [PROGRAM, "check", "--taxonomy", "sections.yaml", issue.name]
        outcome = subprocess.run(check, cwd=self.folder, capture_output=True, text=True, timeout=300)
        self.assertIn("[section-missing]", outcome.stdout)
        self.assertIn("Duels", outcome.stdout)
        issue.write_text(issue.read_text() + "\n## Duels and quarrels\n\ntext\n")
        self.assertNotIn("section-", self.run_here(*check))

    def test_what_stands_behind_refresh_is_taken(self) -> None:
        line = snippet("refresh: [git")
        self.configuration.write_text(CONFIGURATION + f"    {line}")
        self.assertEqual(self.checked().returncode, 0)

    def test_an_engine_in_prosody_is_configured_in_lua(self) -> None:
        settings = self.folder / "engine.lua"
        settings.write_text(
            "function Component(name) return function(kind) host, module = name, kind end end\n"
            + snippet("expose_publisher = true")
            + "\nprint(host, module, admins[1], expose_publisher, pubsub_max_items)\n"
        )
        said = self.run_here("lua5.4", settings).split()
        self.assertEqual(said, ["pubsub.example.org", "pubsub", "newsletter@news.example.org", "true", "10000"])

    def test_prosodys_network_settings_have_the_names_that_it_knows(self) -> None:
        settings = self.folder / "network.lua"
        settings.write_text(
            snippet("read_size = 65536") + "\nfor name in pairs(network_settings) do print(name) end\n"
        )
        names = self.run_here("lua5.4", settings).split()
        file = "usr/lib/prosody/net/server_epoll.lua"
        defaults = (find_tree("prosody", file) / file).read_text()
        known = re.findall(r"^\t(\w+) = ", defaults.partition("default_config = ")[2], flags=re.M)
        self.assertEqual(sorted(names), ["min_wait", "nagle", "read_size"])
        self.assertLessEqual(set(names), set(known))

    def test_an_engine_in_ejabberd_lets_the_newsletters_make_nodes(self) -> None:
        settings = yaml.safe_load(snippet("access_createnode"))
        engine = settings["modules"]["mod_pubsub"]
        allowed = settings["access_rules"][engine["access_createnode"]]["allow"]
        self.assertEqual(settings["acl"][allowed], {"server": "news.example.org"})
        self.assertEqual((engine["host"], engine["plugins"]), ("pubsub.example.org", ["flat"]))

    def test_the_part_for_mongooseim_is_read_as_toml(self) -> None:
        # The server itself is not at hand.
        (listener,) = tomllib.loads(snippet("[[listen.component]]"))["listen"]["component"]
        self.assertEqual((listener["port"], listener["ip_address"]), (8888, "127.0.0.1"))

    def test_a_certificate_is_shown_by_stunnel_and_its_fingerprint_taken(self) -> None:
        certificate = self.folder / "news.pem"
        self.run_here(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
            "-days", "2", "-keyout", "key.pem", "-out", certificate,
        )  # fmt: skip
        words = snippet("-fingerprint -sha256").replace("/etc/stunnel/news.pem", str(certificate))
        fingerprint = self.run_here(*words.split()).strip().split("=")[1]
        tls = f"  tls: direct\n  tls_fingerprint: {fingerprint}\nnewsletters:"
        self.configuration.write_text(CONFIGURATION.replace("newsletters:", tls))
        self.assertEqual(self.checked().returncode, 0, self.checked().stderr)

        stunnel = shutil.which("stunnel4") or ROOT / ".build/servers/stunnel4/usr/bin/stunnel4"
        certificate.write_text(certificate.read_text() + (self.folder / "key.pem").read_text())
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        part = snippet("[broadsheet]").replace("5348", f"127.0.0.1:{port}")
        settings = self.folder / "stunnel.conf"
        settings.write_text("foreground = yes\npid =\n" + part.replace("/etc/stunnel/news.pem", str(certificate)))
        with subprocess.Popen([stunnel, settings], stderr=subprocess.PIPE, text=True) as process:
            try:
                self.assertIn(fingerprint, self.shown(port, process))
            finally:
                process.kill()

    def shown(self, port: int, process: subprocess.Popen) -> str:
        """The fingerprint of the certificate that is shown at a port."""
        deadline = time.monotonic() + 120
        while True:
            shown = subprocess.run(
                ["openssl", "s_client", "-connect", f"127.0.0.1:{port}"],
                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
            ).stdout  # fmt: skip
            if "BEGIN CERTIFICATE" in shown:
                break
            if process.poll() is not None or time.monotonic() > deadline:
                self.fail(process.stderr.read() if process.poll() is not None else "nobody listens")
            time.sleep(0.1)
        return subprocess.run(
            ["openssl", "x509", "-noout", "-fingerprint", "-sha256"],
            input=shown, capture_output=True, text=True, timeout=60,
        ).stdout  # fmt: skip


class Troubles(unittest.TestCase):
    """The table of messages, and what the program says."""

    def setUp(self) -> None:
        guide = GUIDES[0].read_text(encoding="utf-8")
        table = guide.split("| it says | then |\n| --- | --- |\n")[1].split("\n\n")[0]
        self.messages = [line.split("|")[1].strip() for line in table.splitlines()]

    def test_what_is_explained_is_said(self) -> None:
        # systemd's own words.
        code = says("Sources") + "\nAssertion failed on job for broadsheet.service\n"
        self.assertGreater(len(self.messages), 30)
        for message in self.messages:
            pieces = re.split(r"…|'[^']*'|\([^()]*\)|reason=|[\":]|, (?=[A-Z])", message)
            words = [piece.strip(" ,;") for piece in pieces]
            words = [piece for piece in words if len(piece) > 7]
            self.assertTrue(words or message.startswith(("Could not", "Stream ended", "… the room", "There is")), message)
            for piece in words:
                self.assertIn(piece, code, message)

    def test_what_the_log_warns_of_is_explained(self) -> None:
        said = re.findall(r'logger\.(?:warning|error|critical)\(\s*"""\s*(.*?)"""|logger\.(?:warning|error|critical)\(\s*"(.*?)"[,)]', says("Sources"), flags=re.S)
        explained = " ".join(self.messages)
        self.assertGreater(len(said), 15)
        for texts in said:
            text = " ".join("".join(texts).split())
            for piece in re.split(r"\\\([^()]*\)", text):
                piece = piece.strip(" .;:")
                self.assertIn(piece[:40], explained, text)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
