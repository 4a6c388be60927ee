#!/usr/bin/python3
"""Breaks things at random moments of deliveries, and counts what readers get.

    torture.py BINARY [--server prosody|ejabberd|both] [--points N] [--readers N] [--seed N]

Each point publishes an issue, or corrects or retracts one, waits until a random share of the readers
has it, breaks one thing, mends it, and waits for the end. Every reader must have it, and all copies to a
reader the same id, and the database be sound. After faults of Broadsheet, its disk, its clock or the
connection, and after a second component of our domain, at most a window is sent again for each stream that
ended; after the death of a server that and what was sent within `rewind` before it. What a killed server had
read and lost beyond that is counted and printed; it must lie before the place one went back to. In every
other round of faults deliveries have a pace. The same seed makes the same choices.
"""

import argparse
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

# First, since it says where the servers are.
from world import World, Wrong, wait  # noqa: E402
from faults import FAULTS, fill_disk, restart_server, step_clock  # noqa: E402
from installation import BATCH, REWIND, SERVERS, WINDOW  # noqa: E402

# A server tells its age in whole seconds, and Broadsheet allows for two more: before that, one that
# still runs can't be told from one that has just died, and is written to again.
SERVER_OF_AGE = 4
# Seconds: places to go back to are noted once a second, the last one and the one that is gone back to;
# the third is for the readers, who hear of what was confirmed a little later.
SLACK = 3
# Seconds after which nothing more is on its way, if nothing has come.
QUIET = 5
# At the first a fault comes in the middle of a window, at the second `rewind` is less than all.
PACES = [0, 1500]
DEEDS = ["publish", "publish", "publish", "correct", "retract"]
# Without it readers in chats hear nothing of a correction.
NOTE = "It was a brig."
GOING_BACK = re.compile(r"Going back in a delivery.* item=(\S+) sent=(\d+)")


def point(world: World, fault, chance: random.Random) -> tuple[str, int]:
    """One fault in one delivery; what to print, and how many were lost with a server."""
    size = chance.choice([1000, 1000, 4000])
    share = chance.random()
    deed = chance.choice(DEEDS)
    issue = world.program.write_issue(size)
    time.sleep(max(0, world.server_started + SERVER_OF_AGE - time.monotonic()))
    if deed != "publish":
        publish_in_peace(world, issue)
    world.program.say(deed, issue, *([NOTE] if deed == "correct" else []))
    wait(lambda: world.crowd.reached(issue) >= share * world.readers, "the delivery to get so far")
    at = world.crowd.reached(issue)
    mark = len(world.program.process.log_text())
    broken = time.monotonic()
    dead = fault(world, chance)
    wait(world.program.is_idle, "the end of the delivery")
    before = list(world.crowd.copies[issue].values())
    if dead and sum(broken - 1 < each[0][0] <= broken for each in before) > WINDOW * BATCH:
        # Where all was written it seems to be idle until it has asked the server since when that runs; and
        # a server that says that it ends has read all.
        words = "what the server had read just before to be taken back"
        wait(lambda: is_settled(world.program.log_since(mark), issue), words)
        wait(world.program.is_idle, "the end of the delivery")

    world.check_database()
    copies = world.crowd.settles(issue, world.readers, QUIET)
    missing = copies.missing(world.readers)
    if copies.strange:
        raise Wrong(f"copies with different ids went to readers {copies.strange[:5]}")
    log = world.program.log_since(mark)
    # A server that is slow enough seems to be dead as well.
    streams = max(1, log.count("Stream ended: "))
    limit = streams * WINDOW * BATCH
    if dead:
        limit += sum(broken - REWIND - SLACK < each[0][0] <= dead for each in copies.values())
    if copies.again > limit:
        raise Wrong(f"{copies.again} were sent again, and the limit is {limit}")
    kept = place(log, issue)
    check_lost(fault, missing, kept or 0)
    words = f"{deed:<7} at {at:>5}: {copies.again:>4} again of at most {limit}"
    return words + (f", {len(missing)} lost with the server" if missing else ""), len(missing)


def publish_in_peace(world: World, issue: str) -> None:
    """So that the issue can be corrected or taken back; longer ago than anything goes back to."""
    world.program.say("publish", issue)
    wait(lambda: world.crowd.reached(issue) == world.readers, "all to have the issue")
    wait(world.program.is_idle, "the end of the delivery")
    time.sleep(REWIND + SLACK)
    world.crowd.copies.pop(issue)
    world.program.change_issue(issue)


def is_settled(log: str, issue: str) -> bool:
    """Whether the delivery went back, or had no reason to."""
    return "Stream ended: clean=true" in log or place(log, issue) is not None


def place(log: str, issue: str) -> int | None:
    """How many readers lie before the place that the delivery went back to, if it did."""
    return min((int(sent) for item, sent in GOING_BACK.findall(log) if item == issue), default=None)


def check_lost(fault, missing: set[int], kept: int) -> None:
    """Only a server that was killed loses anything, and only what it had read before `rewind`.

    Readers are written to in the order of their subscriptions, which is that of their numbers.
    """
    if missing and fault is restart_server:
        raise Wrong(f"{len(missing)} were lost with a server that ended in order")
    if later := sorted(reader for reader in missing if reader >= kept):
        raise Wrong(f"{len(later)} never got it, though all from {kept} on should: {later[:5]}")


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
                world.set_pace(PACES[(number - 1) // len(faults) % len(PACES)])
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
