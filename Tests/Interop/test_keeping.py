"""What an operator does around the service: init, doctor, backup, verify, restore."""

import asyncio
import json
import signal
from pathlib import Path

from child import free_ports
from world import COMPONENT, NODE, ROOM, InteropCase


class Doctor(InteropCase):
    async def examine(self) -> tuple[int, dict[str, dict]]:
        outcome = await self.broadsheet.command("doctor", "--json", seconds=60)
        steps = [json.loads(line) for line in outcome.output.splitlines()]
        self.assertEqual(len({step["step"] for step in steps}), len(steps), steps)
        return outcome.code, {step["step"]: step for step in steps}

    async def test_all_is_well_before_the_first_start(self) -> None:
        code, steps = await self.examine()
        self.assertEqual(code, 0, steps)
        for step in ("configuration", "name resolution", "port", "server", "answers to pings", "server's services", "server's age", f"room {ROOM}", "message to ourselves", "large messages", "libraries", f"voice in {ROOM}"):
            self.assertEqual(steps[step]["verdict"], "fine", steps)
        self.assertFalse((self.broadsheet.folder / "broadsheet.sqlite").exists())

    async def test_a_service_that_runs_is_asked_and_not_disturbed(self) -> None:
        await self.open()
        code, steps = await self.examine()
        self.assertEqual(code, 0, steps)
        self.assertIn("The service runs", steps["server"]["text"])
        self.assertIn("Connected to", steps["server"]["text"])

    async def test_each_node_of_a_cluster_is_looked_at(self) -> None:
        here, (closed,) = f"127.0.0.1:{self.server.component_port}", free_ports(1)
        nowhere = f"127.0.0.1:{closed}"
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("  secret_file:", f"  other_servers: ['{nowhere}']\n  secret_file:"),
        )
        code, steps = await self.examine()
        self.assertEqual(code, 1, steps)
        self.assertEqual(steps[f"server ({here})"]["verdict"], "fine", steps)
        self.assertEqual(steps[f"port ({nowhere})"]["verdict"], "failed", steps)
        await self.open()
        code, steps = await self.examine()
        self.assertEqual(code, 1, steps)
        self.assertIn(f"Connected to {here}", steps["server"]["text"])
        self.assertEqual(steps[f"port ({here})"]["verdict"], "fine", steps)
        self.assertEqual(steps[f"port ({nowhere})"]["verdict"], "failed", steps)

    async def test_a_service_that_cannot_be_asked_is_not_taken_for_one_that_is_away(self) -> None:
        if not Path("/proc/locks").exists():
            self.skipTest("who holds the database stands in /proc/locks, which the unit's sandbox hides")
        (benvolio,) = await self.open()
        self.broadsheet.write_configuration(
            self.server.component_port, change=("control.sock", "elsewhere.sock")
        )
        mark = benvolio.mark
        code, steps = await self.examine()
        self.assertEqual((code, steps["server"]["verdict"]), (1, "failed"))
        self.assertIn("The service runs (process ", steps["server"]["text"])
        # It is neither pushed off the server nor out of the room.
        await self.answers_in_room(benvolio)
        self.assertFalse([each for each in benvolio.heard[mark:] if each.kind == "presence"])

    async def test_a_wrong_secret_and_a_server_that_is_away_are_told_apart(self) -> None:
        secret = self.server.component_secret
        self.broadsheet.write_secret("wrong")
        code, steps = await self.examine()
        self.assertEqual((code, steps["server"]["verdict"]), (1, "failed"))
        self.assertIn("not-authorized", steps["server"]["text"])
        self.broadsheet.write_secret(secret)
        self.broadsheet.write_configuration(free_ports(1)[0])
        code, steps = await self.examine()
        self.assertEqual((code, steps["port"]["verdict"], steps["server"]["verdict"]), (1, "failed", "skipped"))
        self.assertIn("Nobody listens", steps["port"]["text"])
        (self.broadsheet.configuration).write_text(
            self.broadsheet.configuration.read_text().replace("server: 127.0.0.1:", "server: nowhere.invalid:")
        )
        code, steps = await self.examine()
        self.assertEqual((code, steps["name resolution"]["verdict"]), (1, "failed"))

    async def test_a_limit_of_the_server_below_our_messages_is_found(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port, change=("log:\n", "delivery:\n  message_size: 900000\nlog:\n")
        )
        code, steps = await self.examine()
        large = steps["large messages"]
        if large["verdict"] == "fine":
            self.assertEqual(code, 0)
            self.assertIn("900000 bytes of text have arrived", large["text"])
        else:
            self.assertEqual(code, 1)
            self.assertIn("Lower 'delivery.message_size'", large["text"])
        self.assertEqual(steps["message to ourselves"]["verdict"], "fine")

    async def test_a_mistake_in_the_configuration_is_said_for_people(self) -> None:
        self.broadsheet.write_configuration(5347, change=("database:", "databse:"))
        outcome = await self.broadsheet.command("doctor")
        self.assertEqual(outcome.code, 1)
        self.assertIn("FAILED    configuration: ", outcome.output)
        self.assertIn("did you mean 'database'", outcome.output)


