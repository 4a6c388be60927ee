#!/usr/bin/python3
"""Goes through an operator's life on a Debian of its own, beside Prosody, then beside ejabberd: install,
configure as docs/operators.md says word by word, publish, faults, upgrade, remove, purge. Then runs the
interoperability tests inside the sandbox of the unit. Needs root; takes a quarter of an hour.

    run.py PACKAGE.deb [BesideProsody|BesideEjabberd|InsideItsSandbox]
"""

import json
import re
import shutil
import sys
import textwrap
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from machine import ROOT, Machine, MachineError, base, host  # noqa: E402

PACKAGE = Path()
GUIDE = (ROOT / "docs/operators.md").read_text(encoding="utf-8")
SECRET = "a long random text"
NODE = "dispatch-en"
# What the example configuration expects of the world, and what lets a simple client in.
WORLD = """\
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
"""
HOSTS = """
VirtualHost "example.org"
Component "rooms.example.org" "muc"
    restrict_room_creation = false
Component "pubsub.example.org" "pubsub"
    admins = { "juliet@localhost" }
"""
PEOPLE = ("juliet", "benvolio")


def snippet(words: str) -> str:
    """The indented block of the guide that has the words in it."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", GUIDE, flags=re.M)
    found = [block for block in blocks if words in block]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} blocks of the guide have {words!r}")
    return "\n".join(line[4:] for line in found[0].strip("\n").splitlines())


def install(machine: Machine) -> None:
    shutil.copy(PACKAGE, machine.path("/root"))
    machine.shell(snippet("apt install ./broadsheet").replace("apt install", "apt-get install -y"))


def bring_tests(machine: Machine) -> None:
    """A reader, and the issues where the configuration expects them."""
    tests = machine.path("/opt/tests")
    tests.mkdir(parents=True)
    servers = ROOT / "Tests/Support/Servers"
    for file in (servers / "people.py", servers / "child.py", ROOT / "Tests/System/reader.py", ROOT / "Tests/System/relay.py"):
        shutil.copy(file, tests)
    shutil.copytree(
        ROOT / "Tests/Samples/issues", machine.path("/var/lib/broadsheet/issues"), dirs_exist_ok=True
    )


class Prosody:
    """The server, set up as the guide says."""

    name = "prosody"
    rooms = "rooms.example.org"
    place = "at the end of /etc/prosody/prosody.cfg.lua"

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.path = machine.path("/etc/prosody/prosody.cfg.lua")

    def set_up(self) -> None:
        lines = snippet("component_ports").splitlines()
        place = lines.index("")
        self.path.write_text(
            "\n".join(lines[:place]) + "\n" + WORLD + self.path.read_text() + HOSTS
            + "\n".join(lines[place:]) + "\n"
        )  # fmt: skip
        for name in PEOPLE:
            self.machine.shell(f"prosodyctl register {name} localhost secret")
        self.restart()

    def take(self, advice: str) -> None:
        """Puts what `init` says into its configuration."""
        told = re.search(r'^Component ".*\n    component_secret = ".*"$', advice, flags=re.M)
        kept = self.path.read_text().split('Component "news.example.org"')[0]
        self.path.write_text(kept + told[0] + "\n")
        self.restart()

    def restart(self) -> None:
        self.machine.shell("systemctl restart prosody")


class Ejabberd:
    """The same with the other server."""

    name = "ejabberd"
    rooms = "conference.example.org"
    place = "Put this into /etc/ejabberd/ejabberd.yml"

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.path = machine.path("/etc/ejabberd/ejabberd.yml")
        self.entry = textwrap.indent(snippet("module: ejabberd_service"), "  ")

    def set_up(self) -> None:
        text = self.path.read_text().replace("\nlisten:\n", f"\nlisten:\n{self.entry}\n", 1)
        text = text.replace("\n  - localhost\n", "\n  - localhost\n  - example.org\n", 1)
        text = text.replace("starttls_required: true", "starttls_required: false")
        # Rooms are made by people of the server; one that did not persist would be gone at once.
        options = "default_room_options:\n"
        if options not in text:
            raise AssertionError(f"no {options!r} in the server's configuration")
        self.path.write_text(text.replace(options, f"{options}      persistent: true\n", 1))
        self.restart()
        for name in PEOPLE:
            self.machine.shell(f"ejabberdctl register {name} localhost secret")
        self.machine.shell(f"ejabberdctl create_room comm-team {self.rooms} example.org")

    def take(self, advice: str) -> None:
        """Puts what `init` says into its configuration."""
        told = re.search(r"^listen:\n((?:  .*\n)+)", advice, flags=re.M)
        text = self.path.read_text()
        if self.entry not in text:
            raise AssertionError("the entry of the guide is not there any more")
        self.path.write_text(text.replace(self.entry, told[1].rstrip("\n")))
        self.restart()

    def restart(self) -> None:
        self.machine.shell("systemctl restart ejabberd")
        self.machine.until("ejabberdctl status", "is running in that node", 60)


class Life:
    """Each step builds on those before it; after the first that fails, the rest is not tried."""

    make: type[Prosody | Ejabberd]

    @classmethod
    def setUpClass(cls) -> None:
        cls.machine = Machine(base(PACKAGE, cls.make.name))
        cls.addClassCleanup(cls.machine.end)
        cls.machine.boot()
        cls.server = cls.make(cls.machine)
        cls.failed = False

    def setUp(self) -> None:
        if type(self).failed:
            self.skipTest("a step before it failed")
        self.shell = self.machine.shell

    def run(self, result: unittest.TestResult | None = None) -> unittest.TestResult | None:
        before = len(result.failures) + len(result.errors)
        outcome = super().run(result)
        if len(result.failures) + len(result.errors) > before:
            type(self).failed = True
            print(self.machine.shell("journalctl -u broadsheet --no-pager | tail -25", check=False))
        return outcome

    def connected(self, seconds: float = 60) -> None:
        self.machine.until("systemctl show -p StatusText --value broadsheet", "In 1 of 1 rooms.", seconds)

    def publishes(self, issue: str) -> None:
        """An issue goes out and reaches juliet."""
        self.assertIn(NODE, self.shell(f"broadsheet publish {issue} --yes"))
        self.assertIn("has it", self.shell(f"/opt/tests/reader.py juliet secret await {NODE} {issue}"))

    def delivery(self) -> tuple[int, str]:
        """How many readers have the node's latest issue, and how that stands."""
        lines = self.shell("broadsheet deliveries --json").splitlines()
        latest = next(each for each in map(json.loads, lines) if each["node"] == NODE)
        return latest["sent"], latest["state"]

    def change(self, old: str, new: str) -> None:
        """Changes the configuration; it counts after the next start."""
        path = self.machine.path("/etc/broadsheet/broadsheet.yaml")
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))

    def drop_in(self, name: str) -> Path:
        """One of those that are ready to be copied."""
        place = "/etc/systemd/system/broadsheet.service.d"
        self.shell(
            f"mkdir -p {place}; cp /usr/share/doc/broadsheet/drop-ins/{name} {place}; systemctl daemon-reload"
        )
        return self.machine.path(place) / name

    def restarted(self) -> None:
        self.shell("systemctl restart broadsheet")
        self.connected()

    # The steps

    def test_01_installing_starts_nothing(self) -> None:
        self.assertEqual(snippet("apt install ./broadsheet").split("/")[-1], PACKAGE.name)
        install(self.machine)
        self.assertEqual(self.machine.unit("ActiveState"), "inactive")
        self.assertEqual(self.shell("systemctl is-enabled broadsheet", check=False).strip(), "disabled")
        self.assertEqual(self.machine.status("systemctl start broadsheet"), 1)
        said = self.shell("systemctl start broadsheet", check=False)
        self.assertIn("Assertion failed on job for broadsheet.service", said)
        self.assertIn("Assertion failed on job for broadsheet.service", GUIDE)
        self.assertIn("check", self.shell("zcat /usr/share/man/man1/broadsheet.1.gz"))
        owner = self.shell("stat -c '%U:%G %a' /etc/broadsheet /var/lib/broadsheet").split("\n")
        self.assertEqual(owner[:2], ["root:broadsheet 750", "broadsheet:broadsheet 750"])
        # For those who have no package; here all of it is there already.
        self.shell(snippet("systemd-sysusers"))

    def test_02_the_server_is_set_up_as_the_guide_says(self) -> None:
        self.server.set_up()
        bring_tests(self.machine)
        self.shell(f"sed -i s/rooms.example.org/{self.server.rooms}/ /etc/broadsheet/broadsheet.yaml")

    def test_03_a_wrong_secret_is_told_of_and_not_tried_again(self) -> None:
        self.shell(snippet("install -m 600").replace(SECRET, "another text"))
        self.machine.shell("systemctl start broadsheet", check=False)
        self.machine.until("systemctl show -p ActiveState --value broadsheet", "failed")
        self.assertEqual(self.machine.unit("ExecMainStatus"), "78")
        self.assertEqual(self.machine.unit("NRestarts"), "0")
        self.assertIn("not-authorized", self.machine.unit("StatusText"))
        told = [entry for entry in self.machine.journal() if "not-authorized" in str(entry["MESSAGE"])]
        self.assertEqual([entry["PRIORITY"] for entry in told], ["3"])

    def test_04_configured_as_the_guide_says_it_runs(self) -> None:
        self.shell(snippet("install -m 600"))
        self.shell("systemctl reset-failed broadsheet")
        said = self.shell("set -e; " + "; ".join(snippet("systemctl enable --now").splitlines()))
        self.assertIn("ok        server: 127.0.0.1:5347 accepts us as news.example.org.", said)
        self.assertIn("ok        message to ourselves", said)
        self.assertEqual(self.machine.unit("ActiveState"), "active")
        self.connected()
        process = self.machine.unit("MainPID")
        self.assertEqual(self.shell(f"stat -c %U /proc/{process}").strip(), "broadsheet")

    def test_05_who_is_in_the_group_gives_commands_and_nobody_else(self) -> None:
        self.shell("useradd editor -G broadsheet; useradd stranger")
        self.assertIn("Connected to", self.shell("runuser -u editor -- broadsheet status"))
        self.assertNotEqual(self.machine.status("runuser -u stranger -- broadsheet status"), 0)
        self.assertNotEqual(self.machine.status("runuser -u editor -- cat /etc/broadsheet/secret"), 0)
        modes = self.shell("stat -c '%a' /run/broadsheet/control.sock /var/lib/broadsheet/broadsheet.sqlite")
        self.assertEqual(modes.split(), ["660", "600"])

    def test_06_the_journal_has_priorities_and_fields(self) -> None:
        connecting = [each for each in self.machine.journal() if "BROADSHEET_HOST" in each]
        self.assertTrue(connecting)
        self.assertEqual(connecting[-1]["BROADSHEET_HOST"], "127.0.0.1")
        self.assertEqual(connecting[-1]["PRIORITY"], "6")
        self.assertEqual(connecting[-1]["SYSLOG_IDENTIFIER"], "broadsheet")
        self.shell("systemd-analyze security --no-pager --threshold=10 broadsheet")
        told = [str(each["MESSAGE"]) for each in self.machine.journal() if each.get("_COMM") == "broadsheet"]
        self.assertEqual([each for each in told if "Failed" in each or "Permission" in each], [])
        # As the guide says that it is asked for.
        room = f"BROADSHEET_ROOM=comm-team@{self.server.rooms}"
        self.assertIn("Joined the room", self.shell(f"journalctl -u broadsheet {room}"))
        self.assertNotIn("Joined the room", self.shell("journalctl -u broadsheet -p warning"))
        self.shell(f"prlimit --pid {self.machine.unit('MainPID')} --core=unlimited:")

    def test_07_an_existing_feed_is_taken_over(self) -> None:
        self.shell("/opt/tests/reader.py juliet secret feed newsletter")
        said = self.shell(snippet("broadsheet import-node"))
        self.assertIn("2 items were taken over, 0 were here.", said)

    def test_08_an_issue_reaches_its_reader(self) -> None:
        said = self.shell(f"/opt/tests/reader.py juliet secret subscribe {NODE} 2>/dev/null")
        self.assertEqual(said.strip(), "subscribed")
        words = snippet("broadsheet publish 2026-10").replace("2026-10", "2026-03 --yes")
        self.assertIn(NODE, self.shell("set -e; " + "; ".join(words.splitlines())))
        self.assertIn("has it", self.shell(f"/opt/tests/reader.py juliet secret await {NODE} 2026-03"))
        said = self.shell("set -e; " + "; ".join(snippet("broadsheet readers export").splitlines()))
        self.assertIn("0 subscribed, 1 were there, 0 refused.", said)
        self.assertIn("mallory@example.org is blocked", said)

    def test_09_after_kill_9_it_is_back_within_seconds(self) -> None:
        # With a delivery on its way: without the server it can't come to its end.
        self.shell(f"systemctl stop {self.server.name}")
        self.machine.until("systemctl show -p StatusText --value broadsheet", "Not connected", 30)
        self.assertIn(NODE, self.shell("broadsheet publish 2026-04 --yes"))
        self.assertIn(self.delivery(), [(0, "waiting"), (0, "running")])
        before = self.machine.unit("MainPID")
        self.shell(f"kill -9 {before}")
        self.machine.until("systemctl show -p NRestarts --value broadsheet", "1", 15)
        self.machine.until("systemctl show -p ActiveState --value broadsheet", "active", 15)
        self.assertNotEqual(self.machine.unit("MainPID"), before)
        self.assertIn(self.delivery(), [(0, "waiting"), (0, "running")])
        self.server.restart()
        self.connected(120)
        self.machine.until(f"broadsheet deliveries --json | grep '\"{NODE}\"' | head -1", "finished", 60)
        self.assertEqual(self.delivery(), (1, "finished"))
        self.assertIn("has it", self.shell(f"/opt/tests/reader.py juliet secret await {NODE} 2026-04"))

    def test_10_a_process_that_stands_still_is_started_again(self) -> None:
        drop_in = self.machine.path("/etc/systemd/system/broadsheet.service.d/quick.conf")
        drop_in.parent.mkdir(parents=True)
        drop_in.write_text("[Service]\nWatchdogSec=2\n")
        self.shell("systemctl daemon-reload; systemctl restart broadsheet")
        self.connected()
        before = self.machine.unit("MainPID")
        # In peace it lives for longer than the watchdog waits.
        self.shell("sleep 5")
        self.assertEqual(self.machine.unit("MainPID"), before)
        self.shell(f"kill -STOP {before}")
        self.machine.until("journalctl -u broadsheet --no-pager", "Watchdog timeout", 30)
        self.connected()
        self.assertNotEqual(self.machine.unit("MainPID"), before)
        shutil.rmtree(drop_in.parent)
        self.shell("systemctl daemon-reload; systemctl restart broadsheet")
        self.connected()

    def test_11_a_reload_is_told_and_ends(self) -> None:
        before = self.machine.unit("MainPID")
        path = self.machine.path("/etc/broadsheet/broadsheet.yaml")
        text = path.read_text()
        path.write_text(text.replace("level: info", "level: debug"))
        self.shell("systemctl reload broadsheet")
        self.assertEqual(self.machine.unit("ActiveState"), "active")
        self.machine.until("journalctl -u broadsheet --no-pager", "Now counts: log.level.")
        path.write_text(text.replace("level: info", "level: loud"))
        self.assertNotEqual(self.machine.status("systemctl reload broadsheet"), 0)
        self.machine.until("journalctl -u broadsheet --no-pager", "should be one of")
        path.write_text(text)
        self.shell("systemctl reload broadsheet")
        self.assertEqual(self.machine.unit("ActiveState"), "active")
        self.assertEqual(self.machine.unit("MainPID"), before)

    def test_12_a_server_that_is_away_does_not_end_it(self) -> None:
        before = self.machine.unit("MainPID")
        self.shell(f"systemctl stop {self.server.name}")
        self.machine.until("systemctl show -p StatusText --value broadsheet", "Not connected", 30)
        self.shell("systemctl restart broadsheet")
        self.assertEqual(self.machine.unit("ActiveState"), "active")
        self.assertNotEqual(self.machine.unit("MainPID"), before)
        self.server.restart()
        self.connected(120)
        self.publishes("2026-05")

    def test_13_a_backup_brings_readers_back(self) -> None:
        self.shell("mkdir -p /var/backups; " + snippet("broadsheet backup"))
        before = self.machine.path("/var/backups/broadsheet.sqlite").stat()
        self.assertEqual((before.st_uid, before.st_mode & 0o777), (0, 0o600))
        self.assertNotEqual(self.machine.status("broadsheet restore /var/backups/broadsheet.sqlite"), 0)
        self.shell("rm /var/lib/broadsheet/broadsheet.sqlite*" + "; set -e; " + "; ".join(
            snippet("broadsheet restore").splitlines()))
        self.connected()
        self.assertIn(f"{NODE} 1", self.shell("broadsheet status"))
        owner = self.shell("stat -c '%U %a' /var/lib/broadsheet/broadsheet.sqlite")
        self.assertEqual(owner.strip(), "broadsheet 600")
        self.assertIn("It is sound.", self.shell("broadsheet verify"))
        # Root has looked into it; the service can still write.
        self.shell("systemctl restart broadsheet")
        self.connected()

    def test_14_a_backup_is_a_newsletter_on_another_machine(self) -> None:
        other = Machine(base(PACKAGE, self.make.name))
        self.addCleanup(other.end)
        other.boot()
        install(other)
        self.make(other).set_up()
        bring_tests(other)
        for path in ("/etc/broadsheet/broadsheet.yaml", "/etc/broadsheet/secret", "/var/backups/broadsheet.sqlite"):
            other.path(path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.machine.path(path), other.path(path))
        other.shell("set -e; systemctl enable broadsheet; " + "; ".join(snippet("broadsheet restore").splitlines()))
        other.until("systemctl show -p StatusText --value broadsheet", "In 1 of 1 rooms.", 60)
        self.assertIn(f"{NODE} 1", other.shell("broadsheet status"))
        self.assertIn("It is sound.", other.shell("broadsheet verify"))
        # What was published there is known here.
        self.assertIn("2026-05-05-dispatch", other.shell("broadsheet report /tmp/report.html; cat /tmp/report.html"))

    def test_15_a_full_disk_refuses_and_loses_nothing(self) -> None:
        state, kept = "/var/lib/broadsheet", "/root/state"
        self.shell(
            f"set -e; systemctl stop broadsheet; cp -a {state} {kept}; mount -t tmpfs -o size=8m small {state};"
            f"cp -a {kept}/. {state}; chown --reference={kept} {state}; chmod --reference={kept} {state};"
            "systemctl start broadsheet"
        )
        self.connected()
        before = self.machine.unit("MainPID")
        self.shell(f"dd if=/dev/zero of={state}/ballast bs=64k", check=False)
        self.shell(f"dd if=/dev/zero of={state}/more bs=512", check=False)
        doctor = self.shell("broadsheet doctor", check=False)
        self.assertIn("FAILED    disk space: ", doctor)
        refused = self.shell("/opt/tests/reader.py benvolio secret subscribe dispatch-de 2>&1", check=False)
        self.assertIn("IqError", refused)
        self.assertIn("Connected to", self.shell("broadsheet status"))
        self.assertEqual(self.machine.unit("MainPID"), before)
        self.shell(f"rm {state}/ballast {state}/more")
        said = self.shell("/opt/tests/reader.py benvolio secret subscribe dispatch-de 2>/dev/null")
        self.assertEqual(said.strip(), "subscribed")
        self.assertEqual(self.machine.unit("MainPID"), before)
        self.shell(
            f"set -e; systemctl stop broadsheet; umount {state}; rm -rf {kept}; systemctl start broadsheet"
        )
        self.connected()
        self.assertIn(f"{NODE} 1", self.shell("broadsheet status"))

    def test_16_an_upgrade_restarts_it_and_keeps_what_was_changed(self) -> None:
        changed = "\n# mine\n"
        with self.machine.path("/etc/broadsheet/broadsheet.yaml").open("a") as file:
            file.write(changed)
        before = self.machine.unit("MainPID")
        tree = self.machine.folder / "newer"
        host("dpkg-deb", "-R", PACKAGE, tree)
        control = tree / "DEBIAN/control"
        control.write_text(re.sub("^Version: .*$", "Version: 9.0-1", control.read_text(), flags=re.M))
        newer = self.machine.path("/root/newer.deb")
        host("dpkg-deb", "--root-owner-group", "-Znone", "-b", tree, newer)
        self.shell("apt-get install -y ./newer.deb")
        self.assertEqual(self.shell("dpkg-query -W -f '${Version}' broadsheet"), "9.0-1")
        self.machine.until("systemctl show -p ActiveState --value broadsheet", "active", 15)
        self.assertNotEqual(self.machine.unit("MainPID"), before)
        self.assertTrue(self.machine.path("/etc/broadsheet/broadsheet.yaml").read_text().endswith(changed))
        self.connected()

    def test_17_removed_it_leaves_what_is_the_operators(self) -> None:
        self.shell("apt-get remove -y broadsheet")
        self.assertNotEqual(self.machine.status("systemctl is-active broadsheet"), 0)
        for path in ("/etc/broadsheet/broadsheet.yaml", "/etc/broadsheet/secret", "/var/lib/broadsheet/broadsheet.sqlite"):
            self.assertTrue(self.machine.path(path).exists(), path)
        self.shell(f"apt-get install -y ./{PACKAGE.name}; systemctl start broadsheet")
        self.connected()
        self.assertIn(f"{NODE} 1", self.shell("broadsheet status"))

    def test_18_purged_it_leaves_nothing(self) -> None:
        self.shell("apt-get purge -y broadsheet")
        left = self.shell("find / -xdev -iname '*broadsheet*' -not -path '/proc/*' -not -path '/root/*'")
        # Backups are the operator's.
        allowed = ("/var/backups", "/var/log", "/var/lib/apt", "/var/cache", "/var/lib/systemd", "/tmp", "/var/tmp")
        others = [path for path in left.split() if not path.startswith(allowed)]
        self.assertEqual(others, [])

    def test_19_init_sets_it_up_anew(self) -> None:
        self.shell(f"apt-get install -y ./{PACKAGE.name}")
        said = self.shell(
            snippet("broadsheet init").strip() + " --domain news.example.org --title 'The Verona Dispatch' --name dispatch "
            f"--room comm-team@{self.server.rooms} --server {self.server.name} --publisher benvolio@localhost"
        )
        self.assertIn(self.server.place, said)
        self.server.take(said)
        doctor, start = re.findall(r"^    (broadsheet doctor|systemctl .*)$", said, flags=re.M)
        # Until Prosody listens again, that is what the doctor finds.
        self.machine.until(doctor, "ok        message to ourselves")
        self.shell(start)
        self.connected()

    def test_20_the_secret_may_be_encrypted(self) -> None:
        drop_in = "/usr/share/doc/broadsheet/drop-ins/encrypted-secret.conf"
        command = re.search("^#     (systemd-creds .*)$", self.shell(f"cat {drop_in}"), flags=re.M)
        self.shell(command[1])
        self.shell("rm /etc/broadsheet/secret; sed -i '/secret_file/d' /etc/broadsheet/broadsheet.yaml")
        self.shell(
            f"mkdir -p /etc/systemd/system/broadsheet.service.d; cp {drop_in} /etc/systemd/system/broadsheet.service.d;"
            "systemctl daemon-reload; systemctl restart broadsheet"
        )
        self.connected()
        # Nobody but the service has it now, and everybody else does without.
        self.assertIn("Connected to", self.shell("broadsheet status"))
        self.assertIn("The service runs.", self.shell("broadsheet doctor"))
        self.assertIn("It is sound.", self.shell("broadsheet verify"))
        self.shell("systemctl reload broadsheet")


    def test_21_it_is_watched_at_a_port_and_at_a_socket(self) -> None:
        (target,) = re.findall(r'targets: \["(.*)"\]', snippet("scrape_configs"))
        self.change("\nnewsletters:\n", f"\nmetrics:\n  listen: {target}\nnewsletters:\n")
        self.restarted()
        self.assertIn("broadsheet_stream_up 1", self.shell(f"curl -sS http://{target}/metrics"))
        self.change(f"listen: {target}", "listen: /run/broadsheet/metrics.sock")
        self.restarted()
        self.assertIn("In 1 of 1 rooms.", self.shell(snippet("curl --unix-socket")))
        mode = self.shell("stat -c '%U:%G %a' /run/broadsheet/metrics.sock").strip()
        self.assertEqual(mode, "broadsheet:broadsheet 660")
        # Somebody who is watched can be stopped like anybody else.
        self.shell("systemctl stop broadsheet")
        self.assertEqual((self.machine.unit("ActiveState"), self.machine.unit("Result")), ("inactive", "success"))
        self.shell("systemctl start broadsheet")
        self.connected()

    def test_22_issues_come_from_a_repository(self) -> None:
        shutil.copytree(ROOT / "Tests/Samples/issues", self.machine.path("/srv/dispatch"))
        self.shell(
            "set -e; cd /srv/dispatch; git init -q -b main;"
            "git config user.name Juliet; git config user.email juliet@localhost;"
            "git add .; git commit -qm Issues; git daemon --export-all --base-path=/srv --listen=127.0.0.1 --detach"
        )
        self.shell("rm -f /var/lib/broadsheet/issues/*")
        clone = snippet("git clone").replace("https://git.example.org/dispatch.git", "git://127.0.0.1/dispatch")
        self.shell("set -e; " + "; ".join(clone.splitlines()))
        path = self.machine.path("/etc/broadsheet/broadsheet.yaml")
        line = re.search(r"^( +)issues: .*\n", path.read_text(), flags=re.M)
        self.change(line[0], line[0] + line[1] + snippet("refresh: [git") + "\n")
        drop_in = self.drop_in("refresh.conf")
        self.restarted()
        self.shell(
            "set -e; cd /srv/dispatch; sed 's/^date: .*/date: 2026-06-05/' 2026-05-05-dispatch.md > 2026-06-05-dispatch.md;"
            "git add .; git commit -qm 'One more'"
        )
        self.assertIn("2026-06-05-dispatch", self.shell("broadsheet refresh"))
        self.assertIn("2026-06-05-dispatch", self.shell("broadsheet issues"))
        drop_in.unlink()
        self.shell("systemctl daemon-reload")

    def test_23_issues_may_lie_in_a_home_and_the_server_elsewhere(self) -> None:
        path = self.machine.path("/etc/broadsheet/broadsheet.yaml")
        before = path.read_text()
        self.shell("set -e; useradd -m rosaline; chmod 755 /home/rosaline; cp -r /srv/dispatch /home/rosaline/issues")
        folder = re.search(r"^ +issues: (.*)\n", before, flags=re.M)[1]
        self.change(f"issues: {folder}", "issues: /home/rosaline/issues")
        self.assertNotEqual(self.machine.status("systemctl restart broadsheet"), 0)
        home = self.drop_in("issues-in-home.conf")
        self.restarted()
        self.assertIn("2026-06-05-dispatch", self.shell("broadsheet issues"))

        # Another address than the loopback's, with somebody there who passes on what comes.
        self.machine.add_address("192.0.2.1/32")
        self.shell("systemd-run --quiet --unit=relay /opt/tests/relay.py 192.0.2.1 5347 127.0.0.1 5347")
        self.change("server: 127.0.0.1:5347", "server: 192.0.2.1:5347\n  allow_plain_remote: true")
        elsewhere = self.drop_in("server-elsewhere.conf")
        self.restarted()
        self.assertIn("Connected to 192.0.2.1:5347", self.shell("broadsheet status"))
        path.write_text(before)
        home.unlink()
        elsewhere.unlink()
        self.shell("systemctl stop relay; systemctl daemon-reload")
        self.restarted()

    def test_24_web_servers_give_the_archive_out(self) -> None:
        self.shell(
            "set -e; mkdir -p /var/www/dispatch; broadsheet site --drafts --config /etc/broadsheet/broadsheet.yaml"
            " --base https://dispatch.example/ --out /var/www/dispatch; chmod -R a+rX /var/www"
        )
        feed = self.shell("cd /var/www/dispatch; find . -name '*.atom' | head -1").strip().lstrip("./")
        nginx = "events {}\nhttp {\ninclude /etc/nginx/mime.types;\n" + snippet("server_name") + "\n}\n"
        self.machine.path("/root/nginx.conf").write_text(nginx)
        self.shell("nginx -c /root/nginx.conf </dev/null >/root/nginx.log 2>&1")
        self.serves("http", feed)
        self.shell("nginx -c /root/nginx.conf -s stop")
        # It takes a moment to leave the port to the other.
        self.machine.until("curl -s http://127.0.0.1/ >/dev/null || echo gone", "gone")
        caddy = "{\nadmin 127.0.0.1:2019\nlocal_certs\nskip_install_trust\n}\n" + snippet("handle_errors")
        self.machine.path("/root/Caddyfile").write_text(caddy)
        self.shell("caddy start --config /root/Caddyfile --adapter caddyfile </dev/null >/root/caddy.log 2>&1 || ! cat /root/caddy.log")
        self.serves("https", feed)
        self.shell("caddy stop --address 127.0.0.1:2019")

    def test_25_editors_may_have_links_followed(self) -> None:
        outside = "81.2.69.142"
        self.machine.holds(f"{outside}/32")
        (page := self.machine.path("/srv/web/fine")).parent.mkdir(parents=True)
        page.write_text("Fine.")
        with self.machine.path("/etc/hosts").open("a") as file:
            file.write(f"{outside} elsewhere.example\n127.0.0.1 inside.example\n")
        self.shell(
            "systemd-run --quiet --unit=web python3 -m http.server 80 --bind 0.0.0.0 --directory /srv/web"
        )
        self.machine.until("curl -s http://elsewhere.example/fine", "Fine.")
        self.machine.path("/var/lib/broadsheet/issues/2026-07-05-dispatch.md").write_text(
            "---\ntitle: Links\ndate: 2026-07-05\n---\n\n[One](http://elsewhere.example/fine), "
            "[two](http://elsewhere.example/gone), [three](http://inside.example/fine).\n"
        )
        ask = "/opt/tests/reader.py benvolio secret ask 'check 2026-07 links' 'links'"
        self.assertIn("the operator has not allowed it (links.follow)", self.shell(ask))
        # Allowed, but for the sandbox.
        self.change("\nnewsletters:\n", "\nlinks:\n  follow: true\n  pause: 0\nnewsletters:\n")
        self.restarted()
        ask = ask.replace("'links'", "'nobody can tell'")
        self.assertIn("0 fine, 1 dead, 2 nobody can tell", self.shell(ask))
        drop_in = self.drop_in("link-checks.conf")
        self.restarted()
        said = self.shell(ask)
        self.assertIn("1 fine, 2 dead, 0 nobody can tell", said)
        self.assertIn("http://elsewhere.example/gone leads nowhere: the server says 404.", said)
        self.assertIn("http://inside.example/fine leads nowhere: its host is not on the Internet.", said)
        drop_in.unlink()
        self.shell("systemctl stop web; systemctl daemon-reload")
        self.restarted()

    def serves(self, scheme: str, feed: str) -> None:
        at = f"curl -sSk --resolve dispatch.example:80:127.0.0.1 --resolve dispatch.example:443:127.0.0.1 {scheme}://dispatch.example"
        self.machine.until(f"{at}/", "The Verona Dispatch")
        self.assertIn("xml", self.shell(f"{at}/{feed} -o /dev/null -w '%{{content_type}}'"))
        self.assertEqual(self.shell(f"{at}/nowhere -o /root/page -w '%{{http_code}}'")[-3:], "404")
        self.assertIn("<html", self.shell("cat /root/page"))


