#!/usr/bin/python3
"""Holds the unit and its drop-ins against what systemd itself says of them; starts nothing.

Skipped, and says so, where there is no systemd-analyze.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
CONFIG = Path(__file__).resolve().parents[2] / "config"
DROP_INS = sorted((CONFIG / "drop-ins").glob("*.conf"))
# In tenths, as systemd-analyze has it: 1.0.
MOST_EXPOSURE = 10


@unittest.skipUnless(shutil.which("systemd-analyze"), "there is no systemd-analyze")
class Unit(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def analyze(self, verb: list[str], drop_in: Path | None) -> subprocess.CompletedProcess:
        """The unit alone in a folder, with at most one drop-in."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        # Neither the program nor its manual is installed here.
        text = (CONFIG / "broadsheet.service").read_text()
        text = text.replace("/usr/bin/broadsheet", "/bin/true")
        text = re.sub("^Documentation=.*\n", "", text, flags=re.M)
        unit = place / "broadsheet.service"
        unit.write_text(text)
        if drop_in:
            (place / "broadsheet.service.d").mkdir()
            shutil.copy(drop_in, place / "broadsheet.service.d")
        return subprocess.run(
            ["systemd-analyze", *verb, unit], capture_output=True, text=True, timeout=60
        )

    def test_there_is_a_drop_in_for_a_server_elsewhere(self) -> None:
        self.assertIn("server-elsewhere.conf", [each.name for each in DROP_INS])

    def test_it_exposes_little_by_default_and_with_each_drop_in(self) -> None:
        verb = ["security", "--offline=true", f"--threshold={MOST_EXPOSURE}"]
        for drop_in in [None, *DROP_INS]:
            with self.subTest(drop_in=drop_in and drop_in.name):
                outcome = self.analyze(verb, drop_in)
                told = outcome.stdout.strip().splitlines()[-1:]
                self.assertEqual(outcome.returncode, 0, told + [outcome.stderr])

    def test_systemd_knows_every_setting_in_it(self) -> None:
        for drop_in in [None, *DROP_INS]:
            with self.subTest(drop_in=drop_in and drop_in.name):
                outcome = self.analyze(["verify", "--recursive-errors=no"], drop_in)
                self.assertEqual(outcome.stderr, "")
                self.assertEqual(outcome.returncode, 0)

    def test_a_mistake_in_it_would_be_found(self) -> None:
        mistaken = self.folder / "mistaken.conf"
        mistaken.write_text("[Service]\nProtectNothing=yes\nPrivateDevices=no\n")
        self.assertIn("ProtectNothing", self.analyze(["verify"], mistaken).stderr)
        verb = ["security", "--offline=true", f"--threshold={MOST_EXPOSURE}"]
        self.assertNotEqual(self.analyze(verb, mistaken).returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
