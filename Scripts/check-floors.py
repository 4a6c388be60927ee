#!/usr/bin/python3
"""Fails when a module imports one that is not on a lower floor, or a library that is not its own.

    check-floors.py [FOLDER]     checks every Sources/*/ (docs/architecture.md, "The house")
    check-floors.py --self-test  feeds made-up violations and fails if one goes unseen
"""

import re
import sys
import tempfile
from pathlib import Path

FLOORS = {
    "CCMarkGFM": 0,
    "CExpat": 0,
    "CIDN2": 0,
    "COpenSSL": 0,
    "CQREncode": 0,
    "CSQLite": 0,
    "IDNA": 0,
    "Localization": 0,
    "Spelling": 0,
    "XML": 0,
    "XMPP": 1,
    "Commands": 2,
    "Component": 2,
    "Issues": 2,
    "PubSubWire": 2,
    "Storage": 2,
    "Availability": 3,
    "Delivery": 3,
    "Engine": 3,
    "LinkCheck": 3,
    "WebArchive": 3,
    "PubSub": 4,
    "Publishing": 5,
    "Newsroom": 6,
    "Readers": 6,
    "Daemon": 7,
    "broadsheet": 8,
}

# The thin Swift wrappers stand on the same floor as the C library they wrap.
WRAPPERS = {("XML", "CExpat"), ("IDNA", "CIDN2")}

# Benchmarks are not installed: they may import anything, and nothing may import them.
NOT_INSTALLED = re.compile(r"^Bench")

# Libraries that live in some rooms only; the reasons are in the table of the house.
ROOMS = {
    r"GRDB": {"Storage"},
    r"NIO.*": {"Component", "Daemon"},
    r"(Core)?Metrics": {"Daemon"},
    r"Yams": {"Issues", "Daemon"},
    r"Subprocess": {"Daemon", "LinkCheck"},
    r"ArgumentParser": {"broadsheet"},
    r"CExpat": {"XML"},
    r"CIDN2": {"IDNA"},
    r"CCMarkGFM": {"Issues"},
    r"CQREncode": {"WebArchive"},
    r"CSQLite": {"Storage"},
    r"Mustache": {"WebArchive"},
    r"COpenSSL": {"Availability", "Component", "Publishing"},
}

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*"
    r"(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:typealias|struct|class|enum|protocol|let|var|func)\s+)?(\w+)"
)
# Their line ends are kept, so that line numbers stay right.
NOT_CODE = re.compile(r'/\*.*?\*/|"""(?:\\.|[^\\])*?"""', re.DOTALL)


def imports_of(source: str) -> list[tuple[int, str]]:
    """(line, module) of every import, those in comments and long strings left out."""
    code = NOT_CODE.sub(lambda match: "\n" * match[0].count("\n"), source)
    found = []
    for number, line in enumerate(code.splitlines(), 1):
        for statement in line.split(";"):
            if match := IMPORT.match(statement):
                found.append((number, match[1]))
    return found


def complaint(module: str, imported: str) -> str | None:
    """Why `module` may not import `imported`, or nothing."""
    if NOT_INSTALLED.match(module):
        return None
    for pattern, rooms in ROOMS.items():
        if re.fullmatch(pattern, imported) and module not in rooms:
            return f"{imported} belongs in {', '.join(sorted(rooms))} only"
    if NOT_INSTALLED.match(imported):
        return f"{imported} is a benchmark"
    if imported not in FLOORS or imported == module or (module, imported) in WRAPPERS:
        return None
    own, other = FLOORS[module], FLOORS[imported]
    if other < own:
        return None
    where = "on the same floor" if other == own else f"above, on floor {other}"
    return f"{imported} is {where}; {module} is on floor {own}"


def violations(root: Path) -> list[str]:
    found = []
    for folder in sorted(path for path in (root / "Sources").iterdir() if path.is_dir()):
        module = folder.name
        if module not in FLOORS and not NOT_INSTALLED.match(module):
            found.append(f"{folder.relative_to(root)}: {module} has no floor; give it one here")
            continue
        for file in sorted(folder.rglob("*.swift")):
            for line, imported in imports_of(file.read_text(encoding="utf-8")):
                if reason := complaint(module, imported):
                    found.append(f"{file.relative_to(root)}:{line}: {reason}")
    return found


# (module, source, whether it is to be refused)
CASES = [
    ("XMPP", "public import XML\n", False),
    ("XML", "internal import CExpat\n", False),
    ("IDNA", "import CIDN2\n", False),
    ("Storage", "internal import GRDB\nimport Foundation\n", False),
    ("Daemon", "import NIOCore\nimport Yams\nimport Newsroom\n", False),
    ("Delivery", "/// import Newsroom\n// import Daemon\n/*\nimport Daemon\n*/\n", False),
    ("Delivery", 'let text = """\nimport Daemon\n"""\n', False),
    ("BenchElement", "import ArgumentParser\nimport XML\nimport CExpat\n", False),
    ("XML", "import XMPP\n", True),
    ("XML", "import CIDN2\n", True),
    ("PubSubWire", "import Storage\n", True),
    ("Newsroom", "package import Readers\n", True),
    ("Readers", "  @preconcurrency internal import Newsroom\n", True),
    ("PubSub", "@_spi(Testing) public import Publishing\n", True),
    ("Issues", "import struct Component.Stream\n", True),
    ("Publishing", "import XML; import Daemon\n", True),
    ("PubSub", "internal import GRDB\n", True),
    ("Delivery", "import NIOCore\n", True),
    ("Newsroom", "import Yams\n", True),
    ("Issues", "import COpenSSL\n", True),
    ("Daemon", "import Mustache\n", True),
    ("Daemon", "import BenchElement\n", True),
    ("Sidedoor", "import XML\n", True),
]


def self_test() -> int:
    wrong = []
    for module, source, refused in CASES:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "Sources" / module / "Sample.swift"
            file.parent.mkdir(parents=True)
            file.write_text(source)
            if bool(violations(Path(folder))) != refused:
                wrong.append(f"{module} with {source!r}: {'not ' if refused else ''}refused")
    for each in wrong:
        print(f"check-floors --self-test: {each}", file=sys.stderr)
    return 1 if wrong else 0


def main(arguments: list[str]) -> int:
    if arguments == ["--self-test"]:
        return self_test()
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[1]
    found = violations(root)
    for each in found:
        print(each, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
