#!/usr/bin/python3
"""A component made with slixmpp that writes a message to each of many readers, for bench.py.

    bench-slixmpp.py PORT DOMAIN SECRET HEAD TAIL

Takes the same order as the writer in C, `send READERS BATCH WINDOW CROWD SERVER`, and says `online` and
`sent` as it does. It does what a program with that library would: a stanza object, copied and sent for
each reader. After each batch it waits until the socket has taken what is before it; it asks for no
barriers, so WINDOW and SERVER are passed over.
"""

import asyncio
import copy
import logging
import sys
from pathlib import Path
from xml.etree import ElementTree

# Before the import, which says that Debian's package lacks a faster part.
logging.basicConfig(level=logging.ERROR)

from slixmpp import ComponentXMPP, Message  # noqa: E402

LOOPBACK = "127.0.0.1"
NAMESPACE = "jabber:component:accept"


class Writer(ComponentXMPP):
    def __init__(self, port: int, domain: str, secret: str, message: str) -> None:
        super().__init__(domain, secret, LOOPBACK, port)
        self.message = Message(self, xml=ElementTree.fromstring(message))
        self.orders: asyncio.Queue[str] = asyncio.Queue()
        self.add_event_handler("session_start", self.take_orders)
        self.add_event_handler("disconnected", lambda _: self.loop.stop())

    async def take_orders(self, _: object) -> None:
        self.loop.add_reader(sys.stdin, self.hear)
        print("online", self.boundjid, flush=True)
        while order := await self.orders.get():
            _, readers, batch, _, crowd, _ = order.split()
            await self.write_all(int(readers), int(batch), crowd)
            print("sent", flush=True)
        self.loop.stop()

    def hear(self) -> None:
        line = sys.stdin.readline()
        if not line:
            self.loop.remove_reader(sys.stdin)
        self.orders.put_nowait(line.strip())

    async def write_all(self, readers: int, batch: int, crowd: str) -> None:
        for reader in range(readers):
            message = copy.copy(self.message)
            message["to"] = f"r{reader}@{crowd}"
            message["id"] = f"bench-{reader:016}"
            message.send()
            if (reader + 1) % batch == 0 or reader + 1 == readers:
                await self.waiting_queue.join()
                while self.transport.get_write_buffer_size() > 0:
                    await asyncio.sleep(0.001)


def main() -> None:
    port, domain, secret, head, tail = sys.argv[1:]
    message = Path(head).read_text() + Path(tail).read_text()
    message = message.replace("<message", f"<message xmlns='{NAMESPACE}'", 1)
    writer = Writer(int(port), domain, secret, message)
    writer.connect()
    writer.loop.run_forever()


if __name__ == "__main__":
    main()
