#!/usr/bin/python3
"""Writes the manual: broadsheet(1) from the commands the program has, broadsheet.yaml(5) from
docs/configuration.md, broadsheet-chat(7) from docs/commands.md, which is made from the registry.

    manual.py PROGRAM FOLDER
"""

import json
import os
import re
import subprocess
import sys
import textwrap
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = ROOT / "config/debian/changelog"


def escaped(text: str) -> str:
    """A text that troff prints as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    # A line that begins with one of these would be a request.
    return re.sub("^([.'])", r"\\&\1", text, flags=re.M)


def prose(markdown: str) -> str:
    """Markdown of one paragraph: code is bold, a link is its text."""
    text = re.sub(r"\[([^\]]+)\]\(([^)#]*)[^)]*\)", r"\1", markdown)
    parts = text.split("`")
    return "".join(
        f"\\fB{escaped(part)}\\fR" if place % 2 else escaped(part) for place, part in enumerate(parts)
    )


def heading(name: str, section: int, version: str) -> list[str]:
    # The day of the sources, so that two builds are the same.
    stamp = int(os.environ.get("SOURCE_DATE_EPOCH") or CHANGELOG.stat().st_mtime)
    day = datetime.fromtimestamp(stamp, timezone.utc).strftime("%Y-%m-%d")
    return [f'.TH "{name}" {section} {day} "Broadsheet {version}" "Broadsheet"', ".nh", ".ad l"]


# The commands


def spelled(argument: dict) -> str:
    """An option as it is written: its names, and the value if it takes one."""
    if argument["kind"] == "positional":
        name = f"\\fI{escaped(argument['valueName'])}\\fR"
        return name + (" ..." if argument["isRepeating"] and not is_line(argument) else "")
    names = sorted(argument["names"], key=lambda name: name["kind"] != "short")
    dashes = {"short": "-", "long": "--", "longWithSingleDash": "-"}
    value = f" \\fI{escaped(argument['valueName'])}\\fR" if argument["kind"] == "option" else ""
    return ", ".join(
        f"\\fB{escaped(dashes[name['kind']] + name['name'])}\\fR" for name in names
    ) + value


def is_line(argument: dict) -> bool:
    """Whether it stands for all the parameters that a command of the newsroom has, as in rooms."""
    return argument["kind"] == "positional" and "discussion" in argument


def is_common(argument: dict) -> bool:
    """Whether every command has it."""
    name = argument.get("preferredName", {}).get("name")
    return argument["kind"] != "positional" and name in ("help", "version", "config")


def command_lines(command: dict) -> list[str]:
    own = [each for each in command.get("arguments", []) if each["shouldDisplay"]]
    own = [each for each in own if not is_common(each)]
    # `[--yes]`, `ISSUE`, `[LANGUAGE ...]`
    usage = " ".join(
        f"[{spelled(each)}]" if each["isOptional"] and not is_line(each) else spelled(each)
        for each in sorted(own, key=lambda each: each["kind"] == "positional")
    )
    lines = [f".SS \"{escaped(command['commandName'])}\"", f".B broadsheet {command['commandName']}"]
    lines += [usage] if usage else []
    lines += [".PP", escaped(command["abstract"])]
    for paragraph in filter(None, command.get("discussion", "").split("\n\n")):
        example = paragraph.startswith("Example")
        lines += [".PP", *([".nf"] if example else []), escaped(paragraph), *([".fi"] if example else [])]
    for argument in own:
        default = argument.get("defaultValue")
        told = argument.get("abstract", "") + (f" The default is {default}." if default else "")
        lines += [".TP", spelled(argument), escaped(told.strip())]
        for parameter in filter(None, argument.get("discussion", "").split("\n")):
            lines += [".br", escaped(parameter)]
    return lines


def command_page(program: str, version: str) -> str:
    outcome = subprocess.run(
        [program, "--experimental-dump-help"], capture_output=True, text=True, check=True
    )
    root = json.loads(outcome.stdout)["command"]
    lines = heading("BROADSHEET", 1, version)
    lines += [".SH NAME", "broadsheet \\- publishes newsletters over XMPP PubSub"]
    lines += [".SH SYNOPSIS", ".B broadsheet", "\\fIcommand\\fR [\\fIoption\\fR ...] [\\fIargument\\fR ...]"]
    lines += [".SH DESCRIPTION", escaped(DESCRIPTION)]
    lines += [".SH COMMANDS", *[
        line
        for command in root["subcommands"]
        if command["commandName"] != "help"
        for line in command_lines(command)
    ]]
    lines += [".SH OPTIONS", "Every command has these."]
    for spelling, told in COMMON:
        lines += [".TP", spelling, escaped(told)]
    lines += [".SH EXIT STATUS"]
    for status, told in STATUS:
        lines += [".TP", status, escaped(told)]
    lines += [".SH FILES"]
    for path, told in FILES:
        lines += [".TP", f".I {escaped(path)}", escaped(told)]
    lines += [".SH SEE ALSO", ".BR broadsheet.yaml (5),", ".BR broadsheet\\-chat (7),"]
    lines += [".BR systemctl (1),", ".BR journalctl (1)"]
    lines += [".PP", escaped("/usr/share/doc/broadsheet has guides for operators, editors and readers.")]
    return "\n".join(lines) + "\n"


DESCRIPTION = """\
Broadsheet is a component of an XMPP server. It publishes issues, which are Markdown files, to whoever
has subscribed: as PubSub items, or as messages. Editors give commands in a room of theirs, in a direct
chat, or in the shell. The shell's commands reach the running service through its control socket, unless
their description says that none is needed."""
COMMON = [
    ("\\fB\\-c\\fR, \\fB\\-\\-config\\fR \\fIfile\\fR",
     "The configuration. The default is /etc/broadsheet/broadsheet.yaml."),
    ("\\fB\\-\\-version\\fR", "Print the version."),
    ("\\fB\\-h\\fR, \\fB\\-\\-help\\fR", "Print what the command does and takes."),
]
STATUS = [
    ("0", "It is done."),
    ("1", "It is not done; standard error says why."),
    ("64", "The command line can't be understood."),
    ("78", "The configuration is wrong, or the server refused the component at the first connect. "
           "Trying again is of no use before somebody changes a setting."),
]
FILES = [
    ("/etc/broadsheet/broadsheet.yaml", "The configuration, see broadsheet.yaml(5)."),
    ("/etc/broadsheet/secret", "What the server and Broadsheet know of each other, and nobody else."),
    ("/var/lib/broadsheet", "The database of the service that systemd starts."),
    ("/run/broadsheet/control.sock", "Where that service takes commands from its group."),
]

# The configuration


def configuration_page(version: str) -> str:
    text = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    _, _, *sections = re.split(r"^#+ .*\n", text, flags=re.M)
    titles = re.findall(r"^## (.*)$", text, flags=re.M)
    introduction = text.split("\n", 1)[1].split("\n## ", 1)[0]
    lines = heading("BROADSHEET.YAML", 5, version)
    lines += [".SH NAME", "broadsheet.yaml \\- configuration of Broadsheet"]
    # A key without a default has none here, rather than a sign for it.
    introduction = re.sub("^`–` as a default.*?[.]\n", "", introduction, flags=re.M | re.S)
    lines += [".SH DESCRIPTION", *blocks(introduction)]
    for title, body in zip(titles, sections):
        lines += [f'.SH "{escaped(title.upper())}"', *blocks(body)]
    lines += [".SH SEE ALSO", ".BR broadsheet (1)"]
    return "\n".join(lines) + "\n"


# What people write in chats


def chat_page(version: str) -> str:
    text = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    lines = heading("BROADSHEET-CHAT", 7, version)
    lines += [".SH NAME", "broadsheet\\-chat \\- what to write to Broadsheet in rooms and chats"]
    lines += [".SH DESCRIPTION", escaped(CHATTING)]
    for chapter in re.split(r"^## ", text, flags=re.M)[1:]:
        title, _, body = chapter.partition("\n")
        introduction, *commands = re.split(r"^### ", body, flags=re.M)
        lines += [f'.SH "{escaped(title.upper())}"', *blocks(introduction)]
        for command in commands:
            name, _, told = command.partition("\n")
            lines += [f'.SS "{escaped(name)}"', *blocks(told)]
    lines += [".SH SEE ALSO", ".BR broadsheet (1)"]
    return "\n".join(lines) + "\n"


CHATTING = """\
Editors give Broadsheet its commands in the room of their team or in a direct chat, and readers write to
the address of a newsletter. Clients that show forms offer the same commands as ad-hoc commands. The
answers are in the language that the client says it is set to, if Broadsheet knows it."""


def blocks(markdown: str) -> list[str]:
    """Paragraphs, tables of keys, and examples."""
    lines: list[str] = []
    for block in re.findall(r"```.*?^```$|(?:.+\n?)+", markdown, flags=re.M | re.S):
        for part in re.split(r"\n\n+", block.strip("\n")) if not block.startswith("```") else [block]:
            lines += one_block(part.rstrip())
    return lines


def one_block(block: str) -> list[str]:
    if block.startswith("```"):
        return [".PP", ".nf", ".RS 4", escaped("\n".join(block.splitlines()[1:-1])), ".RE", ".fi"]
    if re.match(r"    \S", block):
        return [".PP", ".nf", ".RS 4", escaped(textwrap.dedent(block)), ".RE", ".fi"]
    if block.startswith("- "):
        items = (item.partition(": ") for item in block[2:].split("\n- "))
        return [line for name, _, told in items for line in (".TP", prose(name), prose(told))]
    if not block.startswith("|"):
        return [".PP", prose(block)] if block else []
    # Cells of what is typed may have a `|` of their own, in the last one.
    head, _, *rows = block.splitlines()
    columns = head.strip("|").count("|")
    lines = []
    for row in rows:
        key, *default, told = (cell.strip() for cell in row.strip("|").split("|", columns))
        default = "" if default in ([], ["–"]) else f" The default is {prose(*default)}."
        lines += [".TP", prose(key), prose(told) + default]
    return lines


def main() -> None:
    program, folder = sys.argv[1], Path(sys.argv[2])
    outcome = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    version = outcome.stdout.strip()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "broadsheet.1").write_text(command_page(program, version), encoding="utf-8")
    (folder / "broadsheet.yaml.5").write_text(configuration_page(version), encoding="utf-8")
    (folder / "broadsheet-chat.7").write_text(chat_page(version), encoding="utf-8")


if __name__ == "__main__":
    main()
