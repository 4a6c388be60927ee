#!/usr/bin/python3
"""Drives real clients through a reader's life with the newsletter, headless.

    run.py PATH/TO/broadsheet [--server prosody|ejabberd|both] [--pictures FOLDER] [CLIENT ...]

Without names, all of them. The last line says how many passed and failed.
"""

import argparse
import asyncio
import contextlib
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Support" / "Servers"))
sys.dont_write_bytecode = True

import seclusion  # noqa: E402
from client import Client  # noqa: E402
from dino_client import Dino  # noqa: E402
from ejabberd import Ejabberd  # noqa: E402
from gajim_client import Gajim  # noqa: E402
from libervia_client import Libervia  # noqa: E402
from nbxmpp_client import Nbxmpp  # noqa: E402
from poezio_client import Poezio  # noqa: E402
from profanity_client import Profanity  # noqa: E402
from prosody import Prosody  # noqa: E402
from psi_client import Psi, PsiPlus  # noqa: E402
from scenario import Scenario  # noqa: E402
from slixmpp_client import Slixmpp  # noqa: E402
from stage import Stage  # noqa: E402
from xmpp_server import XMPPServer  # noqa: E402

CLIENTS: tuple[type[Client], ...] = (
    Slixmpp, Nbxmpp, Profanity, Poezio, Gajim, Dino, Psi, PsiPlus, Libervia
)  # fmt: skip
SERVERS: dict[str, type[XMPPServer]] = {"prosody": Prosody, "ejabberd": Ejabberd}


def say(text: str) -> None:
    print(text, flush=True)


async def play(make: type[Client], options: argparse.Namespace, folder: Path) -> None:
    stage = Stage(SERVERS[options.server], options.binary, folder)
    client = make(folder)
    client.pictures = options.pictures
    try:
        await stage.open()
        await Scenario(client, stage, lambda step: say(f"    {step}")).play()
    except BaseException:
        # What failed is told; that there is no picture of it then is not.
        with contextlib.suppress(Exception):
            await client.picture("failed")
        raise
    finally:
        # What does not end here ends with the namespace.
        with contextlib.suppress(Exception):
            await client.stop()
        await stage.close()


def play_inside(make: type[Client], options: argparse.Namespace) -> int:
    """One client with one server, in the namespaces that are made for it."""
    seclusion.furnish()
    folder = Path(tempfile.mkdtemp(prefix=f"broadsheet-{make.name.lower()}-"))
    # Clients that run as somebody else have their homes in it.
    folder.chmod(0o755)
    began = time.monotonic()
    say(f"  {make.name}")
    try:
        asyncio.run(play(make, options, folder))
    except Exception:
        traceback.print_exc()
        say(f"  ✘ {make.name} ({time.monotonic() - began:.0f} s), kept: {folder}")
        return 1
    say(f"  ✔ {make.name} ({time.monotonic() - began:.0f} s)")
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def play_all(wanted: list[type[Client]], server: str, options: argparse.Namespace) -> list[int]:
    """The exit code of each, with this server."""
    say(f"with {SERVERS[server].name}:")
    words = [__file__, str(options.binary), "--server", server]
    if options.pictures:
        pictures = options.pictures / server
        pictures.mkdir(parents=True, exist_ok=True)
        words += ["--pictures", str(pictures)]
    return [seclusion.run([*words, each.name.lower()]) for each in wanted]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=lambda path: Path(path).resolve(), help="the built broadsheet")
    names = [each.name.lower() for each in CLIENTS]
    parser.add_argument("client", nargs="*", help=f"only these: {', '.join(names)}")
    parser.add_argument("--server", choices=[*SERVERS, "both"], default="both")
    parser.add_argument("--pictures", type=lambda path: Path(path).resolve(), help="a folder")
    options = parser.parse_intermixed_args()
    if unknown := set(options.client) - set(names):
        parser.error(f"no client is called {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    wanted = [each for each in CLIENTS if not options.client or each.name.lower() in options.client]
    if seclusion.is_inside():
        return play_inside(wanted[0], options)
    missing = [each.package for each in wanted if not each.program.exists()]
    if missing:
        print(f"There is no {', '.join(missing)} here; `make test-clients` installs them.", file=sys.stderr)
        return 1
    codes = []
    for server in SERVERS if options.server == "both" else [options.server]:
        codes += play_all(wanted, server, options)
    passed = codes.count(0)
    print(f"{passed} passed, {len(codes) - passed} failed")
    return 0 if codes and passed == len(codes) else 1


if __name__ == "__main__":
    sys.exit(main())
