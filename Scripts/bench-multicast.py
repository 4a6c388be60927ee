#!/usr/bin/python3
"""What XEP-0033 saves a component: one stanza for many addresses against one for each.

    bench-multicast.py [--readers COUNT] [--bytes SIZE ...] [--addresses COUNT ...] [--rounds COUNT]

A private ejabberd with its multicast service; one component writes, another one, or logged-in
clients, read. It counts how many messages a second reach them. Each figure is the best of the rounds,
which take turns, since a busy machine only ever makes them smaller. Prosody 0.12 has no such service.
"""

import argparse
import base64
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Support" / "Servers"))
sys.dont_write_bytecode = True

from ejabberd import Ejabberd  # noqa: E402
from raw_stream import RawComponent, RawStream  # noqa: E402
from xmpp_server import COMPONENT, CROWD, HOST  # noqa: E402

MULTICAST = f"multicast.{HOST}"
ADDRESS = "http://jabber.org/protocol/address"
# More than the service takes by itself: 20 of a component, 100 of a local user.
MOST_ADDRESSES = 10_000
# Seconds that anything may take.
PATIENCE = 300
CLIENTS = 50
PASSWORD = "balcony-1597"
END = b"</message>"


class MulticastEjabberd(Ejabberd):
    """With the multicast service of its host, and limits that leave room to measure."""

    def _write_configuration(self) -> None:
        super()._write_configuration()
        path = self.folder / "ejabberd.yml"
        settings = json.loads(path.read_text())
        limits = {"message": MOST_ADDRESSES}
        settings["modules"]["mod_multicast"] = {
            "host": MULTICAST,
            "limits": {"local": limits, "remote": limits},
        }
        path.write_text(json.dumps(settings, indent=2) + "\n")


# Raw streams: what is measured is the server, so nothing here reads XML.


def component(server: Ejabberd, jid: str) -> RawComponent:
    stream = RawComponent(jid, server.component_port, server.component_secret)
    stream.socket.settimeout(PATIENCE)
    return stream


def client(server: Ejabberd, name: str) -> RawStream:
    opening = (
        "<stream:stream xmlns='jabber:client' version='1.0'"
        f" xmlns:stream='http://etherx.jabber.org/streams' to='{HOST}'>"
    )
    stream = RawStream(server.client_port, PATIENCE)
    stream.write(opening)
    stream.until(b"</stream:features>")
    secret = base64.b64encode(f"\0{name}\0{PASSWORD}".encode()).decode()
    sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
    stream.write(f"<auth xmlns='{sasl}' mechanism='PLAIN'>{secret}</auth>")
    stream.until(b"<success[^>]*>")
    stream.write(opening)
    stream.until(b"</stream:features>")
    bind = "urn:ietf:params:xml:ns:xmpp-bind"
    stream.write(f"<iq type='set' id='b'><bind xmlns='{bind}'/></iq>")
    stream.until(b"</iq>")
    stream.write("<presence/>")
    stream.until(b"<presence")
    return stream


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


def watch(stream: RawStream, count: Count) -> None:
    threading.Thread(target=read_all, args=(stream, count), daemon=True).start()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readers", type=int, default=5000, help="messages a measurement")
    parser.add_argument("--bytes", type=int, nargs="+", default=[1000, 15000], help="of a body")
    parser.add_argument("--addresses", type=int, nargs="+", default=[20, 100, 1000])
    parser.add_argument("--rounds", type=int, default=6)
    options = parser.parse_args()
    accounts = {f"reader{number}": PASSWORD for number in range(CLIENTS)}
    with MulticastEjabberd(accounts, log_level="warning") as server:
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
