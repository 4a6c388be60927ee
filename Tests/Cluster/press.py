"""Who publishes to a cluster's own PubSub: a client or a component, through one node or another.

Both are made for a harness: they publish one item at a time, and know of each whether it is stored.
"""

import asyncio
from enum import Enum
from xml.etree import ElementTree

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout

from child import LOOPBACK
from ejabberd_cluster import Node
from people import PATIENCE, Person
from xmpp_server import COMPONENT, FEEDS

ATOM = "http://www.w3.org/2005/Atom"
PUBSUB = "{http://jabber.org/protocol/pubsub}"


def entry(title: str) -> ElementTree.Element:
    made = ElementTree.Element(f"{{{ATOM}}}entry")
    ElementTree.SubElement(made, f"{{{ATOM}}}title").text = title
    return made


class Outcome(Enum):
    """What became of an item that was on its way when a node died."""

    ANSWERED = "was answered"
    STORED = "was stored without an answer"
    REPEATED = "was not stored, and published again"


class Lost(Exception):
    """The connection broke off before an answer came: what was asked for may be done or not."""


class Press:
    """One connection; `through` opens it anew at a node."""

    name = ""
    # From whom a component's requests are; the server says it of a client's.
    sender: str | None = None

    async def through(self, node: Node) -> None:
        raise NotImplementedError

    async def leave(self) -> None:
        raise NotImplementedError

    @property
    def stream(self) -> slixmpp.BaseXMPP:
        raise NotImplementedError

    async def create(self, node: str, maximum: int) -> None:
        form = self.stream["xep_0004"].make_form(ftype="submit")
        settings = {
            "FORM_TYPE": "http://jabber.org/protocol/pubsub#node_config",
            "pubsub#persist_items": "1",
            "pubsub#max_items": str(maximum),
            "pubsub#deliver_payloads": "1",
            "pubsub#access_model": "open",
        }
        for name, value in settings.items():
            form.add_field(var=name, value=value)
        await self._pubsub.create_node(
            FEEDS, node, config=form, ifrom=self.sender, timeout=PATIENCE
        )

    async def publish(self, node: str, item: str) -> None:
        """Throws `Lost` when the connection breaks off, `IqTimeout` when nothing comes for long."""
        gone = asyncio.get_running_loop().create_future()
        stream = self.stream
        stream.add_event_handler(
            "disconnected", lambda _: gone.done() or gone.set_result(None), disposable=True
        )
        answer = asyncio.ensure_future(
            self._pubsub.publish(
                FEEDS, node, id=item, payload=entry(item), ifrom=self.sender, timeout=PATIENCE
            )
        )
        await asyncio.wait({gone, answer}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            raise Lost(f"{self.name} lost its connection while it published {item}")
        answer.result()

    async def has(self, node: str, item: str) -> bool:
        """Reads one item back."""
        try:
            answer = await self._pubsub.get_item(
                FEEDS, node, item, ifrom=self.sender, timeout=PATIENCE
            )
        except IqError as error:
            if error.condition == "item-not-found":
                return False
            raise
        return any(each.get("id") == item for each in answer.xml.iter(f"{PUBSUB}item"))

    async def publish_once(self, node: str, item: str, other: Node) -> Outcome:
        """As `publish`; when the connection is lost, goes on through the other, never twice.

        What is published again is told to everybody again (XEP-0060 §12.9), so it is looked for first.
        """
        try:
            await self.publish(node, item)
            return Outcome.ANSWERED
        except (Lost, IqTimeout):
            await self.leave()
            await self.through(other)
            if await self.has(node, item):
                return Outcome.STORED
            await self.publish(node, item)
            return Outcome.REPEATED

    @property
    def _pubsub(self) -> slixmpp.plugins.base.BasePlugin:
        return self.stream["xep_0060"]


class Client(Press):
    name = "a client"

    def __init__(self, name: str, password: str) -> None:
        self._person = Person(name, password, 0)

    async def through(self, node: Node) -> None:
        self._person.port = node.client_port
        await self._person.login()

    async def leave(self) -> None:
        await self._person.logout()

    @property
    def stream(self) -> slixmpp.BaseXMPP:
        return self._person.client


class Component(Press):
    name = "a component"

    def __init__(self, jid: str = COMPONENT) -> None:
        self.sender = jid
        self._stream: slixmpp.ComponentXMPP | None = None

    async def through(self, node: Node) -> None:
        stream = slixmpp.ComponentXMPP(
            self.sender, node.component_secret, LOOPBACK, node.component_port
        )
        for plugin in ("xep_0004", "xep_0030", "xep_0060", "xep_0199"):
            stream.register_plugin(plugin)
        ready = asyncio.get_running_loop().create_future()
        stream.add_event_handler("session_start", lambda _: ready.done() or ready.set_result(None))
        stream.connect()
        await asyncio.wait_for(ready, PATIENCE)
        self._stream = stream

    async def leave(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None and stream.is_connected():
            await asyncio.wait_for(asyncio.ensure_future(stream.disconnect(wait=2)), PATIENCE)

    @property
    def stream(self) -> slixmpp.BaseXMPP:
        if self._stream is None:
            raise RuntimeError("the component is not connected")
        return self._stream
