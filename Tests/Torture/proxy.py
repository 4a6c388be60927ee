"""A TCP proxy between Broadsheet and its server that can be cut, stalled and closed."""

import socket
import struct
import threading

from child import LOOPBACK

RESET = struct.pack("ii", 1, 0)


def open_tap() -> threading.Event:
    tap = threading.Event()
    tap.set()
    return tap


class Proxy:
    """Each connection has two threads; faults are orders to all of them."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = self._listener.getsockname()[1]
        # Which the connections of now share; nothing passes while it is closed.
        self._tap = open_tap()
        self._open = threading.Event()
        self._open.set()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def end(self) -> None:
        self._listener.close()
        self.cut()

    def stall(self) -> None:
        """Nothing passes, but nobody is told."""
        self._tap.clear()

    def flow(self) -> None:
        self._tap.set()

    def abandon(self) -> None:
        """Connections that are stalled stay so, whatever becomes of the server; new ones flow."""
        self._tap = open_tap()

    def garble(self) -> None:
        """Writes to the server what is no XML, wherever the stream is just then."""
        for _, far in self._pairs:
            try:
                far.sendall(b"<</>")
            except OSError:
                pass

    def close_door(self) -> None:
        """Who connects waits."""
        self._open.clear()

    def open_door(self) -> None:
        self._open.set()

    def cut(self) -> None:
        """Resets every connection, with what is under way in it."""
        for pair in self._pairs:
            for side in pair:
                try:
                    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    side.shutdown(socket.SHUT_RDWR)
                    side.close()
                except OSError:
                    pass
        self._pairs.clear()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._open.is_set():
                near.close()
                continue
            try:
                far = socket.create_connection((LOOPBACK, self.target), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self._pairs.append((near, far))
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink, self._tap), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket, tap: threading.Event) -> None:
        try:
            while data := source.recv(1 << 17):
                tap.wait()
                sink.sendall(data)
        except OSError:
            pass
        # The end of a connection is news as well.
        tap.wait()
        for side in (source, sink):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            side.close()