class Init(InteropCase):
    async def test_what_it_writes_works_with_what_it_says_of_the_server(self) -> None:
        self.broadsheet.write_secret(self.server.component_secret)
        refused = await self.broadsheet.command("init", "--domain", COMPONENT, "--title", "T")
        self.assertEqual(refused.code, 1)
        self.assertIn("--force", refused.errors)
        outcome = await self.broadsheet.command(
            "init", "--force", "--domain", COMPONENT, "--title", "The Verona Dispatch",
            "--name", "dispatch", "--room", ROOM, "--server", self.server.name.lower(),
            "--publisher", "benvolio@localhost",
        )  # fmt: skip
        self.assertEqual(outcome.code, 0, outcome.errors)
        # The secret that was there is kept, and told for the server's side.
        self.assertIn(f'"{self.server.component_secret}"', outcome.output)
        self.assertIn("broadsheet doctor --config", outcome.output)
        self.assertTrue((self.broadsheet.folder / "broadsheet.yaml.old").exists())
        path = self.broadsheet.configuration
        text = path.read_text()
        self.assertIn("127.0.0.1:5347", text)
        path.write_text(text.replace("127.0.0.1:5347", f"127.0.0.1:{self.server.component_port}"))
        examined = await self.broadsheet.command("doctor", seconds=60)
        self.assertEqual(examined.code, 0, examined.output)

    async def test_without_a_terminal_it_asks_for_options_by_name(self) -> None:
        self.broadsheet.configuration.unlink()
        outcome = await self.broadsheet.command("init", "--title", "T")
        self.assertEqual(outcome.code, 64)
        self.assertIn("--domain", outcome.errors)
        self.assertFalse(self.broadsheet.configuration.exists())


class Reload(InteropCase):
    async def test_roles_count_at_once_and_a_faulty_file_changes_nothing(self) -> None:
        benvolio, mercutio = await self.open("mercutio")
        await mercutio.join(ROOM, "mercutio")
        path = self.broadsheet.configuration
        text = path.read_text()
        path.write_text(text.replace("member: editor", "member: publisher"))
        outcome = await self.broadsheet.command("reload")
        self.assertEqual(outcome.code, 0, outcome.errors)
        self.assertIn("Now counts: rooms.roles.", outcome.output)
        await self.publish(mercutio, "2026-03")
        path.write_text(text.replace("member: editor", "member: king"))
        refused = await self.broadsheet.command("reload")
        # The program itself can't read it either, to find the socket.
        self.assertEqual(refused.code, 78)
        mark = len(self.broadsheet.process.log_text())
        self.broadsheet.process.signal(signal.SIGHUP)

        async def is_told() -> bool:
            return "Configuration not read again" in self.broadsheet.process.log_text()[mark:]

        await self.until(is_told, "the mistake in the log")
        await self.publish(mercutio, "2026-04")
        path.write_text(text.replace("title: The Verona Dispatch", "title: News"))
        self.broadsheet.process.signal(signal.SIGHUP)

        async def waits() -> bool:
            said = self.broadsheet.process.log_text()[mark:]
            return "Now counts: rooms.roles. Needs a restart: newsletters.dispatch.title." in said

        await self.until(waits, "what needs a restart in the log")


class Backup(InteropCase):
    async def test_a_backup_of_the_running_service_brings_its_readers_back(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        await self.publish(benvolio, "2026-04")
        await juliet.event(NODE, "2026-04")
        backup = str(self.folder / "backup.sqlite")
        made = await self.broadsheet.command("backup", backup)
        self.assertEqual(made.code, 0, made.errors)
        self.assertIn("1 subscriptions", made.output)
        self.assertEqual((await self.broadsheet.command("backup", backup)).code, 1)
        for words in (["verify", backup], ["verify"]):
            verified = await self.broadsheet.command(*words)
            self.assertEqual((verified.code, verified.errors), (0, ""))
            self.assertIn("It is sound.", verified.output)
        await juliet.unsubscribe(COMPONENT, NODE)
        refused = await self.broadsheet.command("restore", backup)
        self.assertEqual(refused.code, 1)
        self.assertIn("in use", refused.errors)
        await asyncio.to_thread(self.broadsheet.stop)
        restored = await self.broadsheet.command("restore", backup)
        self.assertEqual(restored.code, 0, restored.errors)
        self.assertIn("The former database is", restored.output)
        self.broadsheet.start()
        await self.answers_in_room(benvolio)
        mark = juliet.mark
        await self.publish(benvolio, "2026-05")
        await juliet.event(NODE, "2026-05", since=mark)
