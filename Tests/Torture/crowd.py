"""All readers in one: a component that subscribes them and counts what each is sent."""

import re
import socket
import threading
import time
from collections import defaultdict

from raw_stream import RawComponent

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


class Copies(dict[int, list[tuple[float, bytes]]]):
    """Of one item, by reader: the moment and the stanza id of each copy."""

    def missing(self, readers: int) -> set[int]:
        """Who of the first so many has none."""
        return set(range(readers)) - self.keys()

    @property
    def again(self) -> int:
        """How many were sent to who had one already."""
        return sum(len(each) - 1 for each in self.values())

    @property
    def strange(self) -> list[int]:
        """Whose copies do not all have the same id."""
        return [reader for reader, each in self.items() if len({id for _, id in each}) > 1]


class Crowd:
    """Lives on a thread of its own, and comes back whenever its server does."""

    def __init__(self, domain: str, port: int, secret: str) -> None:
        self.domain, self.port, self.secret = domain, port, secret
        self.copies: dict[str, Copies] = defaultdict(Copies)
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

    def settles(self, item: str, readers: int, seconds: float) -> Copies:
        """What all have got, when all have the item, or nothing more has come for so long."""
        count, since = -1, time.monotonic()
        while self.reached(item) < readers and time.monotonic() - since < seconds:
            if self.reached(item) != count:
                count, since = self.reached(item), time.monotonic()
            time.sleep(0.05)
        return self.copies[item]

    # On the thread

    def _send(self, text: str) -> None:
        self._socket.sendall(text.encode())

    def _live(self) -> None:
        while not self._ended:
            try:
                stream = RawComponent(self.domain, self.port, self.secret, patience=5)
                with stream.socket as connection:
                    self._socket = connection
                    self.online.set()
                    self._read(connection, stream.rest)
            except OSError:
                pass
            self.online.clear()
            time.sleep(0.05)

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
