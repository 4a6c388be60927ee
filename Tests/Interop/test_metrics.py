"""What Prometheus and a load balancer see."""

import asyncio
import re
import signal
import urllib.error
import urllib.request
from pathlib import Path

from world import COMPONENT, LOOPBACK, NODE, RECONNECT, InteropCase

from child import free_ports  # Behind `world`, which knows where it is.


GUIDE = Path(__file__).resolve().parents[2] / "docs/operators.md"


class Watching(InteropCase):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        (self.port,) = free_ports(1)
        listen = f"metrics:\n  listen: {LOOPBACK}:{self.port}\n"
        self.broadsheet.write_configuration(self.server.component_port, ("log:\n", f"{listen}log:\n"))

    async def test_metrics_tell_of_stream_readers_and_deliveries(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        await self.publish(benvolio, "2026-04")
        await juliet.event(NODE, "2026-04")

        async def is_delivered() -> bool:
            return (await self.metrics())["broadsheet_delivery_readers_total"] == 1

        await self.until(is_delivered, "the reader in the metrics", RECONNECT)
        metrics = await self.metrics()
        self.assertEqual(metrics["broadsheet_stream_up"], 1)
        self.assertEqual(metrics["broadsheet_rooms_joined"], 1)
        self.assertEqual(metrics[f'broadsheet_subscriptions{{node="{NODE}"}}'], 1)
        self.assertEqual(metrics["broadsheet_delivery_remaining_readers"], 0)
        self.assertGreater(metrics['broadsheet_stanzas_received_total{kind="iq"}'], 0)
        self.assertGreater(metrics["broadsheet_server_answer_seconds_count"], 0)
        self.assertGreater(metrics["broadsheet_sent_bytes_total"], 1000)
        self.assertGreater(metrics["process_resident_memory_bytes"], 1_000_000)
        self.assertFalse([name for name in metrics if "@" in name], "an address in a label")

    async def test_all_metrics_of_the_guide_are_there_and_those_of_trouble_move(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        unreachable = self.folder / "readers.csv"
        unreachable.write_text(f"nobody@nowhere.invalid,{NODE}\n")
        outcome = await self.broadsheet.command("readers import", str(unreachable))
        self.assertEqual(outcome.code, 0, outcome.errors)
        await self.publish(benvolio, "2026-04")
        await juliet.event(NODE, "2026-04")
        await self.until_metric("broadsheet_delivery_errors_total{", 1)
        await self.until_metric("broadsheet_delivery_seconds_count", 1)
        before = await self.metrics()
        self.server.stop()
        await self.until_metric("broadsheet_connect_failures_total", 1)
        self.assertEqual((await self.metrics())["broadsheet_stream_up"], 0)
        self.server.start()
        await self.until_metric("broadsheet_streams_opened_total", 2)
        await self.until_metric("broadsheet_rooms_joined", 1)
        after = await self.metrics()
        for name in ("broadsheet_batch_seconds_count", "broadsheet_server_answer_seconds_count",
                     "broadsheet_stanzas_sent_total", "broadsheet_sent_bytes_total",
                     'broadsheet_log_entries_total{level="warning"}', "process_cpu_seconds_total"):  # fmt: skip
            await self.until_metric(name, before.get(name, 0) + 1e-9)
        self.assertGreater(after["broadsheet_database_bytes"], 4096)
        told = re.findall(r"^\| `((?:broadsheet|process)_\w+)` \| (\w+) ", GUIDE.read_text(encoding="utf-8"), flags=re.M)
        status, text = await self.ask("/metrics")
        shown = re.findall(r"^# TYPE (\S+) (\S+)$", text, flags=re.M)
        self.assertEqual((status, sorted(shown)), (200, sorted(told)))

    async def until_metric(self, beginning: str, least: float) -> None:
        """Waits until the series that begin so come to that much together."""

        async def is_there() -> bool:
            return sum(value for name, value in (await self.metrics()).items() if name.startswith(beginning)) >= least

        await self.until(is_there, beginning, RECONNECT)

    async def test_the_report_shows_what_was_delivered_and_no_address(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        await self.publish(benvolio, "2026-04")
        await self.delivered(benvolio, "2026-04")
        file = self.folder / "report.html"
        outcome = await self.broadsheet.command("report", str(file))
        self.assertEqual(outcome.code, 0, outcome.errors)
        page = file.read_text(encoding="utf-8")
        self.assertIn("<title>2026-04-05-dispatch to dispatch-en: 1 reader in ", page)
        self.assertIn("dispatch-fr: 0", page)
        self.assertNotIn("juliet", page)

    async def test_asked_to_end_it_ends_in_order_as_without_metrics(self) -> None:
        await self.open()
        self.assertEqual((await self.ask("/healthz"))[0], 200)
        self.broadsheet.process.signal(signal.SIGTERM)
        code = await asyncio.to_thread(self.broadsheet.process.wait, RECONNECT)
        self.assertEqual(code, 0, self.broadsheet.process.log_text()[-500:])

    async def test_without_its_server_it_is_alive_and_not_ready(self) -> None:
        await self.open()
        self.assertEqual((await self.ask("/readyz"))[0], 200)
        self.server.stop()

        async def is_unready() -> bool:
            return (await self.ask("/readyz"))[0] == 503

        await self.until(is_unready, "it to be unready", RECONNECT)
        status, text = await self.ask("/readyz")
        self.assertEqual(status, 503)
        self.assertIn("Not connected", text)
        self.assertEqual((await self.ask("/healthz"))[0], 200)
        self.assertEqual((await self.metrics())["broadsheet_stream_up"], 0)

    async def metrics(self) -> dict[str, float]:
        """Every line of the answer, by its series; whatever is no such line fails."""
        status, text = await self.ask("/metrics")
        self.assertEqual(status, 200)
        lines = [line for line in text.splitlines() if not line.startswith("# ")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

    async def ask(self, path: str) -> tuple[int, str]:
        return await asyncio.to_thread(self._ask, f"http://{LOOPBACK}:{self.port}{path}")

    def _ask(self, url: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(url, timeout=RECONNECT) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
