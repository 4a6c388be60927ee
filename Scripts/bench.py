#!/usr/bin/python3
"""Measures the built program beside the same work in C, interleaved in one run, and prints ratios.

    bench.py [--full] [--servers | --only-servers] [--only-requests | --only-deliveries]
             [--rounds COUNT] [--tuned] PATH/TO/BINARIES

The folder has broadsheet, bench-stream and bench-idle. Everything goes into a server stand-in that
only swallows; with --servers also through a private Prosody and a private ejabberd.

A ratio compares two neighbours of the same round, so whatever else the machine does meets both.
"""

import argparse
import dataclasses
import json
import os
import re
import select
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "Tests" / "Support" / "Servers"))

from certificates import make_certificates  # noqa: E402
from child import LOOPBACK, Child, ServerError, accepts, free_ports  # noqa: E402
from ejabberd import Ejabberd  # noqa: E402
from prosody import Prosody  # noqa: E402
from xmpp_server import find_tree  # noqa: E402

DOMAIN = "news.localhost"
SERVER = "localhost"
CROWD, MEMORY, WRITER = "readers.localhost", "memory.localhost", "writer.localhost"
SLIXMPP, STORING = "slixmpp.localhost", "storing.localhost"
READING = "reading.localhost"
# The server's own PubSub.
OWN = "pubsub.localhost"
NODE = "bench-en"
# Where many subscribe; nothing is published there.
CROWDED = "bench-de"
# Broadsheet's own defaults, for the writer in C.
BATCH_SIZE, BATCH_BYTES, WINDOW = 500, 1_048_576, 16
# In one delivery: slixmpp takes a minute or two for as much.
MOST_BYTES_BY_SLIXMPP = 200_000_000
# In one delivery through a server; the half takes Prosody a minute.
MOST_BYTES = {"Prosody": 200_000_000}
PIPELINE = 256

CONFIGURATION = f"""\
component:
  jid: {DOMAIN}
  server: {LOOPBACK}:{{port}}
  secret_file: secret
{{tls}}database: broadsheet.sqlite
control:
  socket: control.sock
newsletters:
  bench:
    title: The Bench
    issues: issues
    languages: [en, de]
# One asks here for all.
limits:
  person_rate: 1000000
  person_burst: 1000000
  domain_rate: 1000000
  domain_burst: 1000000
readers:
  sign_ups: 0
  sign_ups_per_domain: 0
log:
  level: notice
"""


class BenchError(Exception):
    """Something did not do what the benchmark needs."""


# What is measured with


class Tool:
    """A process that takes orders on its input and answers with lines."""

    def __init__(self, *command: object) -> None:
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.heard = b""

    @property
    def pid(self) -> int:
        return self.process.pid

    def tell(self, order: str) -> None:
        self.process.stdin.write(order.encode() + b"\n")
        self.process.stdin.flush()

    def hear(self, word: str, seconds: float = 300) -> list[str]:
        """The rest of the next line that begins with the word; other news is passed over."""
        deadline = time.monotonic() + seconds
        while True:
            line, separator, rest = self.heard.partition(b"\n")
            if not separator:
                self._read(word, deadline - time.monotonic())
                continue
            self.heard = rest
            first, *others = line.decode().split()
            if first == word:
                return others
            if first == "failed":
                raise BenchError(f"bench-stream refused: {' '.join(others)}")

    def _read(self, word: str, seconds: float) -> None:
        output = self.process.stdout.fileno()
        if not select.select([output], [], [], max(0, seconds))[0]:
            raise BenchError(f"nothing is '{word}' after all this time")
        more = os.read(output, 65536)
        if not more:
            raise BenchError(f"{self.process.args[1:]} ended while '{word}' was awaited")
        self.heard += more

    def ask(self, order: str, word: str) -> list[str]:
        self.tell(order)
        return self.hear(word)

    def end(self) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclasses.dataclass(frozen=True)
