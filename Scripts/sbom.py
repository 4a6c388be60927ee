#!/usr/bin/python3
"""The bill of materials: what the program is made of, from the package and docs/dependencies.md.

    sbom.py FILE     writes it as CycloneDX 1.5 (JSON); needs `swift package resolve` before
    sbom.py --check  fails when docs/dependencies.md and the package disagree
"""

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
PINNED = re.compile(r'url: "([^"]+)",\s*exact: "([^"]+)"')


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under that heading."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    table = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def key(url: str) -> str:
    return url.removesuffix(".git").rstrip("/").lower()


def documented() -> dict[str, dict]:
    """Swift packages by address: name, licence, and the version if we pin it."""
    found = {}
    for cells in rows("Swift packages we chose"):
        name, url = LINK.match(cells[0]).groups()
        found[key(url)] = {"name": name, "url": url, "version": cells[1], "licence": cells[2]}
    for cells in rows("Swift packages that come with them"):
        name, url = LINK.match(cells[0]).groups()
        found[key(url)] = {"name": name, "url": url, "version": None, "licence": cells[1]}
    return found


def pinned() -> dict[str, str]:
    manifest = (ROOT / "Package.swift").read_text(encoding="utf-8")
    return {key(url): version for url, version in PINNED.findall(manifest)}


def resolved() -> dict[str, dict]:
    path = ROOT / "Package.resolved"
    if not path.exists():
        sys.exit("sbom: there is no Package.resolved; run `swift package resolve` first.")
    pins = json.loads(path.read_text(encoding="utf-8"))["pins"]
    return {key(pin["location"]): pin["state"] for pin in pins}


def c_packages() -> list[tuple[str, str, str]]:
    """Module, Debian package, licence; one for each package."""
    return [
        (cells[0].strip("`"), package.strip(), cells[2])
        for cells in rows("C libraries")
        for package in cells[1].split(",")
    ]


def problems() -> list[str]:
    known, chosen, built = documented(), pinned(), resolved()
    found = []
    for url in sorted(built.keys() | chosen.keys() | known.keys()):
        if url not in known:
            found.append(f"{url} is used, and docs/dependencies.md does not list it")
        elif url not in built:
            found.append(f"docs/dependencies.md lists {url}, which is not used")
        elif known[url]["version"] != chosen.get(url):
            found.append(
                f"{url}: docs/dependencies.md says {known[url]['version'] or 'not ours'}, "
                f"Package.swift {chosen.get(url, 'nothing')}"
            )
    modules = {path.parent.name for path in ROOT.glob("Sources/*/module.modulemap")}
    listed = {module for module, _, _ in c_packages()} - {"–"}
    for module in sorted(modules ^ listed):
        found.append(f"the C library {module} is in only one of Sources and docs/dependencies.md")
    return found


def debian_version(package: str) -> str:
    query = ["dpkg-query", "-W", "-f=${Version}", package]
    answer = subprocess.run(query, capture_output=True, text=True, check=False)
    return answer.stdout if answer.returncode == 0 else "unknown"


def swift_version() -> str:
    answer = subprocess.run(
        [os.environ.get("SWIFT", "swift"), "--version"], capture_output=True, text=True, check=True
    )
    return re.search(r"Swift version (\S+)", answer.stdout)[1]


def own_version() -> str:
    source = (ROOT / "Sources/Daemon/BroadsheetService.swift").read_text(encoding="utf-8")
    return re.search(r'SoftwareVersion\(name: "Broadsheet", version: "([^"]+)"', source)[1]


def licences(expression: str) -> list[dict]:
    if " OR " in expression or " WITH " in expression:
        return [{"expression": expression}]
    return [{"license": {"id": expression}}]


def components() -> list[dict]:
    known = documented()
    swift = [
        {
            "type": "library",
            "name": known[url]["name"],
            "version": state["version"],
            "purl": f"pkg:swift/{url.removeprefix('https://')}@{state['version']}",
            "licenses": licences(known[url]["licence"]),
            "externalReferences": [{"type": "vcs", "url": known[url]["url"]}],
        }
        for url, state in sorted(resolved().items())
    ]
    toolchain = swift_version()
    runtime = [
        {
            "type": "framework",
            "name": name,
            "version": toolchain,
            "purl": f"pkg:generic/{name}@{toolchain}",
            "licenses": licences(licence),
        }
        for name, licence, _ in rows("Swift itself")
    ]
    debian = []
    for _, package, licence in c_packages():
        version = debian_version(package)
        debian.append(
            {
                "type": "library",
                "name": package,
                "version": version,
                "purl": f"pkg:deb/debian/{package}@{version}",
                "licenses": licences(licence),
            }
        )
    return swift + runtime + debian


def write(path: Path) -> None:
    # SOURCE_DATE_EPOCH makes two runs the same, byte for byte.
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    time = datetime.fromtimestamp(int(epoch), timezone.utc) if epoch else datetime.now(timezone.utc)
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "name": "broadsheet",
                "version": own_version(),
                "licenses": licences("Apache-2.0"),
            },
        },
        "components": components(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = problems()
    for problem in found:
        print(f"sbom: {problem}", file=sys.stderr)
    if found:
        sys.exit(1)
    if sys.argv[1] != "--check":
        write(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
