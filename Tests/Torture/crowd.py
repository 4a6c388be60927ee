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
# In a chat all messages about an issue are one thread.
THREAD = re.compile(rb"<thread>([^@<]+)@")
ITEM = re.compile(rb"<(?:item|retract)\s[^>]*\bid=['\"]([^'\"]+)['\"]")
CHAT = re.compile(rb"\stype=['\"]chat['\"]")
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

    def subscribe(self, numbers: range, service: str, node: str) -> None:
        """Returns when all of these are subscribed, by PubSub."""
        self._ask(
            numbers,
            lambda number, reader: f"<iq type='set' id='s{number}' from='{reader}' to='{service}'>"
            f"<pubsub xmlns='{NS}'><subscribe node='{node}' jid='{reader}'/></pubsub></iq>",
            ahead=200,
        )

    def subscribe_in_chats(self, numbers: range, contact: str) -> None:
        """The same, by a word to the newsletter."""
        self._ask(
            numbers,
            lambda number, reader: f"<message type='chat' id='s{number}' from='{reader}/x' "
            f"to='{contact}'><body>subscribe</body></message>",
            # What is said in chats is answered in any order.
            ahead=1,
        )

    def _ask(self, numbers: range, request, ahead: int) -> None:
        self.answers = 0
        deadline = time.monotonic() + 300
        for asked, number in enumerate(numbers, 1):
            self._send(request(number, f"r{number}@{self.domain}"))
            while self.answers < (len(numbers) if asked == len(numbers) else asked - ahead + 1):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"only {self.answers} of {len(numbers)} readers were subscribed")
                time.sleep(0.001)

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
        issue = THREAD.search(piece) or ITEM.search(piece)
        if not tag or not issue:
            self.answers += bool(tag and CHAT.search(tag[0]))
            return
        reader, stanza = TO.search(tag[0]), ID.search(tag[0])
        if reader and stanza:
            copies = self.copies[issue[1].decode()]
            copies.setdefault(int(reader[1]), []).append((now, stanza[1]))
