#!/usr/bin/python3
"""Measures how long the web archive of a folder of issues takes, beside Hugo in the same run.

    bench-site.py [--rounds N] [--limit RATIO] PATH/TO/BROADSHEET ISSUES [IMAGES]

Hugo gets a theme that makes pages of the same kinds: fronts, issues with contents, translations and
neighbours, topics, subscribe, search with an index, a feed with the whole text per language and a
short one per topic, addresses of before, a sitemap. What it does not make are QR codes, feeds in
archive documents, the register of names, and an index by words: its index is the bare text.

The two take turns, each into an empty folder. A ratio above 1 means that Hugo takes longer.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SITE = "https://news.example.org/"

CONFIG = """
baseURL = "{site}"
title = "The Bench"
defaultContentLanguage = "en"
enableRobotsTXT = true
disablePathToLower = true
timeout = "120s"
[permalinks]
newsletter = "/:year/:month/:filename/"
[taxonomies]
topic = "topics"
[outputs]
home = ["HTML", "Atom", "Index"]
term = ["HTML", "Atom"]
taxonomy = ["HTML"]
section = []
page = ["HTML"]
[mediaTypes."application/atom+xml"]
suffixes = ["atom"]
[outputFormats.Atom]
mediaType = "application/atom+xml"
baseName = "feed"
noUgly = true
[outputFormats.Index]
mediaType = "application/json"
baseName = "index"
isPlainText = true
[markup.goldmark.extensions]
typographer = false
{languages}
"""

FRAME = """<!DOCTYPE html>
<html lang="{{ .Lang }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ .Title }} · {{ site.Title }}</title>
{{ with .Summary }}<meta name="description" content="{{ . | plainify | truncate 200 }}">{{ end }}
<link rel="canonical" href="{{ .Permalink }}">
{{ range .AllTranslations }}<link rel="alternate" hreflang="{{ .Lang }}" href="{{ .Permalink }}">
{{ end }}
<meta property="og:title" content="{{ .Title }}">
<meta property="og:url" content="{{ .Permalink }}">
<link rel="stylesheet" href="{{ "style.css" | relURL }}">
</head>
<body>
<header><p><a href="{{ site.Home.RelPermalink }}">{{ site.Title }}</a></p>
<nav><ul><li><a href="{{ site.Home.RelPermalink }}">Issues</a></li>
<li><a href="{{ "topics/" | relLangURL }}">Topics</a></li>
<li><a href="{{ "search/" | relLangURL }}">Search</a></li>
<li><a href="{{ "subscribe/" | relLangURL }}">Subscribe</a></li></ul></nav>
<nav><ul>{{ range .AllTranslations }}<li><a lang="{{ .Lang }}" href="{{ .RelPermalink }}">{{ .Lang }}</a></li>
{{ end }}</ul></nav></header>
<main>{{ block "main" . }}{{ end }}</main>
<footer><p>CC BY-SA 4.0</p></footer>
</body>
</html>
"""

ISSUE = """{{ define "main" }}<article><header><p><time>{{ .Date.Format "2 January 2006" }}</time></p>
<h1>{{ .Title }}</h1></header>
<nav>{{ .TableOfContents }}</nav>
{{ .Content }}</article>
<nav><ul>{{ with .PrevInSection }}<li><a rel="prev" href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}
{{ with .NextInSection }}<li><a rel="next" href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></nav>
{{ end }}"""

FRONT = """{{ define "main" }}<h1>Issues</h1>
{{ range (where site.RegularPages "Section" "newsletter").GroupByDate "2006" }}<h2>{{ .Key }}</h2>
<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>
<time>{{ .Date.Format "2 January 2006" }}</time></li>
{{ end }}</ul>{{ end }}{{ end }}"""

LIST = """{{ define "main" }}<h1>{{ .Title }}</h1>
{{ range .Pages }}<article><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2>
<p>{{ .Summary | plainify | truncate 240 }}</p></article>
{{ end }}{{ end }}"""

FEED = """{{ `<?xml version="1.0" encoding="utf-8"?>` | safeHTML }}
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{{ .Lang }}">
<id>{{ .Permalink }}</id><title>{{ .Title }}</title><author><name>The Bench</name></author>
<updated>{{ now.Format "2006-01-02T15:04:05Z07:00" }}</updated>
{{ range PAGES }}<entry><id>{{ .Permalink }}</id><title>{{ .Title }}</title>
<published>{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}</published>
<updated>{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}</updated>
<link rel="alternate" href="{{ .Permalink }}"/>CONTENT</entry>
{{ end }}</feed>
"""

INDEX = """{{ $all := slice }}{{ range (where site.RegularPages "Section" "newsletter") }}
{{ $all = $all | append (dict "title" .Title "path" .RelPermalink "text" .Plain) }}{{ end }}
{{ $all | jsonify }}"""

FIGURE = '<figure><img src="{{ .Get "src" }}" alt="{{ .Get "alt" }}"><figcaption>{{ .Get "caption" | markdownify }}</figcaption></figure>'


def make_hugo_site(folder: Path, issues: list[Path], images: Path | None):
    languages = ["en"] + sorted({language(issue.name) for issue in issues} - {"en"})
    sections = "".join(
        f"[languages.{name}]\nweight = {index + 1}\n" for index, name in enumerate(languages)
    )
    layouts = folder / "layouts"
    whole = '<content type="html">{{ .Content | html }}</content>'
    news = '(where site.RegularPages "Section" "newsletter")'
    files = {
        folder / "config.toml": CONFIG.format(site=SITE, languages=sections),
        layouts / "_default/baseof.html": FRAME,
        layouts / "_default/single.html": ISSUE,
        layouts / "_default/list.html": LIST,
        layouts / "index.html": FRONT,
        layouts / "index.atom": FEED.replace("PAGES", news).replace("CONTENT", whole),
        layouts / "_default/term.atom": FEED.replace("PAGES", ".Pages").replace("CONTENT", ""),
        layouts / "index.json": INDEX,
        layouts / "404.html": "<p>There is no such page.</p>",
        layouts / "shortcodes/newsletter-subscribe.html": "",
        layouts / "shortcodes/figure.html": FIGURE,
        folder / "static/style.css": "body { max-width: 42rem }\n",
    }
    for name in languages:
        for page in ("search", "subscribe"):
            ending = "md" if name == "en" else f"{name}.md"
            files[folder / f"content/{page}.{ending}"] = f"---\ntitle: {page}\n---\nText.\n"
    for issue in issues:
        files[folder / "content/newsletter" / issue.name] = with_topics(issue)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if images:
        # Without the modes, which might keep the folder from being removed.
        for path in filter(Path.is_file, images.rglob("*")):
            copy = folder / "static" / path.relative_to(images)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def language(name: str) -> str:
    return name[:-3].partition(".")[2] or "en"


def with_topics(issue: Path) -> str:
    """The issue's text, with its sections as the terms that Hugo makes pages of."""
    text = issue.read_text(encoding="utf-8-sig")
    titles = re.findall(r"^## +([\w -]{3,40})$", text, re.MULTILINE)
    terms = ", ".join(f'"{title.strip()}"' for title in dict.fromkeys(titles))
    return re.sub(r"^---[ \t]*\r?\n", f"---\ntopics: [{terms}]\n", text, count=1)