class Usage:
    """What a process has used and uses."""

    cpu: int
    """Nanoseconds, of all its threads, those that ended too."""
    resident: int
    peak: int
    switches: dict[str, int]
    """How often each of its threads went to sleep by itself."""

    @classmethod
    def of(cls, pid: int) -> "Usage":
        switches = {}
        for task in Path(f"/proc/{pid}/task").iterdir():
            try:
                switches[task.name] = int(_status(task, "voluntary_ctxt_switches"))
            except (FileNotFoundError, ProcessLookupError):
                continue
        process = Path(f"/proc/{pid}")
        kibibytes = (int(_status(process, name).split()[0]) for name in ("VmRSS", "VmHWM"))
        # The number of a process's CPU clock, as clock_getcpuclockid(3) makes it.
        cpu = time.clock_gettime_ns((~pid << 3) | 2)
        return cls(cpu, *(each * 1024 for each in kibibytes), switches)

    def wake_ups(self, since: "Usage") -> int:
        return sum(
            count - since.switches.get(task, 0) for task, count in self.switches.items()
        )


def _status(process: Path, name: str) -> str:
    return re.search(rf"^{name}:\s+(.+)$", (process / "status").read_text(), re.M)[1]


def forget_peak(pid: int) -> None:
    """The highest resident memory is counted from here on (proc(5), clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


class Program:
    """An installation of Broadsheet in a folder, talked to as the shell does."""

    def __init__(
        self, binary: Path, folder: Path, port: int, component_secret: str, tls: str = ""
    ) -> None:
        self.binary, self.folder = binary, folder
        self.issues = folder / "issues"
        self.issues.mkdir(parents=True)
        (folder / "broadsheet.yaml").write_text(CONFIGURATION.format(port=port, tls=tls))
        secret = folder / "secret"
        secret.touch(0o600)
        secret.write_text(component_secret + "\n")
        self.process = Child("Broadsheet", folder / "broadsheet.log")
        self.count = 0

    @property
    def pid(self) -> int:
        return self.process.pid

    def start(self) -> int:
        """Starts it and says when, in nanoseconds."""
        began = time.monotonic_ns()
        self.process.spawn(
            [str(self.binary), "run", "--config", str(self.folder / "broadsheet.yaml")]
        )
        return began

    def write_issue(self, size: int) -> str:
        """Writes an issue whose notification has about that many bytes; returns its id."""
        self.count += 1
        name = f"2026-01-01-bench{self.count:04}"
        # Text and XHTML carry each word once, and the paragraphs' tags come on top.
        filler = "A ship came in with the tide, and another left. "
        body = ("\n\n".join([filler * 6] * (size // 600 + 1)))[: max(1, (size - 1150) // 2)]
        (self.issues / f"{name}.md").write_text(
            f'---\ntitle: "Issue {self.count}"\ndate: 2026-01-01\nsummary: "Ships"\n---\n\n{body}\n'
        )
        return name

    def command(self, *words: str) -> int:
        """Gives a command over the control socket; returns when it was given, in nanoseconds."""
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(60)
            control.connect(str(self.folder / "control.sock"))
            began = time.monotonic_ns()
            control.sendall(json.dumps({"words": words, "language": "en"}).encode() + b"\n")
            with control.makefile() as replies:
                for line in replies:
                    reply = json.loads(line)
                    if reply["kind"] == "done":
                        return began
                    if reply["kind"] != "progress":
                        break
        raise BenchError(f"{' '.join(words)}: {reply['text']}")


# The servers


class BenchProsody(Prosody):
    """A Prosody with components for the far side, that logs as one in service does."""

    def port_of(self, domain: str) -> int:
        return self.component_port

    def _write_configuration(self) -> None:
        super()._write_configuration()
        path = self.folder / "prosody.cfg.lua"
        text = path.read_text().replace('min = "debug"', 'min = "info"')
        for domain in (CROWD, MEMORY, WRITER, SLIXMPP, STORING):
            text += f'Component "{domain}"\n    component_secret = "{self.component_secret}"\n'
        text += f'Component "{OWN}" "pubsub"\n    autocreate_on_subscribe = true\n'
        text += f'    autocreate_on_publish = true\n    admins = {{ "r0@{CROWD}" }}\n'
        path.write_text(text)


class TunedProsody(BenchProsody):
    """One that reads as docs/operators.md advises for large issues."""

    def _write_configuration(self) -> None:
        super()._write_configuration()
        path = self.folder / "prosody.cfg.lua"
        advice = "network_settings = { read_size = 65536, min_wait = 1e-6, nagle = false }\n"
        path.write_text(advice + path.read_text())


class BenchEjabberd(Ejabberd):
    """The same with ejabberd, where who connects gets the stanzas of all domains of its port."""

    names = {
        CROWD: "crowd_port",
        MEMORY: "memory_port",
        WRITER: "writer_port",
        SLIXMPP: "slixmpp_port",
        STORING: "storing_port",
    }
    ports = (*Ejabberd.ports, *names.values())

    def port_of(self, domain: str) -> int:
        return getattr(self, self.names[domain])

    def _write_configuration(self) -> None:
        super()._write_configuration()
        path = self.folder / "ejabberd.yml"
        settings = json.loads(path.read_text()) | {"loglevel": "info"}
        settings["modules"]["mod_pubsub"] = {
            "host": OWN,
            "access_createnode": "all",
            "plugins": ["flat"],
        }
        settings["listen"] += [
            {
                "ip": LOOPBACK,
                "port": self.port_of(domain),
                "module": "ejabberd_service",
                "hosts": {domain: {"password": self.component_secret}},
            }
            for domain in self.names
        ]
        path.write_text(json.dumps(settings, indent=2) + "\n")


@dataclasses.dataclass(frozen=True)
class Site:
    """Where the contenders connect, and what counts at the far side."""

    title: str
    port: int
    """Broadsheet's; the others may have ports of their own."""
    port_of: Callable[[str], int]
    secret: str
    sink: Tool
    has_own: bool = False
    """Whether the server has a PubSub service of its own."""
    most_bytes: int | None = None
    """More than that in one delivery is not measured."""
    tls: str = ""
    """More lines of `component:`, if Broadsheet has to encrypt."""

    @classmethod
    def standin(cls, tool: Path) -> "Site":
        sink = Tool(tool, "listen", 0)
        port = int(sink.hear("listening", seconds=15)[0])
        return cls("Into the server stand-in", port, lambda domain: port, "of no importance", sink)

    @classmethod
    def through(cls, server: BenchProsody | BenchEjabberd, tool: Path) -> "Site":
        secret = server.component_secret
        sink = Tool(tool, "connect", server.port_of(CROWD), CROWD, secret)
        sink.hear("online", seconds=15)
        return cls(
            f"Through {server.name}",
            server.component_port,
            server.port_of,
            secret,
            sink,
            has_own=True,
            most_bytes=MOST_BYTES.get(server.name),
        )


