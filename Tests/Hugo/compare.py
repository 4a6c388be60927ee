#!/usr/bin/python3
"""Compares what readers see of real issues with what Hugo makes of them.

    compare.py BROADSHEET CORPUS

BROADSHEET is the built program, CORPUS a folder with `issues/*.md`. Hugo comes from Debian. Text,
heading ids, links and images of each page are compared in their order. The differences that are meant
(`MEANT`) are counted, any other is printed and makes the script fail.
"""

import difflib
import html.parser
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

SITE = "https://xmpp.org/"
LANGUAGES = ["en", "de", "fr", "it", "es", "pt-br"]

# A theme that shows the text and nothing else. Quotes stay as they were typed.
CONFIG = """
baseURL = "https://xmpp.org/"
defaultContentLanguage = "en"
disableKinds = ["home", "taxonomy", "term", "section", "RSS", "sitemap", "404"]
[permalinks]
newsletter = "/:filename/"
[markup.goldmark.extensions]
typographer = false
"""
PAGE = '<div class="body">{{ .Content }}</div>'


class Body(html.parser.HTMLParser):
    """The words, ids, links and images of a page's body."""

    VOID = {"img", "br", "hr", "meta", "link", "input"}

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.page, self.depth = page, 0
        self.words, self.ids, self.links, self.images = [], [], [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if self.depth:
            if tag not in self.VOID:
                self.depth += 1
            if re.fullmatch("h[1-6]", tag):
                self.ids.append(attributes.get("id"))
            if tag == "a" and "href" in attributes:
                self.links.append(self.address(attributes["href"]))
            if tag == "img":
                self.images.append(self.address(attributes.get("src", "")))
            if tag not in {"a", "em", "strong", "code", "del", "span"}:
                self.words.append(" ")
        elif tag == "div" and (attributes.get("class") == "body" or "lang" in attributes):
            self.depth = 1

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        if self.depth and tag not in self.VOID:
            self.depth -= 1
            if tag not in {"a", "em", "strong", "code", "del", "span"}:
                self.words.append(" ")

    def handle_data(self, text):
        if self.depth:
            self.words.append(text)

    def address(self, written):
        if written.startswith("#"):
            return "#" + unquote(written[1:])
        parts = urlsplit(urljoin(SITE, written))
        host = parts.netloc
        if not host.isascii() or "%" in host:
            host = unquote(host).encode("idna").decode()
        rest = parts._replace(netloc=host, scheme=parts.scheme.lower()).geturl()
        return quote(unquote(rest), safe="/:?=&@#+,;!*()'~$[]")

    def text(self):
        return "".join(self.words).split()


def read(path, page):
    body = Body(page)
    body.feed(path.read_text(encoding="utf-8"))
    return body


def run_hugo(issues, folder):
    (folder / "layouts/_default").mkdir(parents=True)
    (folder / "layouts/shortcodes").mkdir(parents=True)
    (folder / "content/newsletter").mkdir(parents=True)
    weights = "".join(
        f"[languages.{name}]\nweight = {index + 1}\n" for index, name in enumerate(LANGUAGES)
    )
    (folder / "config.toml").write_text(CONFIG + weights)
    (folder / "layouts/_default/single.html").write_text(PAGE)
    (folder / "layouts/shortcodes/newsletter-subscribe.html").write_text("")
    for issue in issues:
        shutil.copy(issue, folder / "content/newsletter")
    subprocess.run(
        ["hugo", "--quiet", "--buildFuture", "--source", folder], check=True, timeout=300
    )


def hugo_page(folder, name):
    stem, _, language = name[:-3].partition(".")
    base = folder / "public" if language in ("", "en") else folder / "public" / language
    return base / stem.lower() / "index.html"


# What differs on purpose, with the reason.
MEANT = [
    ("an address without scheme is no link", "links", r"^- .*/codeberg\.org/"),
    ("a handle of the fediverse is no mail address", "links", r"^- mailto:"),
    ("a bare xmpp: address is a link", "links", r"^\+ xmpp:"),
    ("what a blank cut off an address is linked up to it", "links", r"^\+ https?://[^./]+$"),
    ("a closing sign behind a broken link is not its address", "links", r"^[-+] .*"),
]


def differences(kind, ours, theirs):
    for line in difflib.ndiff(theirs, ours):
        if line[0] in "-+":
            yield kind, line


def is_residue(line, ours, theirs):
    """Whether a link differs only by the sign behind it that Goldmark takes along."""
    sign, address = line[0], line[2:]
    bare = re.sub(r"(%27|['\")\].,;])+$", "", address)
    others = ours if sign == "-" else theirs
    return any(re.sub(r"(%27|['\")\].,;])+$", "", other) == bare for other in others)


def meaning(kind, line, ours, theirs):
    for reason, where, pattern in MEANT[:-1]:
        if kind == where and re.match(pattern, line):
            return reason
    if kind == "links" and is_residue(line, ours, theirs):
        return MEANT[-1][0]
    return None


def main(program, corpus):
    issues = sorted((Path(corpus) / "issues").glob("*.md"))
    meant, wrong, same = Counter(), [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_hugo(issues, folder / "hugo")
        subprocess.run(
            [program, "render", "--format", "html", "--web", SITE, "--out", folder / "ours"]
            + issues,
            check=True,
            timeout=300,
            stdout=subprocess.DEVNULL,
        )
        for issue in issues:
            theirs = read(hugo_page(folder / "hugo", issue.name), SITE)
            ours = read(folder / "ours" / (issue.name[:-3] + ".html"), SITE)
            found = [
                *differences("text", ours.text(), theirs.text()),
                *differences("ids", ours.ids, theirs.ids),
                *differences("links", ours.links, theirs.links),
                *differences("images", ours.images, theirs.images),
            ]
            same += not found
            for kind, line in found:
                reason = meaning(kind, line, ours.links, theirs.links)
                if reason:
                    meant[reason] += 1
                else:
                    wrong.append(f"{issue.name}: {kind}: {line}")
    print(f"{len(issues)} issues, {same} the same in text, ids, links and images")
    for reason, count in meant.most_common():
        print(f"  meant, {count}: {reason}")
    for line in wrong:
        print(f"  WRONG {line}")
    return 1 if wrong or not issues else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
