#!/usr/bin/python3
"""Breaks things at random moments of deliveries, and counts what readers get.

    torture.py BINARY [--server prosody|ejabberd|both] [--points N] [--readers N] [--seed N]

Each point publishes an issue, waits until a random share of the readers has it, breaks one thing,
mends it, and waits for the end. Every reader must have the issue, and all copies to a reader the same
id. After faults of Broadsheet, its disk, its clock or the connection at most a window is sent again;
after the death of a server a window and what was sent within `rewind` before it. What a killed server
had read and lost beyond that is counted and printed. The same seed makes the same choices.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Support" / "Servers"))
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from crowd import Crowd  # noqa: E402
from installation import BATCH, COMPONENT, CROWD, NODE, REWIND, SERVERS, WINDOW, Installation  # noqa: E402
from proxy import Proxy  # noqa: E402

PATIENCE = 120
# A server tells its age in whole seconds, and Broadsheet allows for two more: before that, one that
# still runs can't be told from one that has just died, and is written to again.
SERVER_OF_AGE = 4


class Wrong(Exception):
    """Something that must not happen did."""


class World:
    def __init__(self, make: type, binary: Path, folder: Path, readers: int) -> None:
        self.readers = readers
        place = folder / make.name.lower()
        place.mkdir(parents=True)
        self.server = make({}, {}, place).start()
        self.server_started = time.monotonic()
        self.proxy = Proxy(self.server.component_port)
        self.crowd = Crowd(CROWD, self.server.crowd_port, self.server.component_secret)
        self.program = Installation(
            binary, folder / "broadsheet", self.proxy.port, self.server.component_secret
        )
        self.program.start()
        wait(lambda: self.crowd.online.is_set() and self.program.is_idle(), "all to be connected")
        self.crowd.subscribe(readers, COMPONENT, NODE)

    def end(self) -> None:
        self.crowd.end()
        self.program.process.kill9()
        self.server.kill9()
        self.proxy.end()
        self.program.disk.end()


def wait(condition, what: str, within: float = PATIENCE) -> None:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise Wrong(f"waited {within:g} s in vain for {what}")
        # Seldom enough not to compete with what is measured.
        time.sleep(0.05)


# The faults: each breaks something and mends it; True if it was the death of a server.


def kill_broadsheet(world: World, chance: random.Random) -> bool:
    world.program.process.kill9()
    found = world.program.integrity()
    if found != "ok":
        raise Wrong(f"the database after kill -9: {found}")
    world.program.start()
    return False


def stop_broadsheet(world: World, chance: random.Random) -> bool:
    world.program.stop()
    world.program.start()
    return False


def revive(world: World) -> None:
    """The readers first, so that nobody is written to who is not there."""
    world.proxy.close_door()
    world.proxy.cut()
    world.crowd.online.clear()
    world.server.start()
    world.server_started = time.monotonic()
    wait(world.crowd.online.is_set, "the readers to come back")
    world.proxy.open_door()


def kill_server(world: World, chance: random.Random) -> bool:
    world.proxy.close_door()
    world.server.kill9()
    revive(world)
    return True


def restart_server(world: World, chance: random.Random) -> bool:
    world.proxy.close_door()
    world.server.stop()
    revive(world)
    return True


def kill_both(world: World, chance: random.Random) -> bool:
    world.program.process.kill9()
    world.server.kill9()
    revive(world)
    world.program.start()
    return True


def cut(world: World, chance: random.Random) -> bool:
    world.proxy.cut()
    return False


def stall(world: World, chance: random.Random) -> bool:
    world.proxy.stall()
    time.sleep(chance.uniform(0.2, 2))
    if chance.random() < 0.5:
        world.proxy.cut()
    world.proxy.flow()
    return False


def fill_disk(world: World, chance: random.Random) -> bool:
    world.program.disk.fill()
    time.sleep(chance.uniform(0.5, 2))
    world.program.disk.clear()
    return False


def step_clock(world: World, chance: random.Random) -> bool:
    world.program.step_clock(chance.choice([-86_400, -3600, -30, 0, 30, 3600, 86_400]))
    if chance.random() < 0.5:
        world.proxy.cut()
    return False


FAULTS = [
    kill_broadsheet, kill_server, cut, fill_disk, restart_server, stall, step_clock, kill_both,
    stop_broadsheet,
]  # fmt: skip


def point(world: World, fault, chance: random.Random) -> tuple[str, int]:
    """One fault in one delivery; what to print, and how many were lost with a server."""
    size = chance.choice([1000, 1000, 4000])
    share = chance.random()
    issue = world.program.write_issue(size)
    time.sleep(max(0, world.server_started + SERVER_OF_AGE - time.monotonic()))
    world.program.say("publish", issue)
    wait(lambda: world.crowd.reached(issue) >= share * world.readers, "the delivery to get so far")
    at = world.crowd.reached(issue)
    broken = time.monotonic()
    is_server = fault(world, chance)
    wait(world.program.is_idle, "the end of the delivery")
    wait_for_quiet(world, issue)

    copies = world.crowd.copies[issue]
    missing = world.readers - len(copies)
    again = sum(len(each) - 1 for each in copies.values())
    if strange := [r for r, each in copies.items() if len({id for _, id in each}) > 1]:
        raise Wrong(f"copies with different ids went to readers {strange[:5]}")
    if missing and not is_server:
        raise Wrong(f"{missing} readers never got {issue}")
    limit = WINDOW * BATCH
    if is_server:
        # One second for the places to go back to, which are noted once a second, and one of slack.
        limit += sum(each[0][0] > broken - REWIND - 2 for each in copies.values())
    if again > limit:
        raise Wrong(f"{again} were sent again, and the limit is {limit}")
    words = f"at {at:>5}: {again:>4} again of at most {limit}"
    return words + (f", {missing} lost with the server" if missing else ""), missing


def wait_for_quiet(world: World, issue: str) -> None:
    """Until all have it, or nothing more has come for a while."""
    count, since = -1, time.monotonic()
    while world.crowd.reached(issue) < world.readers and time.monotonic() - since < 5:
        if world.crowd.reached(issue) != count:
            count, since = world.crowd.reached(issue), time.monotonic()
        time.sleep(0.05)


def run(make: type, options: argparse.Namespace, points: int, folder: Path) -> int:
    chance = random.Random(f"{options.seed} {make.name}")
    world = World(make, options.binary, folder, options.readers)
    faults = [
        fault
        for fault in FAULTS
        if (fault is not fill_disk or world.program.disk.is_real)
        and (fault is not step_clock or world.program.can_step_clock)
        and (not options.only or fault.__name__ in options.only)
    ]
    for absent in [each.__name__ for each in FAULTS if each not in faults and not options.only]:
        print(f"  {absent}: not possible here (needs root, or a C compiler)")
    # Each fault comes about equally often, in an order of the seed's.
    rounds = points // len(faults) + 1
    order = [fault for _ in range(rounds) for fault in chance.sample(faults, len(faults))][:points]
    lost = 0
    try:
        for number, fault in enumerate(order, 1):
            began = time.monotonic()
            try:
                words, missing = point(world, fault, chance)
            except Wrong as wrong:
                raise Wrong(f"point {number}, {fault.__name__}: {wrong}") from None
            lost += missing
            took = time.monotonic() - began
            print(f"  {number:>3} {fault.__name__:<16} {words} ({took:.1f} s)", flush=True)
    finally:
        world.end()
    return lost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=Path, help="the built broadsheet")
    parser.add_argument("--server", choices=[*SERVERS, "both"], default="both")
    parser.add_argument("--points", type=int, default=200, help="in all, over both servers")
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    parser.add_argument("--only", action="append", default=[], help="only this fault, by its name")
    options = parser.parse_args()
    options.binary = options.binary.resolve()
    # So that a run that is ended takes its disk along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    names = list(SERVERS) if options.server == "both" else [options.server]
    print(f"{options.points} points, {options.readers} readers, --seed {options.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-torture-"))
    began = time.monotonic()
    lost = 0
    for index, name in enumerate(names):
        share = options.points // len(names) + (index < options.points % len(names))
        print(f"with {SERVERS[name].name}:")
        try:
            lost += run(SERVERS[name], options, share, folder / name)
        except (Wrong, TimeoutError, OSError, RuntimeError) as wrong:
            print(f"torture: {wrong}\nkept: {folder}", file=sys.stderr)
            return 1
    shutil.rmtree(folder, ignore_errors=True)
    print(f"nothing went wrong, {lost} messages lost with killed servers, "
          f"{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
