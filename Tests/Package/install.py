#!/usr/bin/python3
"""Installs the built program under a folder of its own and looks at what is there.

    install.py PATH/TO/broadsheet
"""

import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ""
DEBIAN = ROOT / "config" / "debian"


def run(*command: object, **options: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=120, **options
    )


def install(folder: Path, **more: str) -> None:
    environment = {**os.environ, "DESTDIR": str(folder), "SOURCE_DATE_EPOCH": "1700000000", **more}
    outcome = run(ROOT / "Scripts" / "install.sh", PROGRAM, env=environment)
    if outcome.returncode:
        raise AssertionError(outcome.stderr)


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp(prefix="broadsheet-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        install(cls.folder, PREFIX="/usr", UNITDIR="/lib/systemd/system")

    def text(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def manual(self, page: str) -> str:
        packed = self.folder / "usr/share/man" / page
        return gzip.decompress(packed.read_bytes()).decode("utf-8")

    def test_the_program_runs_and_everything_is_readable(self) -> None:
        version = run(self.folder / "usr/bin/broadsheet", "--version")
        self.assertEqual(version.returncode, 0, version.stderr)
        for path in self.folder.rglob("*"):
            wanted = 0o755 if path.is_dir() or path.name == "broadsheet" and path.parent.name == "bin" else 0o644
            self.assertEqual(path.stat().st_mode & 0o777, wanted, path)

    def test_the_configuration_is_for_the_folders_the_unit_makes(self) -> None:
        text = self.text("etc/broadsheet/broadsheet.yaml")
        place = self.folder / "checked"
        place.mkdir()
        # Made when the package is installed, so not here.
        issues = ": /var/lib/broadsheet/issues\n"
        self.assertIn(issues, text)
        (place / "broadsheet.yaml").write_text(text.replace(issues, f": {place}\n"))
        (place / "secret").write_text("secret\n")
        (place / "secret").chmod(0o600)
        outcome = run(PROGRAM, "check-config", "--config", place / "broadsheet.yaml")
        shutil.rmtree(place)
        self.assertEqual(outcome.returncode, 0, outcome.stderr)
        for path in ("/var/lib/broadsheet/broadsheet.sqlite", "/run/broadsheet/control.sock"):
            self.assertIn(f": {path}\n", text)
        unit = self.text("lib/systemd/system/broadsheet.service")
        self.assertIn("\nStateDirectory=broadsheet\n", unit)
        self.assertIn("\nRuntimeDirectory=broadsheet\n", unit)
        self.assertIn("\nExecStart=/usr/bin/broadsheet run\n", unit)

    def test_time_zones_are_in_the_program(self) -> None:
        # Linked statically, Foundation has zones only if somebody asks for them by name.
        place = Path(tempfile.mkdtemp(prefix="broadsheet-zones-"))
        self.addCleanup(shutil.rmtree, place)
        (place / "secret").write_text("secret\n")
        (place / "secret").chmod(0o600)
        for zone, code in (("Europe/Berlin", 0), ("Europe/Verona", 78)):
            (place / "broadsheet.yaml").write_text(
                "component:\n  jid: news.verona.example\n  secret_file: secret\n"
                "newsletters:\n  dispatch:\n    title: The Verona Dispatch\n"
                f"    issues: {place}\n    time_zone: {zone}\n"
            )
            outcome = run(PROGRAM, "check-config", "--config", place / "broadsheet.yaml")
            self.assertEqual(outcome.returncode, code, outcome.stderr)
            self.assertEqual("There is no time zone" in outcome.stderr, code != 0)

    def test_a_configuration_that_is_there_stays(self) -> None:
        path = self.folder / "etc/broadsheet/broadsheet.yaml"
        before = path.read_text()
        path.write_text("mine")
        install(self.folder, PREFIX="/usr", UNITDIR="/lib/systemd/system")
        self.assertEqual(path.read_text(), "mine")
        path.write_text(before)

    def test_elsewhere_the_unit_runs_the_program_there(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            install(Path(folder))
            unit = Path(folder, "usr/local/lib/systemd/system/broadsheet.service").read_text()
            self.assertIn("\nExecStart=/usr/local/bin/broadsheet run\n", unit)
            self.assertTrue(Path(folder, "usr/local/bin/broadsheet").exists())
            self.assertFalse(Path(folder, "usr/bin").exists())

    def test_the_pages_lead_to_each_other(self) -> None:
        pages = list((self.folder / "usr/share/doc/broadsheet").glob("*.md"))
        self.assertEqual({page.name for page in pages}, {"README.md", *(each.name for each in (ROOT / "docs").glob("*.md"))})
        for page in pages:
            # Code is shown, not followed.
            text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.S)
            for target in re.findall(r"\]\(([^)#\s]+)", text):
                if not re.match(r"[a-z]+:", target):
                    self.assertTrue((page.parent / target).is_file(), f"{page.name}: {target}")

    def test_the_manual_has_every_command_and_every_key(self) -> None:
        page = self.manual("man1/broadsheet.1.gz")
        listed = re.findall(r"^  ([a-z][a-z-]*)(?:, [a-z-]+)*  ", run(PROGRAM, "--help").stdout, flags=re.M)
        self.assertIn("publish", listed)
        for command in listed:
            escaped = command.replace("-", "\\-")
            self.assertIn(f'.SS "{escaped}"', page)
        keys = re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs/configuration.md").read_text(), flags=re.M)
        page = self.manual("man5/broadsheet.yaml.5.gz")
        self.assertGreater(len(keys), 40)
        for key in keys:
            self.assertIn(f"\\fB{key}\\fR\n", page)

    def test_the_manual_has_what_people_write_in_chats(self) -> None:
        page = self.manual("man7/broadsheet-chat.7.gz")
        reference = (ROOT / "docs/commands.md").read_text()
        commands = re.findall(r"^### (.*)$", reference, flags=re.M)
        self.assertGreater(len(commands), 30)
        shown = re.findall(r'^\.SS "(.*)"$', page, flags=re.M)
        self.assertEqual([name.replace("\\-", "-") for name in shown], commands)
        self.assertIn("\\fB!publish ISSUE [now]", page)

    @unittest.skipUnless(shutil.which("groff"), "there is no groff")
    def test_the_manual_is_set_without_a_warning(self) -> None:
        for page in ("man1/broadsheet.1.gz", "man5/broadsheet.yaml.5.gz", "man7/broadsheet-chat.7.gz"):
            outcome = run("groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z", input=self.manual(page))
            self.assertEqual((outcome.returncode, outcome.stderr), (0, ""), page)

    def test_the_shells_read_their_completions(self) -> None:
        share = self.folder / "usr/share"
        for shell, path in (
            ("bash", "bash-completion/completions/broadsheet"),
            ("zsh", "zsh/vendor-completions/_broadsheet"),
            ("fish", "fish/vendor_completions.d/broadsheet.fish"),
        ):
            self.assertIn("publish", (share / path).read_text())
            if shutil.which(shell):
                outcome = run(shell, "-n", share / path)
                self.assertEqual((outcome.returncode, outcome.stderr), (0, ""), shell)

    def test_two_installations_are_the_same(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            install(Path(folder), PREFIX="/usr", UNITDIR="/lib/systemd/system", TZ="Asia/Tokyo")
            outcome = run("diff", "-r", self.folder, folder)
            self.assertEqual((outcome.returncode, outcome.stdout), (0, ""))


class Packaging(unittest.TestCase):
    def test_the_maintainers_scripts_are_shell(self) -> None:
        for script in ("postinst", "prerm", "postrm"):
            outcome = run("sh", "-n", DEBIAN / script)
            self.assertEqual(outcome.returncode, 0, outcome.stderr)

    def test_package_and_program_have_the_same_version(self) -> None:
        version = run(PROGRAM, "--version").stdout.strip()
        self.assertIn(f"broadsheet ({version}-", (DEBIAN / "changelog").read_text())

    def test_the_licences_of_all_that_is_linked_in_are_there(self) -> None:
        text = (DEBIAN / "copyright").read_text()
        documented = (ROOT / "docs/dependencies.md").read_text().split("\n## C libraries")[0]
        names = {"MIT": "Expat"}
        licences = set(re.findall(r"\| (MIT|[A-Za-z]+-\d[.\d]*) \|", documented))
        self.assertIn("Apache-2.0", licences)
        for licence in licences:
            self.assertIn(f"\nLicense: {names.get(licence, licence)}\n", text)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
