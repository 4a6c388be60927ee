"""Components that speak nothing but bytes: a crowd that floods, and one that does no work at all."""

import re
import secrets
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Support" / "Servers"))

from raw_stream import RawComponent  # noqa: E402
from xmpp_server import CROWD, ECHO  # noqa: E402


# So many requests are sent at once.
BLOCK = 50


class Crowd(RawComponent):
    """So many people who all ask at once, again and again, until it is closed."""

    def __init__(self, port: int, secret: str, people: int, victim: str, pace: int = 0) -> None:
        """`pace` is how many requests a second they send; 0 is as many as their server takes."""
        super().__init__(CROWD, port, secret)
        self.sent = 0
        self.counts = {"result": 0, "error": 0}
        self.neighbour = {"result": 0, "error": 0}
        """What somebody of the same domain has got who asks now and then."""
        self._asked = 0
        # Another one each time: what one may ask for at first is soon used up.
        self._neighbour = f"n{time.monotonic_ns()}"
        self._is_closed = False
        self.people = people
        self._pace = pace
        self._began = time.monotonic()
        self._ended: float | None = None
        self._victim = victim
        self._stanzas = [self._request(f"a{number}", f"q{number}", victim) for number in range(people)]
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._read, self._write)]

    @staticmethod
    def _request(name: str, id: str, victim: str) -> bytes:
        """A question that has an answer of a few hundred bytes."""
        return (
            f"<iq type='get' id='{id}' from='{name}@{CROWD}/x' to='{victim}'>"
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><subscriptions/></pubsub></iq>"
        ).encode()

    @property
    def rate(self) -> float:
        """How many requests a second the server has taken."""
        return self.sent / ((self._ended or time.monotonic()) - self._began)

    def subscribe(self, count: int, node: str) -> None:
        """So many of them read the node."""
        for number in range(count):
            self.write(
                f"<iq type='set' id='s{number}' from='a{number}@{CROWD}/x' to='{self._victim}'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                f"<subscribe node='{node}' jid='a{number}@{CROWD}'/></pubsub></iq>"
            )
        for _ in range(count):
            answer = self.until(rb"<iq\s[^>]*>")
            if not re.search(rb"\stype=['\"]result", answer):
                raise AssertionError(f"not subscribed: {answer[-300:]!r}")

    def issue(self, count: int) -> dict[str, str]:
        """The ids of the messages that so many of them get next, by address."""
        ids: dict[str, str] = {}
        while len(ids) < count:
            tag = re.search(rb"<message\s[^>]*>$", self.until(rb"<message\s[^>]*>"))[0].decode()
            reader, id = (re.search(rf"\s{name}=(['\"])(.*?)\1", tag)[2] for name in ("to", "id"))
            ids[reader] = id
        return ids

    def attack(self, stanzas: list[bytes] | None = None) -> None:
        """With those again and again, or with requests."""
        self._stanzas = stanzas or self._stanzas
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()

    def ask_as_neighbour(self) -> None:
        """Right behind a block of the crowd's, which takes what there is."""
        self._asked += 1

    def close(self) -> None:
        self._ended = time.monotonic()
        self._is_closed = True
        self.socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        self.socket.close()

    def _write(self) -> None:
        asked = 0
        stanzas = self._stanzas
        blocks = [b"".join(stanzas[start : start + BLOCK]) for start in range(0, len(stanzas), BLOCK)]
        try:
            while not self._is_closed:
                for block in blocks:
                    if asked < self._asked:
                        asked += 1
                        block += self._request(self._neighbour, f"n{asked}", self._victim)
                    self.socket.sendall(block)
                    if self._pace:
                        time.sleep(BLOCK / self._pace)
                self.sent += len(stanzas)
        except OSError:
            pass

    def _read(self) -> None:
        rest = self.rest
        try:
            while more := self.socket.recv(65536):
                *tags, rest = (rest + more).split(b"<iq ")
                for tag in tags:
                    self._note(tag.partition(b">")[0])
        except OSError:
            pass

    def _note(self, tag: bytes) -> None:
        kind = re.search(rb"type=['\"](result|error)", tag)
        if kind:
            counts = self.neighbour if re.search(rb"\bid=['\"]n", tag) else self.counts
            counts[kind[1].decode()] += 1


def made_up_errors(people: int, victim: str) -> list[bytes]:
    """What comes back from readers, by ids that look like ours."""
    return [error(f"a{number}@{CROWD}", secrets.token_urlsafe(14), victim) for number in range(people)]


def error(reader: str, id: str, victim: str) -> bytes:
    """What a server says of a reader it can't reach."""
    return (
        f"<message type='error' id='{id}' from='{reader}' to='{victim}'><error type='cancel'>"
        "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
    ).encode()


class Echo(RawComponent):
    """Answers the requests of one person at once and throws all others away, unparsed."""

    def __init__(self, port: int, secret: str, person: str) -> None:
        super().__init__(ECHO, port, secret)
        self._person = person.encode()

    def run(self) -> None:
        # A request may have come with the end of the handshake.
        more, rest = self.rest, b""
        while True:
            whole, _, rest = (rest + more).rpartition(b"</iq>")
            if self._person in whole:
                for stanza in whole.split(b"</iq>"):
                    self._answer(stanza)
            if not (more := self.socket.recv(1 << 20)):
                return

    def _answer(self, stanza: bytes) -> None:
        start = re.search(rb"<iq\s[^>]*>", stanza)
        if not start or self._person not in start[0]:
            return
        sender, id = (
            re.search(rb"\s%s=(['\"])(.*?)\1" % name, start[0])[2].decode() for name in (b"from", b"id")
        )
        self.socket.sendall(f"<iq type='result' id='{id}' from='{ECHO}' to='{sender}'/>".encode())


if __name__ == "__main__":
    Echo(int(sys.argv[1]), sys.argv[2], sys.argv[3]).run()
