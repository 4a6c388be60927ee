"""Certificates made when they are needed, by an authority that lives as long as a test."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from child import ServerError

EXTENSIONS = """\
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
"""


@dataclass
class Certificates:
    """A server's certificate and key in one file, and the authority a client has to trust."""

    authority: Path
    server: Path

    @property
    def fingerprint(self) -> str:
        """The SHA-256 fingerprint of the server's certificate, as `openssl x509` prints it."""
        told = _openssl("x509", "-noout", "-fingerprint", "-sha256", "-in", str(self.server))
        return told.strip().rpartition("=")[2]


def make_certificates(folder: Path, names: list[str]) -> Certificates:
    """`names` are host names or addresses, as in `DNS:localhost` and `IP:127.0.0.1`."""
    folder.mkdir(parents=True, exist_ok=True)
    extensions = folder / "extensions.cnf"
    extensions.write_text(EXTENSIONS.format(names=", ".join(names)))
    for name in ("authority", "server"):
        _openssl(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
            "-subj", f"/CN=Broadsheet test {name}",
            "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.csr"),
        )  # fmt: skip
    signing = {
        "authority": ["-signkey", str(folder / "authority.key")],
        "server": [
            "-CA", str(folder / "authority.crt"), "-CAkey", str(folder / "authority.key"),
            "-CAcreateserial",
        ],
    }  # fmt: skip
    for name, by in signing.items():
        _openssl(
            "x509", "-req", "-in", str(folder / f"{name}.csr"), *by, "-days", "2",
            "-extfile", str(extensions), "-extensions", name,
            "-out", str(folder / f"{name}.crt"),
        )  # fmt: skip
    combined = folder / "server.pem"
    parts = [folder / "server.crt", folder / "server.key"]
    combined.write_text("".join(each.read_text() for each in parts))
    combined.chmod(0o600)
    return Certificates(folder / "authority.crt", combined)


def _openssl(*arguments: str) -> str:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise ServerError(f"openssl {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout
