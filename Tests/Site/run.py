#!/usr/bin/python3
"""Looks at the web archive in a real Chromium: every page at two widths, light and dark.

    run.py BROADSHEET [ISSUES [IMAGES]]   the sample issues by default

Screenshots are kept in .build/site. Without a Chromium it says so and ends with 0;
SITE_REQUIRED=1 makes that an error.
"""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from browser import Browser

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SHOTS = ROOT / ".build/site"
AUDIT = (HERE / "audit.js").read_text(encoding="utf-8")

CONFIGURATION = """
component:
  jid: news.verona.example
  secret_file: secret
newsletters:
  dispatch:
    title: The Verona Dispatch
    issues: {issues}
    languages: [en, de, fr]
    web: {base}
    rights: CC BY-SA 4.0
    site:
      output: out
"""


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(folder: Path) -> http.server.ThreadingHTTPServer:
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=folder)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def build(program: str, folder: Path, base: str, issues: Path, images: str | None):
    (folder / "secret").write_text("secret\n")
    (folder / "secret").chmod(0o600)
    configuration = folder / "broadsheet.yaml"
    configuration.write_text(CONFIGURATION.format(issues=issues, base=base))
    command = [program, "site", "--config", str(configuration)]
    if images:
        command += ["--images", images]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        sys.exit(f"site: {done.stdout}{done.stderr}")
    print(f"site: {done.stdout.strip()}")


def choose(out: Path) -> list[str]:
    """All pages but issues, and of those the largest of each language."""
    pages = sorted(str(path.relative_to(out)) for path in out.rglob("*.html"))
    issues = [page for page in pages if page.split("/")[-4:-3] and is_issue(page)]
    largest = {}
    for page in issues:
        language = page.split("/")[0] if not page[0].isdigit() else ""
        size = (out / page).stat().st_size
        largest[language] = max(largest.get(language, (0, "")), (size, page))
    moved = [page for page in pages if b'http-equiv="refresh"' in (out / page).read_bytes()]
    others = [page for page in pages if page not in issues and page not in moved]
    return others + [page for _, page in largest.values()]


def is_issue(page: str) -> bool:
    return any(part.isdigit() and len(part) == 4 for part in page.split("/")[:2])


def look(browser: Browser, base: str, page: str, problems: list[str]):
    address = base + page.removesuffix("index.html")
    for width in (360, 1280):
        for dark in (False, True):
            browser.view(width, dark)
            browser.open(address)
            where = f"{page} at {width}{', dark' if dark else ''}"
            # Images below the fold are loaded once they are near.
            browser.evaluate(
                "Promise.all([...document.images].map((image) => {"
                " image.loading = 'eager'; return image.decode().catch(() => 0); }))"
            )
            problems += [f"{where}: {each}" for each in browser.evaluate(AUDIT)]
            problems += [f"{where}: {each}" for each in browser.complaints()]
            name = page.removesuffix("/index.html").replace("/", "-").removesuffix(".html")
            browser.shoot(SHOTS / f"{name}-{width}{'-dark' if dark else ''}.png")


def check_keyboard(browser: Browser, base: str, problems: list[str]):
    browser.view(1280, False)
    browser.open(base)
    for step in range(4):
        browser.press("Tab")
        seen = browser.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e),"
            " r = e.getBoundingClientRect();"
            " return [e.className, s.outlineStyle, parseFloat(s.outlineWidth), r.left >= 0]; })()"
        )
        if step == 0 and seen[0] != "skip":
            problems.append(f"the first stop is no skip link: {seen}")
        if seen[1] == "none" or seen[2] < 2 or not seen[3]:
            problems.append(f"stop {step + 1} can't be seen: {seen}")


def check_search(browser: Browser, base: str, word: str, problems: list[str]):
    browser.open(base + "search/?q=" + word)
    browser.evaluate("new Promise((done) => setTimeout(done, 500))")
    count = browser.evaluate("document.querySelectorAll('#results a').length")
    if not count:
        problems.append(f"the search does not find '{word}'")
    problems += browser.complaints()
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(base + "search/")
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
    hidden = browser.evaluate("!document.querySelector('form.search').checkVisibility()")
    register = browser.evaluate("document.getElementById('register').checkVisibility()")
    if not hidden or not register:
        problems.append("without a script a field is offered that does nothing, or no register")


def check_print(browser: Browser, base: str, page: str, problems: list[str]):
    """On paper there is the text in black, with its addresses, and nothing to press."""
    browser.view(794, True)
    # Also for those whose screen is dark.
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.call("Emulation.setEmulatedMedia", media="print", features=dark)
    browser.open(base + page.removesuffix("index.html"))
    for what, script in {
        "the text is shown": "document.querySelector('.issue .text').checkVisibility()",
        "there are no menus": "![...document.querySelectorAll('nav, .button, .skip')]"
        ".some((each) => each.checkVisibility())",
        "the text is black": "getComputedStyle(document.querySelector('.issue .text')).color"
        " === 'rgb(0, 0, 0)'",
        "addresses are written out": "[...document.querySelectorAll('.issue .text a')].every("
        "(link) => !link.getAttribute('href').startsWith('http')"
        " || getComputedStyle(link, '::after').content.includes('('))",
        "nothing is cut off": "document.documentElement.scrollWidth <= innerWidth",
    }.items():
        if not browser.evaluate(script):
            problems.append(f"{page} on paper: it is not so that {what}")
    browser.shoot(SHOTS / "print.png")
    browser.call("Emulation.setEmulatedMedia", media="")


def check_audit(browser: Browser, base: str, problems: list[str]):
    """The audit itself can fail."""
    browser.open(base)
    browser.evaluate(
        "document.body.insertAdjacentHTML('beforeend',"
        " '<h5 id=bad>x</h5><nav><a href=x>y</a></nav><img src=style.css>');"
        # Not as an attribute, which the page's policy does not let in.
        " Object.assign(document.getElementById('bad').style,"
        " {color: '#999', backgroundColor: '#fff', width: '3000px'})"
    )
    found = " ".join(browser.evaluate(AUDIT))
    for sign in ("wider than", "contrast", "h5 after", "without a name", "no alt"):
        if sign not in found:
            problems.append(f"the audit does not see: {sign}")


def main(arguments: list[str]) -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("site: SKIPPED, there is no chromium (make test-site installs it)")
        return 1 if os.environ.get("SITE_REQUIRED") else 0
    program = str(Path(arguments[0]).resolve())
    issues = Path(arguments[1] if len(arguments) > 1 else ROOT / "Tests/Samples/issues").resolve()
    images = arguments[2] if len(arguments) > 2 else None
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir(parents=True)
    problems = []
    with tempfile.TemporaryDirectory(prefix="site-") as temporary:
        folder = Path(temporary)
        out = folder / "out"
        out.mkdir()
        server = serve(out)
        base = f"http://127.0.0.1:{server.server_port}/"
        build(program, folder, base, issues, images)
        pages = choose(out)
        with Browser(chromium) as browser:
            for page in pages:
                look(browser, base, page, problems)
            check_keyboard(browser, base, problems)
            check_search(browser, base, "xmpp" if images else "verona", problems)
            check_print(browser, base, next(filter(is_issue, pages)), problems)
            check_audit(browser, base, problems)
        server.shutdown()
    for problem in problems:
        print(f"site: {problem}")
    print(f"site: {len(pages)} pages looked at, {len(problems)} problems, screenshots in {SHOTS}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