class Stunnel:
    """TLS in front of the stand-in, and a way into it for those who speak none."""

    def __init__(self, folder: Path, port: int) -> None:
        folder.mkdir()
        self.port, self.plain_port = free_ports(2)
        certificates = make_certificates(folder / "certificates", [f"IP:{LOOPBACK}"])
        self.settings = f'  tls: direct\n  tls_ca_file: "{certificates.authority}"\n'
        configuration = folder / "stunnel.conf"
        options = "socket = l:TCP_NODELAY=1\nsocket = r:TCP_NODELAY=1\n"
        configuration.write_text(
            f"foreground = yes\npid =\n{options}"
            f"[tls]\naccept = {LOOPBACK}:{self.port}\nconnect = {LOOPBACK}:{port}\n"
            f"cert = {certificates.server}\n"
            f"[plain]\nclient = yes\naccept = {LOOPBACK}:{self.plain_port}\n"
            f"connect = {LOOPBACK}:{self.port}\n"
        )
        program = find_tree("stunnel4", "usr/bin/stunnel4") / "usr/bin/stunnel4"
        self.process = Child("stunnel", folder / "stunnel.log")
        self.process.spawn([str(program), str(configuration)])
        for _ in range(100):
            if accepts(self.port) and accepts(self.plain_port):
                return
            time.sleep(0.05)
        raise BenchError(f"stunnel does not start; its log is in {folder}")

    def site(self, sink: Tool) -> Site:
        """Broadsheet encrypts itself; those in C go through stunnel twice."""
        return Site(
            "Into the server stand-in with TLS",
            self.port,
            lambda domain: self.plain_port,
            "of no importance",
            sink,
            tls=self.settings,
        )


