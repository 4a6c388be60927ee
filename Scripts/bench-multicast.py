#!/usr/bin/python3
"""What XEP-0033 saves a component: one stanza for many addresses against one for each.

    bench-multicast.py [--readers COUNT] [--bytes SIZE ...] [--addresses COUNT ...] [--rounds COUNT]
                       [--broadsheet PROGRAM]

A private ejabberd with its multicast service; one component writes, another one, or logged-in
clients, read. It counts how many messages a second reach them. Each figure is the best of the rounds,
which take turns, since a busy machine only ever makes them smaller. Prosody 0.12 has no such service.

With the built program an issue goes to as many readers, of 50 clients, by two of it in turn: one with
`delivery.multicast`, one without. Times are from the command to the last message, each the median of the
rounds, and the ratio that of neighbours; nothing else is measured.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Support" / "Servers"))
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "Scripts"))

import bench  # noqa: E402
from ejabberd import MULTICAST, Ejabberd  # noqa: E402
from raw_stream import RawClient, RawComponent, RawStream  # noqa: E402
from xmpp_server import COMPONENT, CROWD, ECHO, HOST  # noqa: E402

ADDRESS = "http://jabber.org/protocol/address"
# More than the service takes by itself: 20 of a component, 100 of a local user.
MOST_ADDRESSES = 10_000
# Seconds that anything may take.
PATIENCE = 300
CLIENTS = 50
PASSWORD = "balcony-1597"
END = b"</message>"


# Raw streams: what is measured is the server, so nothing here reads XML.


def component(server: Ejabberd, jid: str) -> RawComponent:
    stream = RawComponent(jid, server.component_port, server.component_secret)
    stream.socket.settimeout(PATIENCE)
    return stream


def client(server: Ejabberd, name: str) -> RawClient:
    return RawClient(name, PASSWORD, HOST, server.client_port, PATIENCE)


class Count:
    """Messages that came in, over all streams that are read."""

    def __init__(self) -> None:
        self._total = 0
        self._changed = threading.Condition()

    def add(self, count: int) -> None:
        with self._changed:
            self._total += count
            self._changed.notify_all()

    def reaches(self, count: int) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._total >= count, PATIENCE):
                raise TimeoutError(f"{self._total} of {count} messages came")

    @property
    def total(self) -> int:
        return self._total


def read_all(stream: RawStream, count: Count) -> None:
    """Counts ends of messages until the stream ends; one may be cut in two by a read."""
    tail = b""
    while True:
        try:
            part = stream.socket.recv(1 << 20)
        except OSError:
            return
        if not part:
            return
        seen = tail + part
        if found := seen.count(END):
            count.add(found)
        tail = seen[-len(END) + 1 :]


def single(readers: list[str], body: str) -> bytes:
    return "".join(
        f"<message from='{COMPONENT}' to='{each}' type='headline'><body>{body}</body></message>"
        for each in readers
    ).encode()


def many(readers: list[str], body: str, size: int) -> bytes:
    """Stanzas for `size` addresses each; nobody sees those of the others (`bcc`)."""
    stanzas = []
    for start in range(0, len(readers), size):
        addresses = "".join(
            f"<address type='bcc' jid='{each}'/>" for each in readers[start : start + size]
        )
        stanzas.append(
            f"<message from='{COMPONENT}' to='{MULTICAST}' type='headline'><body>{body}</body>"
            f"<addresses xmlns='{ADDRESS}'>{addresses}</addresses></message>"
        )
    return "".join(stanzas).encode()


def rate(sender: RawStream, data: bytes, count: Count, messages: int) -> float:
    wanted = count.total + messages
    began = time.perf_counter()
    sender.socket.sendall(data)
    count.reaches(wanted)
    return messages / (time.perf_counter() - began)


def measure(
    sender: RawStream, count: Count, readers: list[str], options: argparse.Namespace, where: str
) -> None:
    for size in options.bytes:
        body = "x" * size
        ways: dict[str, Callable[[], bytes]] = {"one each": lambda: single(readers, body)}
        for addresses in options.addresses:
            ways[f"{addresses} in one"] = lambda addresses=addresses: many(readers, body, addresses)
        best = dict.fromkeys(ways, 0.0)
        for _ in range(options.rounds):
            for way, data in ways.items():
                best[way] = max(best[way], rate(sender, data(), count, len(readers)))
        for way, found in best.items():
            share = found / best["one each"]
            print(f"{where:<10} {size:>6} B  {way:<12} {found:>8.0f}/s  {share:>5.2f}", flush=True)


def subscribe(stream: RawClient, name: str, count: int, domain: str) -> None:
    """Lets one client have many subscriptions, by resources that are none: all come to it."""
    for number in range(count):
        stream.write(
            f"<iq type='set' id='s{number}' to='{domain}'>"
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
            f"<subscribe node='{bench.NODE}' jid='{name}@{HOST}/r{number}'/></pubsub></iq>"
        )
        if b"result" not in stream.until(rb"<iq[^>]*>"):
            raise bench.BenchError(f"{name} can't subscribe at {domain}: {stream.rest!r}")
        stream.until(rb"</iq>")


def installation(binary: Path, folder: Path, server: Ejabberd, domain: str, multicast: str) -> bench.Program:
    program = bench.Program(binary, folder, server.component_port, server.component_secret)
    path = folder / "broadsheet.yaml"
    settings = f"delivery: {{multicast: {multicast}, multicast_bytes: 1}}\nlog:\n"
    text = path.read_text().replace(f"jid: {bench.DOMAIN}", f"jid: {domain}")
    path.write_text(text.replace("languages: [en, de]", "languages: [en]").replace("log:\n", settings))
    program.start()
    return program


def measure_broadsheet(server: Ejabberd, options: argparse.Namespace, folder: Path) -> None:
    count = Count()
    streams = {name: client(server, name) for name in server.accounts}
    ways = {"singly": (ECHO, "off"), "20 in one": (COMPONENT, "auto")}
    programs = {}
    try:
        for way, (domain, multicast) in ways.items():
            place = folder / domain
            programs[way] = installation(options.broadsheet, place, server, domain, multicast)
            time.sleep(3)
            for name, stream in streams.items():
                subscribe(stream, name, options.readers // CLIENTS, domain)
        for stream in streams.values():
            watch(stream, count)
        for size in options.bytes:
            times: dict[str, list[float]] = {way: [] for way in ways}
            for number in range(options.rounds + 1):
                for way, program in programs.items():
                    issue = program.write_issue(size)
                    wanted = count.total + options.readers
                    began = program.command("publish", f"bench/{issue}")
                    count.reaches(wanted)
                    # The first round warms all up.
                    if number:
                        times[way].append((time.monotonic_ns() - began) / 1e9)
                    time.sleep(1)
            for way, found in times.items():
                ratio = statistics.median(a / b for a, b in zip(times["singly"], found))
                print(
                    f"Broadsheet {size:>6} B  {way:<12} {statistics.median(found) * 1000:>8.0f} ms"
                    f"  {options.readers / statistics.median(found):>8.0f}/s  {ratio:>5.2f}",
                    flush=True,
                )
    finally:
        for program in programs.values():
            program.process.stop()


def watch(stream: RawStream, count: Count) -> None:
    threading.Thread(target=read_all, args=(stream, count), daemon=True).start()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readers", type=int, default=5000, help="messages a measurement")
    parser.add_argument("--bytes", type=int, nargs="+", default=[1000, 15000], help="of a body")
    parser.add_argument("--addresses", type=int, nargs="+", default=[20, 100, 1000])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--broadsheet", type=Path, help="the program, built for release")
    options = parser.parse_args()
    accounts = {f"reader{number}": PASSWORD for number in range(CLIENTS)}
    settings = {"has_multicast": True, "most_addresses": MOST_ADDRESSES, "log_level": "warning"}
    with Ejabberd(accounts, **settings) as server:
        if options.broadsheet:
            folder = Path(tempfile.mkdtemp(prefix="broadsheet-multicast-"))
            measure_broadsheet(server, options, folder)
            shutil.rmtree(folder, ignore_errors=True)
            return 0
        sender = component(server, COMPONENT)
        crowd, people = Count(), Count()
        watch(component(server, CROWD), crowd)
        strangers = [f"reader{number}@{CROWD}" for number in range(options.readers)]
        measure(sender, crowd, strangers, options, "component")
        for name in accounts:
            watch(client(server, name), people)
        locals_ = [f"reader{number % CLIENTS}@{HOST}" for number in range(options.readers)]
        measure(sender, people, locals_, options, "clients")
    return 0


if __name__ == "__main__":
    sys.exit(main())
