#!/usr/bin/python3
"""Looks at the page that `broadsheet report` writes, in a real Chromium: two widths, light and dark.

    report.py BROADSHEET

The database is made by the program itself and filled with a made-up year. Screenshots are kept in
.build/site-report. Without a Chromium it says so and ends with 0; SITE_REQUIRED=1 makes that an error.
"""

import math
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from browser import Browser
from run import AUDIT, ROOT, serve

SHOTS = ROOT / ".build/site-report"
PATIENCE = 60
DAY = 86_400
CONFIGURATION = """
component:
  jid: news.verona.example
  server: 127.0.0.1:9
  secret_file: secret
newsletters:
  dispatch:
    title: The Verona Dispatch & Friends
    issues: .
    languages: [en, de, fr]
"""


def make_database(program: str, folder: Path):
    """Lets the program make its tables; there is no server it could reach."""
    (folder / "broadsheet.yaml").write_text(CONFIGURATION)
    (folder / "secret").write_text("secret\n")
    (folder / "secret").chmod(0o600)
    service = subprocess.Popen(
        [program, "run", "--config", folder / "broadsheet.yaml"], stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + PATIENCE
        while not (folder / "control.sock").exists():
            if time.monotonic() > end or service.poll() is not None:
                raise RuntimeError("broadsheet run made no control socket")
            time.sleep(0.1)
    finally:
        service.terminate()
        service.wait(PATIENCE)


def fill(path: Path, now: float):
    """Three nodes over a year, and a dozen deliveries of all kinds."""
    chance = random.Random(1597)
    database = sqlite3.connect(path)
    nodes = [row[0] for row in database.execute("SELECT id FROM node ORDER BY name")]
    today = int(now // DAY)
    for place, node in enumerate(nodes):
        readers = [400, 24_000, 3_000][place]
        for day in range(today - 365, today + 1):
            readers = max(0, readers + chance.randint(-readers // 80, readers // 60 + 1))
            database.execute("INSERT INTO readerDay VALUES (?, ?, ?)", (node, day, readers))
    for number in range(12):
        node, total = nodes[number % 3], [412, 25_310, 3_120][number % 3]
        start = now - (12 - number) * 30 * DAY
        state, length = ("running", None) if number == 11 else ("finished", total / 5_000 + 1)
        sent = total // 3 if length is None else total
        database.execute(
            "INSERT INTO fanOut (id, key, node, scope, itemName, audience, cursor, lastSubscription,"
            " state, total, sent, createdAt, finishedAt) VALUES"
            " (?, ?, ?, 'item', ?, 'all', 0, 0, ?, ?, ?, ?, ?)",
            (number + 1, os.urandom(22), node, f"2026-{number + 1:02}-05-dispatch", state, total, sent,
             start, length and start + length),
        )
        for point in range(1, 41):
            part = point / 40
            database.execute(
                "INSERT INTO deliveryPoint VALUES (?, ?, ?)",
                (number + 1, start + part * (length or 2), int(sent * math.sin(part * math.pi / 2))),
            )
    lost = [("gone", 41), ("remote-server-timeout", 17), ("item-not-found", 3)]
    reasons = [condition for condition, count in lost for _ in range(count)]
    for number, condition in enumerate(reasons):
        database.execute(
            "INSERT INTO deliveryException (fanOut, subscription, jid, kind, attempts, condition,"
            " recordedAt) VALUES (10, ?, ?, 'failed', 1, ?, ?)",
            (number + 1, f"reader{number}@verona.example", condition, now),
        )
    database.commit()
    database.close()


def look(browser: Browser, address: str, problems: list[str]):
    for width in (360, 1280):
        for dark in (False, True):
            browser.view(width, dark)
            browser.open(address)
            where = f"at {width}{', dark' if dark else ''}"
            problems += [f"{where}: {each}" for each in browser.evaluate(AUDIT)]
            problems += [f"{where}: {each}" for each in browser.complaints()]
            check(browser, where, problems)
            browser.call("Emulation.setDeviceMetricsOverride", width=width, height=2600,
                         deviceScaleFactor=1, mobile=width < 600)  # fmt: skip
            browser.shoot(SHOTS / f"report-{width}{'-dark' if dark else ''}.png")


def check(browser: Browser, where: str, problems: list[str]):
    for what, script in {
        "three nodes have a line": "document.querySelectorAll('svg')[0].querySelectorAll('path').length === 3",
        "lines differ in colour": "new Set([...document.querySelectorAll('svg')[0]"
        ".querySelectorAll('path')].map((path) => getComputedStyle(path).stroke)).size === 3",
        "six deliveries have a curve": "document.querySelectorAll('figure path').length === 6",
        "no line leaves its chart": "[...document.querySelectorAll('path')].every((path) => {"
        " const own = path.getBoundingClientRect(),"
        " all = path.ownerSVGElement.getBoundingClientRect();"
        " return own.left >= all.left && own.right <= all.right + 1"
        " && own.top >= all.top && own.bottom <= all.bottom + 1; })",
        "no label is cut off": "[...document.querySelectorAll('svg text')].every((text) => {"
        " const own = text.getBoundingClientRect(),"
        " all = text.ownerSVGElement.getBoundingClientRect();"
        " return own.left >= all.left && own.right <= all.right; })",
        "no label lies on another": "[...document.querySelectorAll('svg')].every((svg) => {"
        " const boxes = [...svg.querySelectorAll('text')].map((t) => t.getBoundingClientRect());"
        " return boxes.every((a, i) => boxes.every((b, j) => i >= j || a.right <= b.left"
        " || b.right <= a.left || a.bottom <= b.top + 2 || b.bottom <= a.top + 2)); })",
        "three reasons have a bar": "document.querySelectorAll('.bar').length === 3",
        "every delivery is in the table": "document.querySelectorAll('tr').length === 13",
        "the page is no wider than the screen": "document.documentElement.scrollWidth <= innerWidth",
        "the title is a title": "document.querySelector('h1').textContent"
        " === 'The Verona Dispatch & Friends'",
    }.items():
        if not browser.evaluate(script):
            problems.append(f"{where}: it is not so that {what}")


def main(arguments: list[str]) -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("report: SKIPPED, there is no chromium (make test-site installs it)")
        return 1 if os.environ.get("SITE_REQUIRED") else 0
    program = str(Path(arguments[0]).resolve())
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir(parents=True)
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="report-") as temporary:
        folder = Path(temporary)
        make_database(program, folder)
        fill(folder / "broadsheet.sqlite", time.time())
        out = folder / "out"
        out.mkdir()
        command = [program, "report", "--config", folder / "broadsheet.yaml", out / "report.html"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        server = serve(out)
        with Browser(chromium) as browser:
            look(browser, f"http://127.0.0.1:{server.server_port}/report.html", problems)
        server.shutdown()
    for problem in problems:
        print(f"report: {problem}")
    print(f"report: {len(problems)} problems, screenshots in {SHOTS}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
