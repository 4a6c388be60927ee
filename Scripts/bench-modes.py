#!/usr/bin/python3
"""An issue's way to its PubSub readers in each mode, beside the server's own PubSub, in one run.

    bench-modes.py BINARIES [--server NAME ...] [--readers COUNT ...] [--bytes SIZE ...] [--rounds COUNT]

The folder has broadsheet and bench-stream. In each round all take turns, with an item of the same
size for as many readers behind another component:

* local: Broadsheet's own service writes to each reader;
* xep-0033: another Broadsheet hands it to the server's multicast service, 20 readers in one stanza, whatever
  its size (`delivery.multicast_bytes: 1`). It writes so to the server's own domain only, so it is told
  that this is the readers': its component names the service, which ejabberd runs as ever;
* engine: Broadsheet publishes at the server's PubSub service, which writes to each reader;
* own: the same item, published there by a client of its own, at a node configured alike;
* writer: stanzas like those of xep-0033 by a writer that does nothing else, as fast as they are taken.

Prosody has no multicast service, so that xep-0033 and writer are through ejabberd only. Its own writes
down all readers of a node at each subscription, so that it gets a store that does nothing of the kind. No more than
10,000 are measured at 15 kB, where a component takes minutes for each issue.

Broadsheet is told to publish over its control socket, as by its shell. Times are from then, or from
the client's request, to what arrives at the readers; a rate counts from publishing to the last.
Ratios are of rates, each the median over rounds of neighbours in a round.
"""

import argparse
import json
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.dont_write_bytecode = True

import bench  # noqa: E402
from bench import CROWD, DOMAIN, NODE, OWN, PIPELINE, WRITER, BenchError, Tool  # noqa: E402
from child import ServerError  # noqa: E402
from raw_stream import RawComponent  # noqa: E402

PUBSUB = "http://jabber.org/protocol/pubsub"
# Below the readers' domain, where it is looked for.
MULTICAST = f"multicast.{CROWD}"
MANY = "many.localhost"
# What a service takes in one stanza unless an operator has set more.
MOST_ADDRESSES = 20
ENGINE_NODE, OWN_NODE = "engine-en", "own-en"
# Seconds that anything may take.
PATIENCE = 1800
NOTE = f"""\
All to the same readers, behind a component of {CROWD}. xep-0033 is Broadsheet that hands the issue to
ejabberd's multicast service, 20 readers a stanza, whatever its size; it is told that {CROWD} is
its server's domain, as it writes so to no other. writer does the same and nothing else. Prosody has no
such service."""
# Of large items; through Prosody a component sends some hundreds a second.
LARGE, MOST_LARGE = 10_000, {"Prosody": 10_000}


class ModesEjabberd(bench.BenchEjabberd):
    """With a multicast service as it comes, and one more component."""

    names = {**bench.BenchEjabberd.names, MANY: "many_port"}
    ports = (*bench.BenchEjabberd.ports, "many_port")

    def _write_configuration(self) -> None:
        super()._write_configuration()
        path = self.folder / "ejabberd.yml"
        settings = json.loads(path.read_text())
        settings["modules"]["mod_multicast"] = {"host": MULTICAST}
        path.write_text(json.dumps(settings, indent=2) + "\n")


class ModesProsody(bench.BenchProsody):
    """Where the newsletter may make a node too, and who subscribes is kept in memory only."""

    def _write_configuration(self) -> None:
        super()._write_configuration()
        path = self.folder / "prosody.cfg.lua"
        before = f'admins = {{ "r0@{CROWD}" }}'
        admins = f'admins = {{ "r0@{CROWD}", "engine@{DOMAIN}", "client@{WRITER}" }}'
        settings = f'{admins}\n    storage = {{ pubsub_nodes = "untouched" }}'
        path.write_text(path.read_text().replace(before, settings))


class TwoNewsletters(bench.Program):
    """One newsletter with readers here, and one whose readers are at the engine."""

    def __init__(self, binary: Path, folder: Path, site: bench.Site) -> None:
        super().__init__(binary, folder, site.port, site.secret)
        (folder / "engine").mkdir()
        path = folder / "broadsheet.yaml"
        first = "    languages: [en, de]\n"
        second = "  engine:\n    title: The Engine\n    issues: engine\n"
        path.write_text(
            path.read_text().replace(first, f"    languages: [en]\n{second}    engine: {OWN}\n")
        )

    def write_issue(self, size: int) -> str:
        name = super().write_issue(size)
        shutil.copy(self.issues / f"{name}.md", self.folder / "engine")
        return name

    def waiting(self) -> int:
        """How much the engine has still to get."""
        words = ["status", "--config", self.folder / "broadsheet.yaml", "--json"]
        outcome = subprocess.run([self.binary, *words], capture_output=True, check=True)
        return sum(each["waiting"] for each in json.loads(outcome.stdout)["engines"])


