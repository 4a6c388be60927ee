"""All readers in one: a component that subscribes them and counts what each is sent."""

import hashlib
import re
import socket
import threading
import time
from collections import defaultdict

from child import LOOPBACK

NS = "http://jabber.org/protocol/pubsub"
MESSAGE_END = b"</message>"
START = re.compile(rb"<message\s[^>]*>")
TO = re.compile(rb"\sto=['\"]r(\d+)@")
ID = re.compile(rb"\sid=['\"]([^'\"]+)['\"]")
ITEM = re.compile(rb"<item\s[^>]*\bid=['\"]([^'\"]+)['\"]")
RESULT = re.compile(rb"<iq\s[^>]*\btype=['\"](result|error)['\"]")


class Crowd:
    """Lives on a thread of its own, and comes back whenever its server does."""

    def __init__(self, domain: str, port: int, secret: str) -> None:
        self.domain, self.port, self.secret = domain, port, secret
        # By item and reader: the moment and the stanza id of each copy.
        self.copies: dict[str, dict[int, list[tuple[float, bytes]]]] = defaultdict(dict)
        self.answers = 0
        self.online = threading.Event()
        self._ended = False
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended = True
        if self._socket:
            self._socket.close()

    def subscribe(self, count: int, service: str, node: str) -> None:
        """Returns when all are subscribed."""
        self.answers = 0
        for number in range(count):
            reader = f"r{number}@{self.domain}"
            self._send(
                f"<iq type='set' id='s{number}' from='{reader}' to='{service}'><pubsub xmlns='{NS}'>"
                f"<subscribe node='{node}' jid='{reader}'/></pubsub></iq>"
            )
            while number - self.answers > 200:
                time.sleep(0.001)
        deadline = time.monotonic() + 120
        while self.answers < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"only {self.answers} of {count} readers were subscribed")
            time.sleep(0.01)

    def reached(self, item: str) -> int:
        """How many readers have the item."""
        return len(self.copies[item])

    # On the thread

    def _send(self, text: str) -> None:
        self._socket.sendall(text.encode())

    def _live(self) -> None:
        while not self._ended:
            try:
                with socket.create_connection((LOOPBACK, self.port), timeout=5) as connection:
                    self._socket = connection
                    rest = self._shake_hands(connection)
                    connection.settimeout(None)
                    self.online.set()
                    self._read(connection, rest)
            except OSError:
                pass
            self.online.clear()
            time.sleep(0.05)

    def _shake_hands(self, connection: socket.socket) -> bytes:
        connection.sendall(
            f"<stream:stream xmlns='jabber:component:accept' to='{self.domain}' "
            "xmlns:stream='http://etherx.jabber.org/streams'>".encode()
        )
        heard = b""
        while not (header := re.search(rb"<stream:stream[^>]*\sid=['\"]([^'\"]+)['\"][^>]*>", heard)):
            heard += self._more(connection)
        digest = hashlib.sha1(header[1] + self.secret.encode()).hexdigest()
        connection.sendall(f"<handshake>{digest}</handshake>".encode())
        heard = heard[header.end() :]
        while not (end := re.search(rb"<handshake\s*/>|<handshake></handshake>|stream:error", heard)):
            heard += self._more(connection)
        if end[0] == b"stream:error":
            raise OSError("refused")
        return heard[end.end() :]

    @staticmethod
    def _more(connection: socket.socket) -> bytes:
        data = connection.recv(1 << 18)
        if not data:
            raise OSError("closed")
        return data

    def _read(self, connection: socket.socket, rest: bytes) -> None:
        while True:
            rest += self._more(connection)
            now = time.monotonic()
            *whole, rest = rest.split(MESSAGE_END)
            for piece in whole:
                self._count(piece, now)
            # Answers stand alone while subscribing; what remains is at most one message's beginning.
            cut = rest.rfind(b"<message")
            done, rest = (rest[:cut], rest[cut:]) if cut >= 0 else self._cut_answers(rest)
            self.answers += len(RESULT.findall(done))

    @staticmethod
    def _cut_answers(rest: bytes) -> tuple[bytes, bytes]:
        end = max(rest.rfind(b"</iq>") + 5 if b"</iq>" in rest else 0, 0)
        return rest[:end], rest[end:]

    def _count(self, piece: bytes, now: float) -> None:
        self.answers += len(RESULT.findall(piece))
        tag = START.search(piece)
        item = ITEM.search(piece)
        if not tag or not item:
            return
        reader, stanza = TO.search(tag[0]), ID.search(tag[0])
        if reader and stanza:
            copies = self.copies[item[1].decode()]
            copies.setdefault(int(reader[1]), []).append((now, stanza[1]))
