"""People with an XMPP client (slixmpp), as the demo and the interoperability tests need them."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

from child import LOOPBACK

CLIENT = "{jabber:client}"
EVENT = "{http://jabber.org/protocol/pubsub#event}"
DELAY = "{urn:xmpp:delay}delay"
FALLBACK = "{urn:xmpp:fallback:0}"
REPLY = "urn:xmpp:reply:0"
CORRECTION = "{urn:xmpp:message-correct:0}replace"
ATOM = "{http://www.w3.org/2005/Atom}"

# How long anybody waits for what should come at once; only a test that fails waits so long.
PATIENCE = 30

__all__ = ["PATIENCE", "Heard", "IqError", "IqTimeout", "Item", "NothingHeard", "Person"]


class NothingHeard(Exception):
    """Somebody waited for a message that did not come; says what else came meanwhile."""


@dataclass
class Item:
    """A PubSub item as a client sees it."""

    id: str
    payload: ElementTree.Element | None

    @property
    def title(self) -> str:
        found = None if self.payload is None else self.payload.find(f"{ATOM}title")
        return "" if found is None else found.text or ""

    @property
    def payload_xml(self) -> str:
        """The payload in canonical form, to compare what was sent with what was fetched."""
        if self.payload is None:
            return ""
        return ElementTree.canonicalize(ElementTree.tostring(self.payload, encoding="unicode"))


@dataclass
class Heard:
    """One message or presence that reached a person."""

    kind: str  # chat, groupchat, normal, headline, error, presence
    sender: str
    # Without the quotation in front of a reply, which has the words of the question.
    body: str = ""
    node: str = ""
    items: list[Item] = field(default_factory=list)
    retracted: list[str] = field(default_factory=list)
    delayed: bool = False
    corrects: bool = False
    available: bool = True
    stanza_id: str = ""
    # The stanza itself, for what the fields above leave out.
    xml: ElementTree.Element | None = None

    @property
    def is_event(self) -> bool:
        return bool(self.node)

    @property
    def nick(self) -> str:
        return self.sender.partition("/")[2]


def _read_message(xml: ElementTree.Element) -> Heard:
    heard = Heard(
        kind=xml.get("type", "normal"),
        sender=xml.get("from", ""),
        body=_read_body(xml),
        delayed=xml.find(DELAY) is not None,
        corrects=xml.find(CORRECTION) is not None,
        stanza_id=xml.get("id", ""),
        xml=xml,
    )
    for items in xml.iterfind(f"{EVENT}event/{EVENT}items"):
        heard.node = items.get("node", "")
        heard.items += [_read_item(each) for each in items.iterfind(f"{EVENT}item")]
        heard.retracted += [each.get("id", "") for each in items.iterfind(f"{EVENT}retract")]
    return heard


def _read_body(xml: ElementTree.Element) -> str:
    text = xml.findtext(f"{CLIENT}body") or ""
    for part in xml.iterfind(f"{FALLBACK}fallback[@for='{REPLY}']/{FALLBACK}body"):
        text = text[: int(part.get("start", 0))] + text[int(part.get("end", len(text))) :]
    return text


def _read_item(xml: ElementTree.Element) -> Item:
    return Item(xml.get("id", ""), next(iter(xml), None))


class Person:
    """One account; logs in and out as often as wished and remembers all it heard."""

    def __init__(
        self, name: str, password: str, port: int, told: Callable[["Person", Heard], None] | None = None
    ) -> None:
        """`told` is called for everything that arrives, in order."""
        self.name = name
        self.jid = f"{name}@localhost"
        self.password = password
        self.port = port
        self.heard: list[Heard] = []
        self.joined: dict[str, str] = {}
        self._told = told
        self._news = asyncio.Condition()
        self._client: slixmpp.ClientXMPP | None = None

    @property
    def mark(self) -> int:
        """The place in `heard` from which something yet to come will be."""
        return len(self.heard)

    @property
    def client(self) -> slixmpp.ClientXMPP:
        if self._client is None:
            raise RuntimeError(f"{self.name} is not logged in")
        return self._client

    # Session

    async def login(self, seconds: float = PATIENCE) -> None:
        client = slixmpp.ClientXMPP(f"{self.jid}/desk", self.password)
        for plugin in ("xep_0030", "xep_0045", "xep_0050", "xep_0060", "xep_0199"):
            client.register_plugin(plugin)
        client["feature_mechanisms"].unencrypted_plain = True
        ready = asyncio.get_running_loop().create_future()

        def settle(problem: str | None) -> None:
            if ready.done():
                return
            if problem is None:
                ready.set_result(None)
            else:
                ready.set_exception(ConnectionError(f"{self.jid} could not log in: {problem}"))

        client.add_event_handler("session_start", lambda _: settle(None))
        client.add_event_handler("failed_auth", lambda _: settle("the server refused the password"))
        for name in ("message", "presence"):
            matcher = MatchXPath(f"{CLIENT}{name}")
            client.register_handler(Callback(f"every {name}", matcher, self._received))
        self._client = client
        client.connect(address=(LOOPBACK, self.port), force_starttls=False, disable_starttls=True)
        await asyncio.wait_for(ready, seconds)
        client.send_presence()

    async def logout(self) -> None:
        client, self._client = self._client, None
        self.joined.clear()
        if client is not None and client.is_connected():
            client.send_presence(ptype="unavailable")
            await asyncio.wait_for(asyncio.ensure_future(client.disconnect(wait=2)), 5)

    def _received(self, stanza: slixmpp.xmlstream.StanzaBase) -> None:
        xml = stanza.xml
        if xml.tag == f"{CLIENT}presence":
            heard = Heard(
                "presence", xml.get("from", ""), available=xml.get("type") is None, xml=xml
            )
        else:
            heard = _read_message(xml)
        self.heard.append(heard)
        if self._told:
            self._told(self, heard)
        asyncio.ensure_future(self._announce())

    async def _announce(self) -> None:
        async with self._news:
            self._news.notify_all()

    # Talking

    def write(self, to: str, text: str) -> None:
        self.client.send_message(mto=to, mbody=text, mtype="chat")

    async def join(self, room: str, nick: str, seconds: int = PATIENCE) -> None:
        await self.client["xep_0045"].join_muc_wait(room, nick, maxstanzas=0, timeout=seconds)
        self.joined[room] = nick

    def say(self, room: str, text: str) -> None:
        self.client.send_message(mto=room, mbody=text, mtype="groupchat")

    def react(self, room: str, message: str, *signs: str) -> None:
        """Shows these signs at a message (XEP-0444), in place of those before."""
        stanza = self.client.make_message(mto=room, mtype="groupchat")
        reactions = ElementTree.SubElement(
            stanza.xml, "{urn:xmpp:reactions:0}reactions", {"id": message}
        )
        for sign in signs:
            ElementTree.SubElement(reactions, "{urn:xmpp:reactions:0}reaction").text = sign
        stanza.send()

    async def kick(self, room: str, nick: str) -> None:
        await self.client["xep_0045"].set_role(room, nick, "none")

    async def configure(self, room: str, **settings: str) -> None:
        """As the room's owner; a setting is named as XEP-0045 does behind `muc#roomconfig_`.

        `members_by_default` is ejabberd's alone: whether everybody has a voice in a moderated room.
        """
        form = self.client["xep_0004"].make_form(ftype="submit")
        form.add_field(
            var="FORM_TYPE", ftype="hidden", value="http://jabber.org/protocol/muc#roomconfig"
        )
        for name, value in settings.items():
            is_own = name == "members_by_default"
            form.add_field(var=name if is_own else f"muc#roomconfig_{name}", value=value)
        await self.client["xep_0045"].set_room_config(room, form, timeout=PATIENCE)

    async def affiliate(self, room: str, jid: str, affiliation: str) -> None:
        await self.client["xep_0045"].set_affiliation(
            room, affiliation, jid=jid, timeout=PATIENCE
        )

    async def give_voice(self, room: str, nick: str) -> None:
        await self.client["xep_0045"].set_role(room, nick, "participant", timeout=PATIENCE)

    async def destroy(self, room: str, reason: str, successor: str) -> None:
        await self.client["xep_0045"].destroy(room, reason, successor, timeout=PATIENCE)

    def leave(self, room: str) -> None:
        self.client["xep_0045"].leave_muc(room, self.joined.pop(room))

    async def catch_up(self, service: str) -> None:
        """Returns when everything the service sent before now is in `heard`.

        The answer to a ping takes the same way, in the same order, as what was sent before it.
        """
        await self.client["xep_0199"].send_ping(service, timeout=PATIENCE)

    # PubSub

    async def discover(self, jid: str, node: str | None = None) -> slixmpp.Iq:
        return await self.client["xep_0030"].get_info(jid=jid, node=node, timeout=PATIENCE)

    async def discover_items(self, jid: str, node: str | None = None) -> list[tuple[str, str, str]]:
        """(JID, node, name) of each item."""
        answer = await self.client["xep_0030"].get_items(jid=jid, node=node, timeout=PATIENCE)
        return [(str(jid), node or "", name or "") for jid, node, name in answer["disco_items"]["items"]]

    async def subscribe(self, service: str, node: str, subscriber: str | None = None) -> str:
        """Returns the state of the subscription."""
        answer = await self.client["xep_0060"].subscribe(
            service, node, subscribee=subscriber or self.jid, timeout=PATIENCE
        )
        return answer["pubsub"]["subscription"]["subscription"]

    async def unsubscribe(self, service: str, node: str) -> None:
        await self.client["xep_0060"].unsubscribe(service, node, subscribee=self.jid, timeout=PATIENCE)

    async def subscriptions(self, service: str) -> list[tuple[str, str, str]]:
        """(node, JID, state) of each of this person's subscriptions."""
        answer = await self.client["xep_0060"].get_subscriptions(service, timeout=PATIENCE)
        found = answer.xml.iterfind(".//{http://jabber.org/protocol/pubsub}subscription")
        return [(e.get("node", ""), e.get("jid", ""), e.get("subscription", "")) for e in found]

    async def options(self, service: str, node: str) -> slixmpp.Iq:
        return await self.client["xep_0060"].get_subscription_options(
            service, node, self.jid, timeout=PATIENCE
        )

    async def items(
        self, service: str, node: str, ids: list[str] | None = None, maximum: int | None = None
    ) -> list[Item]:
        answer = await self.client["xep_0060"].get_items(
            service, node, item_ids=ids, max_items=maximum, timeout=PATIENCE
        )
        found = answer.xml.iterfind(".//{http://jabber.org/protocol/pubsub}item")
        return [_read_item(each) for each in found]

    # Waiting

    async def wait_for(
        self, what: str, matches: Callable[[Heard], bool], since: int = 0, seconds: float = PATIENCE
    ) -> Heard:
        """The first that matches among all heard from `since` on, waiting for it if need be."""
        deadline = time.monotonic() + seconds
        while True:
            for heard in self.heard[since:]:
                if matches(heard):
                    return heard
            left = deadline - time.monotonic()
            if left <= 0:
                raise NothingHeard(self._complaint(what, since, seconds))
            async with self._news:
                try:
                    await asyncio.wait_for(self._news.wait(), min(left, 0.25))
                except asyncio.TimeoutError:
                    continue

    def _complaint(self, what: str, since: int, seconds: float) -> str:
        meanwhile = [
            f"    {each.kind} from {each.sender}: {each.node or each.body or 'no body'}"[:160]
            for each in self.heard[since:]
        ]
        heard = "\n".join(meanwhile) if meanwhile else "    nothing"
        return f"{self.name} waited {seconds:g} s for {what}. Heard meanwhile:\n{heard}"

    async def answer(self, sender: str, *words: str, since: int = 0, seconds: float = PATIENCE) -> Heard:
        """A chat message from `sender` that holds every one of the words, in any case."""
        return await self.wait_for(
            f"a message from {sender} with {words}",
            lambda heard: not heard.is_event
            and heard.kind != "groupchat"
            and heard.sender.split("/")[0] == sender
            and all(word.lower() in heard.body.lower() for word in words),
            since,
            seconds,
        )

    async def said_in_room(
        self, room: str, nick: str, *words: str, since: int = 0, seconds: float = PATIENCE
    ) -> Heard:
        return await self.wait_for(
            f"{nick} to say {words} in {room}",
            lambda heard: heard.kind == "groupchat"
            and heard.sender == f"{room}/{nick}"
            and not heard.delayed
            and all(word.lower() in heard.body.lower() for word in words),
            since,
            seconds,
        )

    async def event(self, node: str, item: str, since: int = 0, seconds: float = PATIENCE) -> Heard:
        return await self.wait_for(
            f"item {item} of {node}",
            lambda heard: heard.node == node and any(each.id.startswith(item) for each in heard.items),
            since,
            seconds,
        )

    async def sees(self, occupant: str, since: int = 0, seconds: float = PATIENCE) -> Heard:
        return await self.wait_for(
            f"{occupant} to come into the room",
            lambda heard: heard.kind == "presence" and heard.sender == occupant and heard.available,
            since,
            seconds,
        )