class BesideProsody(Life, unittest.TestCase):
    make = Prosody


class BesideEjabberd(Life, unittest.TestCase):
    make = Ejabberd


class InsideItsSandbox(unittest.TestCase):
    """The interoperability tests, run whole in the sandbox of the unit: program, Prosody and clients."""

    # What belongs to the service rather than to its sandbox.
    NOT_SANDBOX = re.compile(r"(Type|Exec|Restart|Watchdog|Timeout|LoadCredential|StateDirectory|RuntimeDirectory)")

    def test_the_interoperability_tests_pass(self) -> None:
        machine = Machine(base(PACKAGE, Prosody.name))
        self.addCleanup(machine.end)
        machine.boot()
        install(machine)
        tests = machine.path("/opt/broadsheet/Tests")
        for folder in ("Interop", "Support/Servers", "Samples"):
            shutil.copytree(ROOT / "Tests" / folder, tests / folder)
        shutil.copytree(ROOT / "docs", tests.parent / "docs")
        unit = machine.path("/lib/systemd/system/broadsheet.service").read_text()
        sandbox = [
            line for line in unit.split("[Service]")[1].split("[Install]")[0].splitlines()
            if "=" in line and not line.startswith("#") and not self.NOT_SANDBOX.match(line)
        ]  # fmt: skip
        self.assertIn("MemoryDenyWriteExecute=yes", sandbox)
        machine.path("/etc/systemd/system/tests.service").write_text(
            "[Service]\nType=oneshot\nTimeoutStartSec=infinity\n" + "\n".join(sandbox)
            + "\nStandardOutput=journal\nStandardError=journal\n"
            "ExecStart=/usr/bin/python3 -u /opt/broadsheet/Tests/Interop/run.py /usr/bin/broadsheet --server prosody\n"
        )  # fmt: skip
        machine.shell("systemctl daemon-reload; systemctl start --no-block tests")
        machine.until("systemctl is-active tests | grep -qv activating && echo over", "over", 7_200)
        said = machine.shell("journalctl -u tests -o cat --no-pager")
        told = re.compile(r"  [✘-] |      skipped: |\d+ passed")
        print("\n".join(["", *(line for line in said.splitlines() if told.match(line))]))
        self.assertEqual(machine.unit("Result", "tests"), "success", said[-10_000:])


if __name__ == "__main__":
    PACKAGE = Path(sys.argv.pop(1)).resolve()
    try:
        unittest.main(verbosity=2, failfast=False)
    except MachineError as error:
        sys.exit(str(error))