# The table


class Table:
    """Lines of results: what, each contender, and the ratio."""

    def head(self, title: str, *columns: str) -> None:
        print(f"\n{title:<34}" + "".join(f"{each:>16}" for each in columns), flush=True)

    def line(self, name: str, *values: str) -> None:
        print(f"  {name:<32}" + "".join(f"{each:>16}" for each in values), flush=True)


def pace(window: int) -> str:
    return f"{window} at once" if window > 1 else "one by one"


def many(value: float, unit: str = "/s") -> str:
    return f"{value:,.0f}{unit}"


def mebibytes(value: float) -> str:
    return f"{value / 2**20:.1f} MiB"


def milliseconds(nanoseconds: float) -> str:
    return f"{nanoseconds / 1e6:,.1f} ms"


def ratio(pairs: list[tuple[float, float]]) -> str:
    """The median of the ratios, round by round."""
    return f"{statistics.median(a / b for a, b in pairs):.2f}"


def ratios(rows: list[list[float]]) -> list[str]:
    """For each contender but the first, the first one's ratio to it."""
    return [ratio([(row[0], row[index]) for row in rows]) for index in range(1, len(rows[0]))]


def medians(rows: list[list[float]]) -> list[float]:
    return [statistics.median(each) for each in zip(*rows)]


# The measurements


@dataclasses.dataclass(frozen=True)
class Delivery:
    first: float
    last: float
    cpu: float
    growth: float
    bytes_each: float
    count: int

    @property
    def rate(self) -> float:
        return self.count / (self.last / 1e9)


