#!/usr/bin/python3
"""A real two-node ejabberd cluster: what is kept, and lost, when a node dies.

    run.py [BROADSHEET] [--items COUNT] [--readers COUNT] [--rounds COUNT] [--seed NUMBER]

Each round publishes through the first node, kills it in the middle, and goes on through the second.
Items have to be stored once each, in order. Events that were lost are counted and told, since the
engine gives no acknowledgement for them; whoever logs in again gets the newest item once more, which
is told as well, and no fault (`pubsub#send_last_published_item`). With the built program each round
delivers to readers of its own too, each of whom has to get the issue, and publishes with the
cluster's PubSub as its engine, while a node dies again and again. The last line says how many checks
passed and failed.
"""

import argparse
import asyncio
import logging
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Support" / "Servers"))
# What `make torture` breaks things with.
sys.path.append(str(HERE.parent / "Torture"))
sys.dont_write_bytecode = True

from deliveries import Deliveries  # noqa: E402
from ejabberd_cluster import Cluster  # noqa: E402
from engine import AtTheEngine  # noqa: E402
from people import Person  # noqa: E402
from press import Client, Component, Outcome, Press  # noqa: E402
from xmpp_server import ECHO, FEEDS  # noqa: E402

PASSWORDS = {"benvolio": "rapier-1597", "juliet": "balcony-1597", "nurse": "errand-1597"}

# Seconds after which a node dies at the latest, once an item is on its way; an answer takes less.
LONGEST_DELAY = 0.006
# The same of an issue that Broadsheet is told to publish.
LONGEST_ORDER = 0.04
ISSUE_SIZE = 4000


def say(text: str) -> None:
    print(text, flush=True)


class Reader:
    """A subscriber who counts events; who loses the connection comes back at the node that is left."""

    def __init__(self, name: str) -> None:
        self.person = Person(name, PASSWORDS[name], 0)

    async def at(self, port: int) -> None:
        self.person.port = port
        await self.person.login()

    def events(self, node: str) -> list[str]:
        return [
            each.id for heard in self.person.heard if heard.node == node for each in heard.items
        ]


def report(reader: Reader, where: str, node: str, items: list[str], doubted: str) -> None:
    seen = reader.events(node)
    lost = [each for each in items if each not in seen]
    twice = sorted({each for each in seen if seen.count(each) > 1})
    marked = {"lost": lost, "twice": twice}
    more = [
        f"{what}: {', '.join(f'{each} (in doubt)' if each == doubted else each for each in found)}"
        for what, found in marked.items()
        if found
    ]
    counts = f"{len(items) - len(lost)} of {len(items)} events"
    say("      " + "; ".join([f"reader at the node that {where}: {counts}", *more]))


async def stored(reader: Reader, node: str) -> list[str]:
    """The ids of all items, oldest first, as ejabberd gives them."""
    return [each.id for each in await reader.person.items(FEEDS, node)]


async def survives_a_node(press: Press, count: int, delay: float) -> None:
    """Items are there once each, in order, though a node died in the middle.

    `delay` is how many seconds that is after an item was sent.
    """
    with Cluster(PASSWORDS, has_feeds=True, log_level="info") as cluster:
        first, second = cluster.nodes
        lost, kept = Reader("juliet"), Reader("nurse")
        await lost.at(first.client_port)
        await kept.at(second.client_port)
        await press.through(first)
        node = "dispatch-en"
        # With room: an item that was half stored may count twice, and push out the oldest.
        await press.create(node, 2 * count)
        for each in (lost, kept):
            await each.person.subscribe(FEEDS, node)

        items = [f"2026-{number:04}" for number in range(1, count + 1)]
        half = count // 2
        for item in items[:half]:
            await press.publish(node, item)
        # The next one is on its way when the node dies, so that nobody knows whether it is stored.
        doubted = asyncio.ensure_future(press.publish_once(node, items[half], second))
        await asyncio.sleep(delay)
        first.kill9()
        began = time.monotonic()
        outcome = await doubted
        took = time.monotonic() - began
        say(f"      node dead {delay * 1000:.1f} ms after {items[half]}, which {outcome.value}")
        say(f"      went on after {took:.1f} s")
        if outcome is Outcome.ANSWERED:
            await press.leave()
            await press.through(second)
        await lost.at(second.client_port)
        for item in items[half + 1 :]:
            await press.publish(node, item)

        # Both are there by now, and events of one node come in order.
        for each in (lost, kept):
            await each.person.event(node, items[-1])
        report(kept, "lives", node, items, items[half])
        report(lost, "died", node, items, items[half])
        there = await stored(kept, node)
        if there != items:
            raise AssertionError(f"stored: {there}")

        first.start()
        await lost.person.logout()
        await lost.at(first.client_port)
        if await stored(lost, node) != items:
            raise AssertionError("the node that came back has other items")
        await press.publish(node, items[-1])
        await kept.person.wait_for(
            "an event after the node came back",
            lambda heard: heard.node == node and kept.events(node).count(items[-1]) == 2,
        )
        for each in (lost, kept):
            await each.person.logout()
        await press.leave()