class ManyAtOnce(bench.Program):
    """A Broadsheet that writes by multicast, to readers whom it takes for its server's."""

    def __init__(self, binary: Path, folder: Path, site: bench.Site) -> None:
        super().__init__(binary, folder, site.port_of(MANY), site.secret)
        path = folder / "broadsheet.yaml"
        text = path.read_text().replace(
            f"  jid: {DOMAIN}\n", f"  jid: {MANY}\n  server_domain: {CROWD}\n"
        )
        text = text.replace("    languages: [en, de]\n", "    languages: [en]\n")
        path.write_text(f"{text}delivery:\n  multicast: auto\n  multicast_bytes: 1\n")

    def check(self) -> None:
        """That the last issue went so, and wholly."""
        words = ["deliveries", "--config", self.folder / "broadsheet.yaml", "--json", "--last", "1"]
        outcome = subprocess.run([self.binary, *words], capture_output=True, check=True)
        delivery = json.loads(outcome.stdout)
        if delivery.get("multicast") != MULTICAST or "multicastEnd" in delivery:
            raise BenchError(f"it did not go through {MULTICAST}: {delivery}")


class Client(RawComponent):
    """Somebody with nodes at the server's service; what arrives besides answers is passed over."""

    def __init__(self, site: bench.Site) -> None:
        super().__init__(WRITER, site.port_of(WRITER), site.secret)
        self.socket.settimeout(PATIENCE)
        self.count = 0

    def ask(self, payload: str) -> int:
        """Sends a request and says when, in nanoseconds."""
        self.count += 1
        request = (
            f"<iq type='set' id='c{self.count}' from='client@{WRITER}/bench' to='{OWN}'>"
            f"<pubsub xmlns='{PUBSUB}'>{payload}</pubsub></iq>"
        )
        began = time.monotonic_ns()
        self.write(request)
        return began

    def hear(self) -> None:
        """Waits for the answer to the last request."""
        self.until(rb"<iq[^>]*\sid=['\"]c%d['\"]" % self.count)
        heard = self.until(rb"/>|</iq>").decode()
        if "<error" in heard:
            raise BenchError(f"{OWN} refuses: {heard[:300]}")

    def make_node(self, name: str) -> None:
        """Makes a node that differs in nothing that matters from those Broadsheet makes."""
        fields = {
            "access_model": "open",
            "persist_items": "1",
            "deliver_payloads": "1",
            "notification_type": "normal",
            "send_last_published_item": "never",
        }
        form = "".join(
            f"<field var='pubsub#{name}'><value>{value}</value></field>"
            for name, value in fields.items()
        )
        self.ask(
            f"<create node='{name}'/><configure><x xmlns='jabber:x:data' type='submit'>"
            f"<field var='FORM_TYPE'><value>{PUBSUB}#node_config</value></field>{form}</x></configure>"
        )
        self.hear()