class Bench:
    def __init__(
        self,
        binaries: Path,
        folder: Path,
        site: Site,
        options: argparse.Namespace,
    ) -> None:
        self.binaries, self.folder, self.site, self.is_full = binaries, folder, site, options.full
        self.only_requests, self.only_deliveries = options.only_requests, options.only_deliveries
        self.tool = binaries / "bench-stream"
        self.table = Table()
        self.rounds = options.rounds or (5 if self.is_full else 3)
        self.sink = site.sink
        self.program = Program(
            binaries / "broadsheet", folder / "broadsheet", site.port, site.secret, site.tls
        )
        self.others: list[Tool] = []

    def end(self) -> None:
        self.program.process.stop()
        for tool in [*self.others, self.sink]:
            tool.end()

    def run_alone(self) -> None:
        """All there is to measure, with no server in the way."""
        counts = (1000, 10_000, 100_000, 1_000_000) if self.is_full else (1000, 10_000, 100_000)
        if self.only_deliveries:
            self.program.start()
            self.wait_until_it_answers()
            self.measure_deliveries(counts)
            return
        self.measure_start()
        if not self.only_requests:
            self.measure_idle()
        self.measure_requests(100_000 if self.is_full else 20_000)
        self.measure_subscriptions(50_000 if self.is_full else 20_000)
        if self.only_requests:
            return
        self.measure_deliveries(counts)

    def run_encrypted(self) -> None:
        """The same stand-in behind stunnel: what TLS costs, on both sides of the socket."""
        self.program.start()
        self.wait_until_it_answers()
        self.measure_requests(20_000)
        self.measure_deliveries((10_000,))

    def run_through(self) -> None:
        """What a real server lets through."""
        self.program.start()
        self.wait_until_it_answers()
        if not self.only_deliveries:
            self.measure_requests(20_000 if self.is_full else 5000)
            self.measure_subscriptions(50_000 if self.is_full else 10_000)
        if self.only_requests:
            return
        self.measure_deliveries((1000, 10_000, 50_000) if self.is_full else (1000,))

    def wait_until_it_answers(self) -> None:
        for _ in range(100):
            try:
                self.ask("ping", DOMAIN, 1, 1)
                return
            except BenchError:
                time.sleep(0.1)
        raise BenchError("Broadsheet answers no ping")

    # Start and idle

    def measure_start(self) -> None:
        # A room hears of each issue, so there is none later.
        path = self.program.folder / "broadsheet.yaml"
        text = path.read_text()
        path.write_text(f"{text}rooms:\n  - jid: team@rooms.localhost\n    nick: Bench\n")
        steps = {"handshake done": "online", "room entered": "joined"}
        times = {step: [] for step in steps}
        for _ in range(self.rounds):
            self.program.process.stop()
            began = self.program.start()
            for step, word in steps.items():
                times[step].append(int(self.sink.hear(word, seconds=15)[1]) - began)
        self.program.process.stop()
        path.write_text(text)
        self.program.start()
        self.sink.hear("online", seconds=15)
        self.table.head("Start", "median", "worst")
        for step, spent in times.items():
            self.table.line(
                f"start → {step}",
                milliseconds(statistics.median(spent)),
                milliseconds(max(spent)),
            )

    def measure_idle(self) -> None:
        # Two keep-alives fall into a minute.
        seconds = 60
        bare = Tool(self.binaries / "bench-idle")
        self.others.append(bare)
        bare.hear("online", seconds=15)
        time.sleep(5)
        before, bare_before = Usage.of(self.program.pid), Usage.of(bare.pid)
        time.sleep(seconds)
        after, runtime = Usage.of(self.program.pid), Usage.of(bare.pid)
        ours, others = after.wake_ups(before), runtime.wake_ups(bare_before)
        table = self.table
        table.head("Idle", "Broadsheet", "Swift alone", "difference")
        table.line(
            "resident memory",
            mebibytes(after.resident),
            mebibytes(runtime.resident),
            mebibytes(after.resident - runtime.resident),
        )
        table.line(
            "wake-ups a minute",
            *(f"{each * 60 / seconds:.0f}" for each in (ours, others, ours - others)),
        )
        table.line(
            "CPU a minute",
            f"{(after.cpu - before.cpu) * 60 / seconds / 1e6:.1f} ms",
        )

    # Requests

    def ask(
        self,
        kind: str,
        target: str,
        total: int,
        window: int,
        node: str = NODE,
        start: int = 0,
    ) -> float:
        """Requests a second."""
        order = f"request {kind} {total} {window} {target} {CROWD} {node} {start}"
        answered, errors, took = (int(each) for each in self.sink.ask(order, "answered"))
        if errors or answered != total:
            raise BenchError(f"{errors} of {answered} answers to '{kind}' from {target} are errors")
        return total / (took / 1e9)

    def learn(self, kind: str) -> Path:
        """What Broadsheet answers, so that the component in C says the same."""
        self.ask(kind, DOMAIN, 1, 1)
        path = self.folder / f"{kind}.xml"
        self.sink.ask(f"save {path}", "saved")
        text = path.read_text()
        start = re.match(r"<iq[^>]*?(/?)>", text)
        path.write_text("" if start[1] else text[start.end() : text.rindex("</iq>")])
        return path

    def prepare(self) -> None:
        """Gives all the same to tell: a node with one item."""
        self.program.command("publish", self.program.write_issue(1000))
        answers = [self.learn(kind) for kind in ("info", "items", "fetch")]
        self.component(MEMORY, *answers)
        self.component(STORING, *answers, self.folder / "storing.sqlite")
        self.contenders = {"Broadsheet": DOMAIN, "C component": MEMORY}
        if self.site.has_own:
            self.contenders["server's own"] = OWN
            self.publish_own(answers[-1].read_text())

    def component(self, domain: str, *files: Path) -> None:
        port = self.site.port_of(domain)
        component = Tool(self.tool, "component", port, domain, self.site.secret, *files)
        self.others.append(component)
        component.hear("online", seconds=15)

    def publish_own(self, fetched: str) -> None:
        for node in (NODE, CROWDED):
            self.ask("create", OWN, 1, 1, node)
        payload = re.search(r"<item [^>]*>(.*)</item>", fetched, re.S)[1]
        path = self.folder / "publish.xml"
        path.write_text(
            f"<iq type='set' id='publish' from='r0@{CROWD}/bench' to='{OWN}'>"
            f"<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{NODE}'>"
            f"<item id='1'>{payload}</item></publish></pubsub></iq>"
        )
        _, errors, _ = self.sink.ask(f"send {path} {OWN}", "answered")
        if errors != "0":
            raise BenchError(f"{OWN} takes no item")

    def measure_requests(self, pipelined: int) -> None:
        self.prepare()
        names = list(self.contenders)
        self.table.head("Requests", *names, *("ratio" for _ in names[1:]), "CPU each")
        for window in (PIPELINE, 1):
            for kind in ("ping", "info", "items", "fetch"):
                total = pipelined if window > 1 else 1000
                rows, before = [], Usage.of(self.program.pid)
                # ejabberd's own answers no ping.
                targets = [
                    each for each in self.contenders.values() if kind != "ping" or each != OWN
                ]
                for _ in range(self.rounds + 1):
                    rows.append([self.ask(kind, each, total, window) for each in targets])
                self.show(f"{kind}, {pace(window)}", rows[1:], before, total * len(rows))

    def show(self, name: str, rows: list[list[float]], before: Usage, count: int) -> None:
        cpu = (Usage.of(self.program.pid).cpu - before.cpu) / count / 1e3
        missing = ["–"] * (len(self.contenders) - len(rows[0]))
        self.table.line(
            name, *map(many, medians(rows)), *missing, *ratios(rows), *missing, f"{cpu:.1f} µs"
        )

    def measure_subscriptions(self, total: int) -> None:
        """New subscribers in turns, a part at a time."""
        self.contenders = {**self.contenders, "C with SQLite": STORING}
        names = list(self.contenders)
        self.table.head(
            f"Subscriptions, {total:,} in all", *names, *("ratio" for _ in names[1:]), "CPU each"
        )
        part = total // 5
        rows, before = [], Usage.of(self.program.pid)
        # Prosody's own takes longer the more there are; ten seconds a part are enough.
        counts = {each: min(part, 1000) if each == OWN else part for each in self.contenders.values()}
        for start in range(0, total, part):
            row = []
            for target, count in counts.items():
                row.append(self.ask("subscribe", target, count, PIPELINE, CROWDED, start))
                counts[target] = min(part, max(100, int(row[-1] * 10)))
            rows.append(row)
        self.show(f"subscribe, {pace(PIPELINE)}", rows, before, total)
        rows, before = [], Usage.of(self.program.pid)
        for start in range(total, total + 1000, 200):
            rows.append(
                [
                    self.ask("subscribe", each, 200, 1, CROWDED, start)
                    for each in self.contenders.values()
                ]
            )
        self.show(f"subscribe, {pace(1)}", rows, before, 1000)

    # Deliveries

    def subscribe(self, count: int) -> float:
        return self.ask("subscribe", DOMAIN, count, PIPELINE)

    def measure_deliveries(self, counts: tuple[int, ...]) -> None:
        known = 0
        for count in counts:
            # Those who are subscribed already only get the same answer again.
            rate = self.subscribe(count)
            self.table.head(f"{count:,} readers", "subscribed", "")
            self.table.line(f"{count - known:,} of them new", many(rate))
            known = count
            for size in (1000, 15_000):
                most = self.site.most_bytes or (None if self.is_full else 2_000_000_000)
                if most is None or count * size <= most:
                    self.measure_delivery(count, size)

    def measure_delivery(self, readers: int, size: int) -> None:
        sample = self.deliver_ours(readers, size, is_sample=True)
        batch = max(1, min(BATCH_SIZE, round(BATCH_BYTES / sample.bytes_each)))
        writer = self.writer(self.tool, "writer", domain=WRITER)

        def written(by: Tool, window: int) -> Callable[[], Delivery]:
            return lambda: self.deliver_by(by, readers, batch, window)

        ways: dict[str, Callable[[], Delivery]] = {
            "Broadsheet": lambda: self.deliver_ours(readers, size),
            "C, same window": written(writer, WINDOW),
            "C, no barriers": written(writer, 0),
        }
        writers = [writer]
        if not self.site.has_own:
            # What is in reach of who has to read whom to write to.
            known = [self.program.folder / "broadsheet.sqlite", NODE]
            writers.append(self.writer(self.tool, "writer", domain=READING, further=known))
            ways["C with SQLite"] = written(writers[-1], WINDOW)
        if readers * sample.bytes_each <= MOST_BYTES_BY_SLIXMPP:
            script = ROOT / "Scripts" / "bench-slixmpp.py"
            writers.append(self.writer("/usr/bin/python3", script, domain=SLIXMPP))
            ways["slixmpp"] = written(writers[-1], 0)
        rounds = 1 if readers > 100_000 else self.rounds
        results = [[way() for way in ways.values()] for _ in range(rounds)]
        for each in writers:
            each.end()
        self.show_delivery(readers, sample.bytes_each, list(ways), results)

    def writer(self, *program: object, domain: str, further: Sequence[object] = ()) -> Tool:
        """Somebody who writes what the sample has, in the name of the domain."""
        site = self.site
        parts = self.parts(domain)
        tool = Tool(*program, site.port_of(domain), domain, site.secret, *parts, *further)
        tool.hear("online", seconds=15)
        return tool

    def show_delivery(
        self, readers: int, size: float, names: list[str], results: list[list[Delivery]]
    ) -> None:
        def medians(property: Callable[[Delivery], float]) -> list[float]:
            return [statistics.median(map(property, each)) for each in zip(*results)]

        table = self.table
        table.head(f"{readers:,} readers, {size:,.0f} bytes each", *names)
        table.line("publish → first", *map(milliseconds, medians(lambda each: each.first)))
        table.line("publish → last", *map(milliseconds, medians(lambda each: each.last)))
        table.line("readers a second", *map(many, medians(lambda each: each.rate)))
        table.line(
            "ratio of Broadsheet", "", *ratios([[each.rate for each in row] for row in results])
        )
        table.line(
            "CPU a reader",
            *(f"{each / readers / 1e3:.2f} µs" for each in medians(lambda each: each.cpu)),
        )
        table.line(
            "peak memory above before",
            *map(mebibytes, (max(each.growth for each in row) for row in zip(*results))),
        )

    def deliver_ours(self, readers: int, size: int, is_sample: bool = False) -> Delivery:
        issue = self.program.write_issue(size)
        if is_sample:
            self.sink.ask("sample", "sampling")
        return self.deliver(
            self.program.pid, readers, lambda: self.program.command("publish", issue)
        )

    def deliver_by(self, writer: Tool, readers: int, batch: int, window: int) -> Delivery:
        def start() -> int:
            began = time.monotonic_ns()
            writer.tell(f"send {readers} {batch} {window} {CROWD} {SERVER}")
            return began

        result = self.deliver(writer.pid, readers, start)
        writer.hear("sent")
        return result

    def deliver(self, pid: int, readers: int, start: Callable[[], int]) -> Delivery:
        self.sink.ask(f"count {readers}", "counting")
        forget_peak(pid)
        before = Usage.of(pid)
        began = start()
        count, size, first, last = (int(each) for each in self.sink.hear("delivered"))
        # The last cursor is stored, and the delivery closed, after the last reader was reached.
        time.sleep(0.3)
        after = Usage.of(pid)
        return Delivery(
            first=first - began,
            last=last - began,
            cpu=after.cpu - before.cpu,
            growth=after.peak - before.resident,
            bytes_each=size / count,
            count=count,
        )

    def parts(self, domain: str) -> tuple[Path, Path]:
        """What Broadsheet writes before a reader's address and after the id, with another sender."""
        path = self.folder / "sample.xml"
        self.sink.ask(f"save {path}", "saved")
        text = path.read_text()
        # A server in between may order the attributes anew.
        tag, rest = re.match(r"(<message[^>]*)(>.*)", text, re.S).groups()
        head, tail = self.folder / f"{domain}-head.xml", self.folder / f"{domain}-tail.xml"
        tag = re.sub(r" (from|to|id)=('[^']*'|\"[^\"]*\")", "", tag)
        # Servers end the stream of a component that writes in the name of another.
        head.write_text(f"{tag} from='{domain}'")
        tail.write_text(rest)
        return head, tail


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binaries", type=Path, help="the folder with what was built for release")
    parser.add_argument("--full", action="store_true", help="more rounds, and a million readers")
    parser.add_argument("--rounds", type=int, help="how often each takes its turn")
    parser.add_argument("--servers", action="store_true", help="also through real servers")
    parser.add_argument("--only-deliveries", action="store_true", help="nothing else")
    parser.add_argument("--only-requests", action="store_true", help="no deliveries")
    parser.add_argument("--tuned", action="store_true", help="Prosody with network settings")
    parser.add_argument("--only-servers", action="store_true", help="only through real servers")
    options = parser.parse_args()
    for name in ("broadsheet", "bench-stream", "bench-idle"):
        if not os.access(options.binaries / name, os.X_OK):
            print(f"{options.binaries / name} is missing; `make bench` builds it.", file=sys.stderr)
            return 1
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-bench-"))
    try:
        measure(options, folder)
    except (BenchError, ServerError) as problem:
        print(f"bench: {problem}\nLogs: {folder}/*/broadsheet/broadsheet.log", file=sys.stderr)
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def measure(options: argparse.Namespace, folder: Path) -> None:
    binaries = options.binaries.resolve()
    tool = binaries / "bench-stream"

    def run(site: Site, work: Callable[[Bench], None]) -> None:
        print(f"\n# {site.title}")
        bench = Bench(
            binaries,
            folder / site.title.split()[-1],
            site,
            options,
        )
        try:
            work(bench)
        finally:
            bench.end()

    if not options.only_servers:
        run(Site.standin(tool), Bench.run_alone)
        plain = Site.standin(tool)
        stunnel = Stunnel(folder / "stunnel", plain.port)
        try:
            run(stunnel.site(plain.sink), Bench.run_encrypted)
        finally:
            stunnel.process.stop()
    if options.servers or options.only_servers:
        for make in (BenchEjabberd, TunedProsody if options.tuned else BenchProsody):
            with make(folder=new_folder(folder / make.name)) as server:
                run(Site.through(server, tool), Bench.run_through)


def new_folder(path: Path) -> Path:
    path.mkdir()
    return path


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    sys.exit(main())
