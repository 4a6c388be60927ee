"""Each fault breaks something and mends it; it tells from when on a server was dead, if it was."""

import random
import re
import time
from collections.abc import Callable

from world import World, Wrong, wait

SILENCE = re.compile(r"Stream ended: .*(fell silent|does not read)")
STREAM_ERROR = re.compile(r"Stream ended: .*not-well-formed")


def kill_broadsheet(world: World, chance: random.Random) -> float | None:
    world.kill_program()
    world.program.start()
    return None


def stop_broadsheet(world: World, chance: random.Random) -> float | None:
    world.program.stop()
    world.program.start()
    return None


def kill_server(world: World, chance: random.Random) -> float | None:
    return end_server(world, world.server.kill9)


def restart_server(world: World, chance: random.Random) -> float | None:
    """Neither server is sure to tell a component that it ends, so that this may look like a death."""
    return end_server(world, world.server.stop)


def end_server(world: World, end: Callable[[], None]) -> float:
    world.proxy.close_door()
    end()
    dead = time.monotonic()
    world.proxy.cut()
    world.revive()
    return dead


def kill_both(world: World, chance: random.Random) -> float | None:
    world.kill_program()
    world.server.kill9()
    dead = time.monotonic()
    world.proxy.cut()
    world.revive()
    world.program.start()
    return dead


def half_open(world: World, chance: random.Random) -> float | None:
    """The server's machine loses its power, and is back before anybody notices."""
    mark = len(world.program.process.log_text())
    world.proxy.stall()
    time.sleep(chance.uniform(0.1, 1))
    world.proxy.close_door()
    world.server.kill9()
    dead = time.monotonic()
    world.proxy.abandon()
    world.revive()
    wait(lambda: SILENCE.search(world.program.log_since(mark)), "the stream to be given up")
    return dead


def cut(world: World, chance: random.Random) -> float | None:
    world.proxy.cut()
    return None


def stall(world: World, chance: random.Random) -> float | None:
    world.proxy.stall()
    time.sleep(chance.uniform(0.2, 2))
    if chance.random() < 0.5:
        world.proxy.cut()
    world.proxy.flow()
    return None


def stall_long(world: World, chance: random.Random) -> float | None:
    """Nothing passes until the stream is given up; the server, which lives, reads the rest of it later."""
    mark = len(world.program.process.log_text())
    world.proxy.stall()
    wait(lambda: SILENCE.search(world.program.log_since(mark)), "the stream to be given up")
    time.sleep(chance.uniform(0, 2))
    world.proxy.flow()
    return None


def break_stream(world: World, chance: random.Random) -> float | None:
    """What the server gets is no XML any more, so that it ends the stream with an error."""
    mark = len(world.program.process.log_text())
    world.proxy.garble()
    wait(lambda: STREAM_ERROR.search(world.program.log_since(mark)), "the error of the stream")
    return None


def replace(world: World, chance: random.Random) -> float | None:
    """A second component of our domain: Prosody, set so, ends our stream for it; ejabberd deals out
    between both what comes for us."""
    world.connect_twin(chance.uniform(0.2, 6))
    return None


def fill_disk(world: World, chance: random.Random) -> float | None:
    """Every other time Broadsheet dies as well, and starts where there is no room, which it bears."""
    world.program.disk.fill()
    time.sleep(chance.uniform(0.5, 2))
    if chance.random() < 0.5:
        world.kill_program()
        world.program.start()
        time.sleep(chance.uniform(0.5, 2))
        if not world.program.process.running:
            raise Wrong(f"it ended on a full disk: {world.program.process.log_text()[-400:]}")
    world.program.disk.clear()
    return None


def step_clock(world: World, chance: random.Random) -> float | None:
    world.program.step_clock(chance.choice([-86_400, -3600, -30, 0, 30, 3600, 86_400]))
    if chance.random() < 0.5:
        world.proxy.cut()
    return None


FAULTS = [
    kill_broadsheet, kill_server, cut, fill_disk, restart_server, stall, step_clock, kill_both,
    stop_broadsheet, half_open, stall_long, break_stream, replace,
]  # fmt: skip
