#!/usr/bin/python3
"""Fails when a target imports a module that Package.swift does not name among its dependencies.

    check-dependencies.py              checks every target of the package
    check-dependencies.py --self-test  feeds made-up targets and fails if a fault goes unseen

A build that has the module already finds it all the same; a fresh one compiles both targets at
once and fails. A dependency that nothing imports is refused too: the list is what is used.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# What comes with the toolchain and needs no naming.
TOOLCHAIN = {"Dispatch", "Foundation", "FoundationXML", "Glibc", "Synchronization", "Testing"}


def load(name: str):
    """The neighbouring script `name` as a module: what an import looks like is said there."""
    spec = importlib.util.spec_from_file_location("neighbour", Path(__file__).with_name(name))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


imports_of = load("check-floors.py").imports_of


def imported(folder: Path) -> dict[str, str]:
    """Every module that the folder's files import, with the first place where it is."""
    found: dict[str, str] = {}
    for file in sorted(folder.rglob("*.swift")):
        for line, module in imports_of(file.read_text(encoding="utf-8")):
            found.setdefault(module, f"{file}:{line}")
    return found


def complaints(targets: list[dict], root: Path) -> list[str]:
    found = []
    for target in targets:
        name = target["name"]
        if target["type"] not in ("regular", "executable", "test"):
            continue
        home = "Tests" if target["type"] == "test" else "Sources"
        used = imported(root / (target.get("path") or f"{home}/{name}"))
        declared = {next(iter(each.values()))[0] for each in target["dependencies"]}
        for module in sorted(used.keys() - declared - TOOLCHAIN - {name}):
            place = Path(used[module]).relative_to(root)
            found.append(f"{place}: {name} imports {module}, which Package.swift does not name")
        for module in sorted(declared - used.keys()):
            found.append(f"Package.swift: {name} names {module}, which none of its files imports")
    return found


# (source, dependencies, whether it is to be refused)
CASES = [
    ("import XML\nimport Foundation\n", ["XML"], False),
    ("@testable public import XML\n", ["XML"], False),
    ("import XML\n", [], True),
    ("internal import NIOCore\n", ["XML"], True),
    ("// import XML\n", ["XML"], True),
]


def self_test() -> int:
    wrong = []
    for source, dependencies, refused in CASES:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "Sources" / "Sample" / "Sample.swift"
            file.parent.mkdir(parents=True)
            file.write_text(source)
            named = [{"byName": [each, None]} for each in dependencies]
            target = {"name": "Sample", "type": "regular", "dependencies": named}
            if bool(complaints([target], Path(folder))) != refused:
                wrong.append(f"{source!r} with {dependencies}: {'not ' if refused else ''}refused")
    for each in wrong:
        print(f"check-dependencies --self-test: {each}", file=sys.stderr)
    return 1 if wrong else 0


def main(arguments: list[str]) -> int:
    if arguments == ["--self-test"]:
        return self_test()
    swift = os.environ.get("SWIFT", "swift")
    command = [swift, "package", "--package-path", str(ROOT), "dump-package"]
    package = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    found = complaints(package["targets"], ROOT)
    for each in found:
        print(each, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
