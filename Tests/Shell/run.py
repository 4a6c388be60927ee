#!/usr/bin/python3
"""Tests what the built program does with issue files in a shell; no server is needed.

    run.py PATH/TO/broadsheet

The real issues under BROADSHEET_CORPUS are rendered too, if it is set.
"""

import html.parser
import http.server
import json
import os
import pty
import re
import resource
import shlex
import stat
import subprocess
import sys
import tempfile
import threading
import unittest
import xml.dom.minidom
from pathlib import Path

sys.dont_write_bytecode = True
SAMPLES = Path(__file__).resolve().parents[1] / "Samples"
PROGRAM = ""

ISSUE = """---
title: The Verona Dispatch
date: 2026-03-05
---

See [the rules] (https://verona.example/rules).

##Weddings
"""
MENDED = """---
title: The Verona Dispatch
date: 2026-03-05
---

See [the rules](https://verona.example/rules).

## Weddings
"""


class TagBalance(html.parser.HTMLParser):
    """Fails where an element is not closed by its own end."""

    VOID = {"meta", "link", "img", "br", "hr"}

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag


class ShellCase(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory()
        self.folder = Path(self.home.name)
        self.addCleanup(self.home.cleanup)

    def write(self, text, name="2026-03-05-dispatch.md"):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def shell(self, *words):
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")}
        return subprocess.run(
            [PROGRAM, *map(str, words)],
            capture_output=True,
            encoding="utf-8",
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=300,
        )


class Rendering(ShellCase):
    def files(self):
        corpus = os.environ.get("BROADSHEET_CORPUS")
        folders = [SAMPLES / "issues", SAMPLES / "renderings"]
        folders += [Path(corpus) / "issues"] if corpus else []
        return [path for folder in folders for path in sorted(folder.glob("*.md"))]

    def test_every_entry_is_read_by_a_strict_parser_and_every_page_is_balanced(self):
        for kind in ["atom", "html", "chat"]:
            outcome = self.shell("render", "--format", kind, "--out", self.folder, *self.files())
            self.assertEqual(outcome.returncode, 0, outcome.stderr)
        entries = list(self.folder.glob("*.atom"))
        self.assertEqual(len(entries), len(self.files()))
        for entry in entries:
            root = xml.dom.minidom.parse(str(entry)).documentElement
            self.assertEqual(root.tagName, "entry")
        for page in self.folder.glob("*.html"):
            TagBalance(page.read_text(encoding="utf-8"))
        self.assertTrue(all(path.read_text().strip() for path in self.folder.glob("*.txt")))

    def test_an_enclosure_has_the_length_of_the_file_where_that_is_at_hand(self):
        banner = self.folder / "static/images/banner.png"
        banner.parent.mkdir(parents=True)
        banner.write_bytes(bytes(4321))
        path = SAMPLES / "issues/2026-04-05-dispatch.md"
        options = ["render", "--format", "atom", "--images", self.folder / "static", path]
        links = xml.dom.minidom.parseString(self.shell(*options).stdout).getElementsByTagName("link")
        lengths = [
            link.getAttribute("length") for link in links if link.getAttribute("rel") == "enclosure"
        ]
        self.assertEqual(lengths, ["4321", ""])

    def test_an_issue_is_shown_in_any_amount_and_cut_where_that_is_wanted(self):
        path = SAMPLES / "issues/2026-04-05-dispatch.md"
        link = self.shell("render", "--amount", "link", path).stdout
        self.assertEqual(len(link.splitlines()), 2)
        parts = self.shell("render", "--amount", "full", "--message-size", "2000", path).stdout
        self.assertIn("The Verona Dispatch: March 2026 (1/", parts)
        self.assertNotEqual(self.shell("render", "--message-size", "10", path).returncode, 0)

    def test_a_file_with_errors_is_not_rendered_but_explained(self):
        outcome = self.shell("render", SAMPLES / "broken/2026-01-06-missing-title.md")
        self.assertEqual((outcome.returncode, outcome.stdout), (1, ""))
        self.assertIn("[title-missing]", outcome.stderr)
        self.assertEqual(self.shell("render", self.folder / "none.md").returncode, 2)


class Checking(ShellCase):
    def test_the_status_says_whether_there_are_errors(self):
        fine = self.write("---\ntitle: T\ndate: 2026-03-05\n---\ntext\n", "2026-03-05-a.md")
        self.assertEqual(self.shell("check", fine).returncode, 0)
        broken = self.write(ISSUE)
        self.assertEqual(self.shell("check", broken).returncode, 1)
        self.assertEqual(self.shell("check", "--rule", "link-broken=off", broken).returncode, 0)
        strict = ["--rule", "link-broken=off", "--rule", "heading-blank=error"]
        self.assertEqual(self.shell("check", *strict, broken).returncode, 1)
        self.assertEqual(self.shell("check", self.folder / "none.md").returncode, 2)

    def test_mistakes_are_shown_before_they_are_corrected_and_only_with_consent(self):
        path = self.write(ISSUE)
        path.chmod(0o640)
        outcome = self.shell("check", "--fix", path)
        self.assertIn("+See [the rules](https://verona.example/rules).", outcome.stderr)
        self.assertIn("--yes", outcome.stderr)
        self.assertEqual(path.read_text(), ISSUE)
        outcome = self.shell("check", "--fix", "--yes", path)
        self.assertEqual(outcome.returncode, 0, outcome.stdout)
        self.assertEqual(path.read_text(), MENDED)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)
        self.assertEqual([each.name for each in self.folder.glob("2026*")], [path.name])
        self.assertIn("nothing that can be corrected", self.shell("check", "--fix", path).stderr)

    def test_links_are_followed_only_when_asked_and_not_again_at_once(self):
        asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_HEAD(self):
                asked.append(self.path)
                self.send_response(404 if self.path == "/gone" else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_HEAD

            def log_message(self, *rest):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        base = f"http://127.0.0.1:{server.server_port}"
        path = self.write(
            "---\ntitle: T\ndate: 2026-03-05\n---\n"
            f"[a]({base}/fine#b) [c]({base}/gone)\n\n[d]({base}/gone)\n"
        )
        self.assertEqual(self.shell("check", path).returncode, 0)
        self.assertEqual(asked, [])
        options = ["--links", "--link-pause", "0", "--format", "json"]
        report = self.shell("check", *options, path).stdout
        self.assertEqual(report.count('"link-dead"'), 2, report)
        self.assertIn('"line" : 7', report)
        # The page that is gone is asked for twice: by HEAD, and to be sure by GET.
        self.assertEqual(sorted(asked), ["/fine", "/gone", "/gone"])
        again = self.shell("check", *options, path).stdout
        self.assertEqual((again, len(asked)), (report, 3))


class EditorsGuide(ShellCase):
    """What docs/editors.md shows for one's own machine, done as it stands there."""

    GUIDE = Path(__file__).resolve().parents[2] / "docs/editors.md"

    def blocks(self):
        """The indented examples, each as one text."""
        blocks, lines = [], []
        for line in [*self.GUIDE.read_text(encoding="utf-8").splitlines(), ""]:
            if line.startswith("    "):
                lines.append(line[4:])
            elif line and lines or not line and lines and not lines[-1]:
                blocks.append("\n".join(lines).strip())
                lines = []
            elif lines:
                lines.append("")
        return blocks

    def test_its_front_matter_is_that_of_an_issue(self):
        (matter,) = [block for block in self.blocks() if block.startswith("---\n")]
        path = self.write(matter + "\n\nBoth alike in dignity.\n", "2026-10-05-dispatch.md")
        outcome = self.shell("check", path)
        self.assertEqual(outcome.returncode, 0, outcome.stdout + outcome.stderr)
        self.assertIn("nothing found", outcome.stdout)

    def test_its_shortcodes_are_known(self):
        (codes,) = [block for block in self.blocks() if block.startswith("{{<")]
        head = "---\ntitle: The Verona Dispatch\ndate: 2026-10-05\n---\n\n"
        path = self.write(head + codes.replace("\n", "\n\n") + "\n", "2026-10-05-dispatch.md")
        page = self.shell("render", "--format", "html", path)
        self.assertEqual(page.returncode, 0, page.stderr)
        self.assertIn("Ten people at a table", page.stdout)
        self.assertNotIn("{{", page.stdout)

    def test_its_command_lines_work(self):
        lines = [
            line
            for block in self.blocks()
            for line in block.splitlines()
            if line.startswith("broadsheet ")
        ]
        self.assertGreaterEqual(len(lines), 4)
        names = {"2026-10-05-dispatch.md", "2026-10-05-dispatch.de.md"}
        for name in names:
            self.write(MENDED.replace("2026-03-05", "2026-10-05"), name)
        xeps = "<xep-infos><xep><number>1</number><title>Feuds</title></xep></xep-infos>"
        for day in ("2026-10-01", "2026-11-01"):
            self.write(xeps, f"{day}.xml")
        for line in lines:
            words = []
            for word in line.split()[1:]:
                if word == "/tmp":
                    words.append(str(self.folder / "out"))
                elif (self.folder / word).exists() or "*" in word:
                    words += sorted(map(str, self.folder.glob(word)))
                else:
                    words.append(word)
            outcome = self.shell(*words)
            self.assertEqual(outcome.returncode, 0, f"{line}: {outcome.stderr}{outcome.stdout}")


class Registry(ShellCase):
    """The commands of the newsroom, which the reference lists, are all in the shell."""

    REFERENCE = Path(__file__).resolve().parents[2] / "docs/commands.md"

    def test_each_command_can_be_given_in_the_shell(self):
        newsroom = self.REFERENCE.read_text(encoding="utf-8").split("\n## ")[1]
        names = re.findall(r"^### (\S+)$", newsroom, re.M)
        self.assertGreater(len(names), 20)
        for name in names:
            if name != "help":
                self.assertIn(f"USAGE: broadsheet {name}", self.shell(name, "--help").stdout)


class Terminals(ShellCase):
    """What is written differs by where it goes."""

    def on_terminal(self, *words, typed="", **variables):
        """What the program writes to a terminal of its own, on which somebody has typed something."""
        master, slave = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", **variables}
        environment = {name: value for name, value in environment.items() if value is not None}
        with subprocess.Popen(
            [PROGRAM, *map(str, words)], stdin=slave, stdout=slave, stderr=slave, env=environment
        ) as process:
            os.close(slave)
            os.write(master, typed.encode())
            written = b""
            while True:
                try:
                    read = os.read(master, 65536)
                except OSError:  # Nobody has the terminal open any more.
                    break
                if not read:
                    break
                written += read
            process.wait(300)
        os.close(master)
        return written.decode("utf-8")

    def test_colour_is_for_terminals_and_for_those_who_want_it(self):
        words = ("doctor", "--config", self.folder / "none.yaml")
        self.assertIn("\x1b[31mFAILED", self.on_terminal(*words, NO_COLOR=None))
        for variables in ({"NO_COLOR": "1"}, {"NO_COLOR": None, "TERM": "dumb"}):
            self.assertNotIn("\x1b", self.on_terminal(*words, **variables))
        self.assertNotIn("\x1b", self.shell(*words).stdout)

    def test_init_asks_on_a_terminal_what_no_option_says(self):
        path = self.folder / "new" / "broadsheet.yaml"
        # An empty line takes what is proposed, or is asked again.
        typed = "news.verona.example\n\nThe Verona Dispatch\ndispatch\nen,de\n\nejabberd\n"
        said = self.on_terminal("init", "--config", path, "--publisher", "juliet@verona.example", typed=typed)
        for words in ("The component's domain", "Its languages, such as en,de [en]: ", "[none]: ", "ejabberd_service"):
            self.assertIn(words, said)
        self.assertIn(f"broadsheet doctor --config {path}", said)
        self.assertEqual((path.parent / "secret").stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.shell("check-config", "--config", path).returncode, 0)
        self.assertIn("languages: [en, de]", path.read_text(encoding="utf-8"))

    def test_mistakes_of_the_configuration_are_lines_of_json(self):
        path = self.write("component:\n  jid: news.verona.example\n  prot: 1\n", "mine.yaml")
        outcome = self.shell("check-config", "--json", "--config", path)
        self.assertEqual(outcome.returncode, 78)
        problems = [json.loads(line) for line in outcome.stdout.splitlines()]
        self.assertTrue(all(each["isError"] and each["file"] == "mine.yaml" for each in problems))
        self.assertIn(3, [each["line"] for each in problems if "'component.prot'" in each["message"]])

    def test_version_says_what_it_stands_on(self):
        version = self.shell("version").stdout.split()
        self.assertEqual(version[0::2], ["broadsheet", "expat", "OpenSSL", "SQLite"])
        self.assertEqual(version[1], self.shell("--version").stdout.strip())
        self.assertEqual(json.loads(self.shell("version", "--json").stdout)["broadsheet"], version[1])

    def test_completions_are_those_the_package_has(self):
        for shell in ("bash", "zsh", "fish"):
            self.assertEqual(
                self.shell("completion", shell).stdout.strip(),
                self.shell("--generate-completion-script", shell).stdout.strip(),
            )
        outcome = self.shell("completion", "csh")
        self.assertEqual((outcome.returncode, outcome.stdout), (64, ""))

    def commands(self):
        """Each command's words, with what it says of itself."""

        def walk(command, words):
            yield words, command
            for each in command.get("subcommands", []):
                if each["commandName"] != "help":
                    yield from walk(each, [*words, each["commandName"]])

        dump = json.loads(self.shell("--experimental-dump-help").stdout)
        return list(walk(dump["command"], ["broadsheet"]))

    def test_every_command_shows_examples_that_can_be_written_so(self):
        known = {tuple(words): command for words, command in self.commands()}
        self.assertGreater(len(known), 35)
        for words, command in known.items():
            with self.subTest(" ".join(words)):
                text = command.get("discussion", "")
                _, _, rest = text.partition("Example")
                examples = [shlex.split(each) for each in re.findall(r"broadsheet [^\n]+", rest)]
                self.assertTrue(examples, text)
                for example in examples:
                    place = next(n for n in range(len(example), 0, -1) if tuple(example[:n]) in known)
                    if len(words) > 1:
                        self.assertEqual(example[: len(words) - 1], list(words[:-1]))
                        self.assertIn(example[len(words) - 1], [words[-1], *(command.get("aliases") or [])])
                    names = {
                        "-" * (1 if name["kind"] == "short" else 2) + name["name"]
                        for each in known[tuple(example[:place])]["arguments"]
                        for name in each.get("names", [])
                    }
                    options = [word for word in example if word.startswith("-")]
                    self.assertLessEqual(set(options), names)
                # What the shell shows is what is declared.
                shown = self.shell(*words[1:], "--help").stdout
                self.assertIn("Example", shown)

    # Those that do without the service what the room's do with it.
    OFFLINE = {"help", "check", "specs"}

    def test_what_the_shell_says_of_the_newsrooms_commands_is_what_they_are_declared_as(self):
        """docs/commands.md is made from the declarations."""
        reference = (SAMPLES.parents[1] / "docs/commands.md").read_text(encoding="utf-8")
        newsroom = reference.split("\n## ")[1]
        known = {" ".join(words[1:]): command for words, command in self.commands()}
        known["readers"] = known["readers count"]
        declared = newsroom.split("\n### ")[1:]
        self.assertGreater(len(declared), 25)
        for chapter in declared:
            name, usage, summary, *rest = [part.strip("\n") for part in chapter.split("\n\n")]
            if name in self.OFFLINE:
                continue
            with self.subTest(name):
                command = known[name]
                self.assertEqual(command["abstract"], summary)
                if name in ("status", "readers"):
                    continue  # These have more in the shell.
                words = [each for each in command["arguments"] if each["kind"] == "positional"]
                line = usage.strip("`!").removeprefix(name).strip()
                self.assertEqual([each["valueName"] for each in words], [line] if line else [])
                parameters = [part for part in rest if part.startswith("- `")]
                self.assertEqual(
                    [each["discussion"] for each in words],
                    [re.sub("^- ", "", re.sub("`([A-Z]+)`: ", r"\1: ", part), flags=re.M).replace("`", "'")
                     for part in parameters],
                )  # fmt: skip
                examples = re.findall("^    !(.*)$", chapter, flags=re.M)
                self.assertEqual(re.findall("broadsheet (.*)", command["discussion"]), examples)
                aliases = re.findall("`!(.*?)`", re.search("^.*Also: (.*)", chapter + "\nAlso: ", re.M)[1])
                self.assertEqual(command.get("aliases") or [], aliases)
                names = [each["name"] for one in command["arguments"] for each in one.get("names", [])]
                self.assertEqual("yes" in names, "Asks before it acts." in chapter)
                shown = self.shell(name, "--help").stdout
                self.assertIn(f"USAGE: broadsheet {name}{' ' + line if line else ''} [", shown)

    def test_a_command_of_the_newsroom_that_is_no_command_is_refused_before_anybody_is_asked(self):
        for words, complaint in [
            (["announce"], "needs ISSUE"),
            (["preview", "2026-10", "as", "paper"], "paper"),
            (["unschedule", "2026-10", "2026-11"], "2026-11"),
        ]:
            with self.subTest(words):
                outcome = self.shell(*words)
                self.assertEqual(outcome.returncode, 64)
                self.assertIn(complaint, outcome.stderr)
                self.assertIn(f"broadsheet {words[0]} ISSUE", outcome.stderr)

    def test_what_has_an_answer_has_it_for_programs_too(self):
        # These write no answer but files, texts of other kinds, or scripts of shells.
        others = {"init", "run", "check", "render", "specs", "completion", "readers export"}
        groups = {"readers", "engine"}
        for words, command in self.commands()[1:]:
            if " ".join(words[1:]) not in others | groups:
                names = [name["name"] for each in command["arguments"] for name in each.get("names", [])]
                self.assertIn("json", names, words)

    def test_the_environment_names_the_configuration_and_changes_it(self):
        path = self.write("component:\n  jid: news.verona.example\n", "mine.yaml")
        (self.folder / "issues").mkdir()
        (self.folder / "secret").write_text("secret")
        (self.folder / "secret").chmod(0o600)
        variables = {
            "BROADSHEET_CONFIG": str(path),
            "BROADSHEET_COMPONENT__SECRET_FILE": "secret",
            "BROADSHEET_NEWSLETTERS__DISPATCH__TITLE": "The Dispatch",
            "BROADSHEET_NEWSLETTERS__DISPATCH__ISSUES": "issues",
        }
        said = self.on_terminal("check-config", **variables)
        self.assertIn(f"{path} is fine: news.verona.example, dispatch.", said)
        said = self.on_terminal("check-config", **variables, BROADSHEET_DELIVERY__WINDOW="wide")
        self.assertIn("It is set by BROADSHEET_DELIVERY__WINDOW", said.replace("\r\n", ""))


class Running(ShellCase):
    def test_a_crash_leaves_no_core_dump_wherever_the_system_sends_them(self):
        (self.folder / "issues").mkdir()
        (self.folder / "secret").write_text("secret")
        (self.folder / "secret").chmod(0o600)
        path = self.write(
            "component:\n  jid: news.verona.example\n  server: 127.0.0.1:9\n  secret_file: secret\n"
            "database: broadsheet.sqlite\ncontrol:\n  socket: control.sock\n"
            "newsletters:\n  dispatch:\n    title: The Dispatch\n    issues: issues\n",
            "mine.yaml",
        )
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        if hard == 0:
            self.skipTest("the hard limit is 0, which nobody but root can change")
        with subprocess.Popen(
            [PROGRAM, "run", "--config", str(path)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)),
        ) as process:
            try:
                # By then it has begun; its first line says so.
                line = process.stderr.readline()
                limits = Path(f"/proc/{process.pid}/limits").read_text()
            finally:
                process.kill()
        found = re.search(r"^Max core file size +(\S+)", limits, flags=re.M)
        self.assertEqual(found[1], "1", line)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