def measure(command: list, out: Path) -> tuple[float, float]:
    """Seconds by the clock and of all cores."""
    shutil.rmtree(out, ignore_errors=True)
    return run(command)


def run(command: list) -> tuple[float, float]:
    start = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status:
        sys.exit(f"bench-site: {command[0]} failed")
    return seconds, usage.ru_utime + usage.ru_stime


def count(folder: Path) -> str:
    pages = sum(1 for _ in folder.rglob("*.html"))
    feeds = sum(1 for _ in folder.rglob("*.atom"))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return f"{pages} pages, {feeds} feed documents, {size / 1e6:.1f} MB"


def main() -> int:
    parser = argparse.ArgumentParser(description="Times the web archive beside Hugo.")
    parser.add_argument("program", type=Path)
    parser.add_argument("issues", type=Path)
    parser.add_argument("images", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=float, help="fail if the ratio by the clock is below it")
    options = parser.parse_args()
    if not shutil.which("hugo"):
        print("bench-site: SKIPPED, there is no hugo")
        return 0
    issues = sorted(options.issues.glob("*.md"))
    with tempfile.TemporaryDirectory(prefix="bench-site-") as name:
        folder = Path(name)
        make_hugo_site(folder / "hugo", issues, options.images)
        ours, theirs = folder / "ours", folder / "theirs"
        site = [options.program.resolve(), "site", "--base", SITE, "--out", ours]
        site += ["--images", options.images] if options.images else []
        site.append(options.issues)
        hugo = ["hugo", "--quiet", "--buildFuture", "--noBuildLock"]
        hugo += ["--source", folder / "hugo", "--destination", theirs]
        measure(site, ours), measure(hugo, theirs)
        rounds = []
        for _ in range(options.rounds):
            rounds.append((measure(site, ours), measure(hugo, theirs), run(site)))
        print(f"\nWeb archive of {len(issues)} issues; median of {options.rounds}\n")
        print(f"  broadsheet: {count(ours)}\n  hugo: {count(theirs)}")
    for index, kind in enumerate(("by the clock", "of all cores")):
        mine, other, again = (statistics.median(r[i][index] for r in rounds) for i in range(3))
        ratio = statistics.median(r[1][index] / r[0][index] for r in rounds)
        print(
            f"  seconds {kind}: broadsheet {mine:.2f}, hugo {other:.2f}, "
            f"ratio {ratio:.2f}; nothing changed {again:.2f}"
        )
        if options.limit and index == 0 and ratio < options.limit:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