async def reaches_all(binary: Path, readers: int, share: float) -> None:
    """Everybody gets an issue, though the node that it goes through dies at this share of them."""
    with Cluster({}, log_level="info") as cluster, Deliveries(binary, cluster, readers) as there:
        say(f"      {there.survive(share, ISSUE_SIZE)}")


async def keeps_its_engine(binary: Path, chats: int, moments: list[tuple[float, bool]]) -> None:
    """With the cluster's PubSub as its engine, items are there once each, and chats have all."""
    with Cluster(PASSWORDS, has_feeds=True, log_level="info") as cluster:
        lost, kept = (Person(name, PASSWORDS[name], 0) for name in ("juliet", "nurse"))
        async with AtTheEngine(binary, cluster, lost, kept, chats) as there:
            for delay, is_sent in moments:
                said = await there.survive(delay, is_sent)
                say(f"      {delay * 1000:.1f} ms after {'its item' if is_sent else 'the order'}: {said}")


async def a_component_at_both_nodes_is_reached(count: int) -> None:
    """A component connected to both nodes is answered for, by whichever lives."""
    with Cluster(PASSWORDS, has_feeds=True, log_level="info") as cluster:
        first, second = cluster.nodes
        connections = [Component(ECHO), Component(ECHO)]
        for connection, node in zip(connections, cluster.nodes):
            await connection.through(node)
        asked = Reader("nurse")
        await asked.at(second.client_port)
        for _ in range(count):
            await asked.person.catch_up(ECHO)
        first.kill9()
        for _ in range(count):
            await asked.person.catch_up(ECHO)
        say(f"      {2 * count} questions, each answered")
        await asked.person.logout()
        for each in connections:
            await each.leave()


def checks(options: argparse.Namespace) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
    random = Random(options.seed)
    count = options.items
    for _ in range(options.rounds):
        for press in (Client("benvolio", PASSWORDS["benvolio"]), Component()):
            delay = random.uniform(0, LONGEST_DELAY)
            yield (
                f"items that {press.name} publishes survive a node",
                partial(survives_a_node, press, count, delay),
            )
        if options.binary:
            check = partial(reaches_all, options.binary, options.readers, random.uniform(0, 0.9))
            yield "issues reach all readers though a node dies", check
            moments = [
                (random.uniform(0, LONGEST_DELAY if is_sent else LONGEST_ORDER), is_sent)
                for is_sent in (True, False) * (options.deaths // 2)
            ]
            check = partial(keeps_its_engine, options.binary, options.chats, moments)
            yield "an engine gets all items once though a node dies", check
    name = "a component at both nodes is reached"
    yield name, partial(a_component_at_both_nodes_is_reached, count)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "binary", nargs="?", type=lambda path: Path(path).resolve(), help="the built broadsheet"
    )
    parser.add_argument("--readers", type=int, default=5000, help="of the program's own")
    parser.add_argument("--chats", type=int, default=200, help="readers in a chat beside an engine")
    parser.add_argument("--deaths", type=int, default=4, help="of a node in each round with an engine")
    parser.add_argument("--only", default="", help="checks whose name contains this")
    parser.add_argument("--items", type=int, default=40, help="how many are published")
    parser.add_argument("--rounds", type=int, default=1, help="how often")
    parser.add_argument("--seed", type=int, default=1597, help="of the moments at which nodes die")
    options = parser.parse_args()
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    passed = failed = 0
    for name, check in checks(options):
        if options.only not in name:
            continue
        began = time.monotonic()
        try:
            asyncio.run(check())
        except Exception:
            failed += 1
            traceback.print_exc()
            say(f"  ✘ {name} ({time.monotonic() - began:.0f} s)")
        else:
            passed += 1
            say(f"  ✔ {name} ({time.monotonic() - began:.0f} s)")
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
