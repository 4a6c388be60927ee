"""Streams that speak nothing but bytes, for who has more to read than an XML library bears."""

import base64
import hashlib
import re
import socket

from child import LOOPBACK

STREAMS = "http://etherx.jabber.org/streams"


class RawStream:
    """A connection with what came over it and was not waited for yet; throws `OSError`."""

    def __init__(self, port: int, patience: float) -> None:
        """`patience` is how many seconds it may take to connect, and to send or get anything."""
        self.socket = socket.create_connection((LOOPBACK, port), timeout=patience)
        self.rest = b""

    def write(self, text: str) -> None:
        self.socket.sendall(text.encode())

    def until(self, pattern: bytes) -> bytes:
        """Reads on to what matches, and returns all up to its end; `rest` is what came behind it."""
        while not (found := re.search(pattern, self.rest)):
            more = self.socket.recv(1 << 16)
            if not more:
                raise ConnectionError(f"the server closed: {self.rest[-400:]!r}")
            self.rest += more
        heard, self.rest = self.rest[: found.end()], self.rest[found.end() :]
        return heard

    def close(self) -> None:
        self.socket.close()


class RawComponent(RawStream):
    """The stream of a component, its handshake done."""

    def __init__(self, domain: str, port: int, secret: str, patience: float = 30) -> None:
        """The patience ends with the handshake."""
        super().__init__(port, patience)
        try:
            self._shake_hands(domain, secret)
        except BaseException:
            # Not `close`: who is more than a stream is not made yet.
            self.socket.close()
            raise
        self.socket.settimeout(None)

    def _shake_hands(self, domain: str, secret: str) -> None:
        self.write(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
            f"xmlns:stream='http://etherx.jabber.org/streams' to='{domain}'>"
        )
        header = self.until(rb"<stream:stream[^>]*>")
        stream = re.search(rb"\sid=['\"]([^'\"]+)", header)
        if stream is None:
            raise ConnectionError(f"the stream has no id: {header!r}")
        digest = hashlib.sha1(stream[1] + secret.encode()).hexdigest()
        self.write(f"<handshake>{digest}</handshake>")
        if b"<stream:error" in self.until(rb"<handshake\s*/>|</handshake>|<stream:error"):
            raise ConnectionError(f"the server refused {domain}")


class RawClient(RawStream):
    """The stream of somebody who has logged in and is there."""

    def __init__(self, name: str, password: str, host: str, port: int, patience: float = 30) -> None:
        super().__init__(port, patience)
        opening = (
            "<stream:stream xmlns='jabber:client' version='1.0'"
            f" xmlns:stream='{STREAMS}' to='{host}'>"
        )
        self.write(opening)
        self.until(b"</stream:features>")
        secret = base64.b64encode(f"\0{name}\0{password}".encode()).decode()
        sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
        self.write(f"<auth xmlns='{sasl}' mechanism='PLAIN'>{secret}</auth>")
        self.until(b"<success[^>]*>")
        self.write(opening)
        self.until(b"</stream:features>")
        bind = "urn:ietf:params:xml:ns:xmpp-bind"
        self.write(f"<iq type='set' id='b'><bind xmlns='{bind}'/></iq>")
        self.until(b"</iq>")
        self.write("<presence/>")
        self.until(b"<presence")