class Modes:
    """One server, and all ways through it."""

    def __init__(self, server: object, binaries: Path, folder: Path) -> None:
        tool = binaries / "bench-stream"
        self.server = server
        self.site = bench.Site.through(server, tool)
        self.sink: Tool = self.site.sink
        self.program = TwoNewsletters(binaries / "broadsheet", folder / "broadsheet", self.site)
        self.many: ManyAtOnce | None = None
        if isinstance(server, ModesEjabberd):
            self.many = ManyAtOnce(binaries / "broadsheet", folder / "many", self.site)
        self.client = Client(self.site)
        self.folder = folder
        self.known = 0
        """How many readers each node has."""
        self.payload, self.stanzas, self.bytes_each = "", "", 0

    def end(self) -> None:
        self.program.process.stop()
        if self.many:
            self.many.process.stop()
        self.client.close()
        self.sink.end()

    def begin(self) -> None:
        self.program.start()
        self.until("Broadsheet answers", lambda: self.answers("ping", DOMAIN, NODE))
        self.until("the engine has its node", lambda: self.answers("fetch", OWN, ENGINE_NODE))
        if self.many:
            self.sink.ask(f"name {MULTICAST}", "named")
            self.many.start()
            self.until("the other Broadsheet answers", lambda: self.answers("ping", MANY, NODE))
        self.client.make_node(OWN_NODE)

    def until(self, what: str, is_so: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > deadline:
                raise BenchError(f"waited in vain until {what}")
            time.sleep(0.1)

    def answers(self, kind: str, target: str, node: str) -> bool:
        _, errors, _ = self.sink.ask(f"request {kind} 1 1 {target} {CROWD} {node} 0", "answered")
        return errors == "0"

    def subscribe(self, count: int) -> None:
        """Lets there be so many readers at each of the nodes."""
        places = [(DOMAIN, NODE), (OWN, ENGINE_NODE), (OWN, OWN_NODE)]
        if self.many:
            places.append((MANY, NODE))
        for target, node in places:
            order = f"request subscribe {count - self.known} {PIPELINE} {target} {CROWD} {node}"
            _, errors, _ = self.sink.ask(f"{order} {self.known}", "answered")
            if errors != "0":
                raise BenchError(f"{errors} of {count} may not subscribe to {node} at {target}")
        self.known = count

    # The ways

    def local(self, issue: str) -> int:
        return self.program.command("publish", f"bench/{issue}")

    def xep_0033(self, issue: str) -> int:
        shutil.copy(self.program.issues / f"{issue}.md", self.many.issues)
        return self.many.command("publish", f"bench/{issue}")

    def engine(self, issue: str) -> int:
        return self.program.command("publish", f"engine/{issue}")

    def own(self, issue: str) -> int:
        return self.client.ask(
            f"<publish node='{OWN_NODE}'><item id='{issue}'>{self.payload}</item></publish>"
        )

    def writer(self, _: str) -> int:
        """The stanzas are those of the sample."""
        began = time.monotonic_ns()
        self.client.write(self.stanzas)
        return began

    def prepare(self, size: int) -> None:
        """Takes payload and message from Broadsheet's own, so that all send the same bytes."""
        self.sink.ask("sample", "sampling")
        self.run(self.local, self.program.write_issue(size))
        path = self.folder / "sample.xml"
        self.sink.ask(f"save {path}", "saved")
        sample = path.read_text()
        self.bytes_each = len(sample)
        self.payload = re.search(r"<item [^>]*>(.*)</item>", sample, re.S)[1]
        self.stanzas = "".join(
            self.multicast_stanza(sample, range(start, min(start + MOST_ADDRESSES, self.known)))
            for start in range(0, self.known, MOST_ADDRESSES)
        )

    def multicast_stanza(self, sample: str, readers: range) -> str:
        """The message to all of them, of whom none sees the others (`bcc`)."""
        tag, rest = re.match(r"(<message[^>]*)(>.*)</message>", sample, re.S).groups()
        tag = re.sub(r" (from|to|id)=('[^']*'|\"[^\"]*\")", "", tag)
        addresses = "".join(f"<address type='bcc' jid='r{each}@{CROWD}'/>" for each in readers)
        return (
            f"{tag} from='{WRITER}' to='{MULTICAST}' id='m{readers.start}'{rest}"
            f"<addresses xmlns='http://jabber.org/protocol/address'>{addresses}</addresses></message>"
        )

    def run(self, way: Callable[[str], int], issue: str) -> tuple[float, float]:
        """From publishing to the first and to the last reader, in nanoseconds."""
        self.sink.ask(f"count {self.known}", "counting")
        began = way(issue)
        _, _, first, last = (int(each) for each in self.sink.hear("delivered", PATIENCE))
        if way == self.own:
            self.client.hear()
        # What is stored behind the last reader belongs to nobody else's time.
        self.until("the engine is done", lambda: self.program.waiting() == 0)
        time.sleep(0.3)
        if way == self.xep_0033:
            self.many.check()
        return first - began, last - began

    def measure(self, readers: int, size: int, rounds: int) -> None:
        ways = {"local": self.local, "engine": self.engine, "own": self.own}
        if self.many:
            ways |= {"xep-0033": self.xep_0033, "writer": self.writer}
        self.prepare(size)
        results: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for number in range(rounds + 1):
            # There and back: what follows a large delivery finds the server busy with what it left.
            turns = list(ways.items())
            for name, way in turns if number % 2 else reversed(turns):
                result = self.run(way, self.program.write_issue(size))
                # The first round warms all up.
                if number > 0:
                    results[name].append(result)
        self.show(f"{readers:,} readers, {self.bytes_each:,} bytes each", readers, results)

    def show(
        self, title: str, readers: int, results: dict[str, list[tuple[float, float]]]
    ) -> None:
        table = bench.Table()
        table.head(f"{self.server.name}: {title}", "first", "last", "a second", "to own", "to local")
        lasts = {name: [last for _, last in rows] for name, rows in results.items()}
        for name, rows in results.items():
            last = statistics.median(lasts[name])
            table.line(
                name,
                bench.milliseconds(statistics.median(first for first, _ in rows)),
                bench.milliseconds(last),
                bench.many(readers / (last / 1e9)),
                *(
                    bench.ratio(list(zip(lasts[other], lasts[name])))
                    for other in ("own", "local")
                ),
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binaries", type=Path, help="the folder with what was built for release")
    servers = {"ejabberd": ModesEjabberd, "Prosody": ModesProsody}
    parser.add_argument("--server", nargs="+", choices=servers, default=list(servers))
    parser.add_argument("--readers", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--bytes", type=int, nargs="+", default=[1000, 15_000])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-modes-"))
    try:
        print(NOTE)
        for name in options.server:
            place = bench.new_folder(folder / name)
            with servers[name](folder=bench.new_folder(place / "server")) as server:
                modes = Modes(server, options.binaries.resolve(), place)
                try:
                    modes.begin()
                    for readers in sorted(options.readers):
                        modes.subscribe(readers)
                        for size in options.bytes:
                            if size < LARGE or readers <= MOST_LARGE.get(name, readers):
                                modes.measure(readers, size, options.rounds)
                finally:
                    modes.end()
    except (BenchError, ServerError, OSError) as problem:
        print(f"bench-modes: {problem}\nLogs: {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    sys.exit(main())
