"""What the tests of the PubSub service have in common: forms, requests, and what people hear."""

import asyncio
from collections.abc import Awaitable
from xml.etree import ElementTree

import slixmpp
from slixmpp.exceptions import IqTimeout
from slixmpp.plugins.xep_0004 import Form
from slixmpp.plugins.xep_0059.stanza import Set
from world import COMPONENT, PATIENCE, InteropCase, IqError, Person, errors_in

__all__ = ["COMPONENT", "EVENT", "OWNER", "PATIENCE", "PUBSUB", "PubSubCase", "RESULT_SET", "SETTINGS", "child"]

PUBSUB = "http://jabber.org/protocol/pubsub"
OWNER = f"{PUBSUB}#owner"
EVENT = f"{PUBSUB}#event"
RESULT_SET = "http://jabber.org/protocol/rsm"
PLUGINS = ("xep_0004", "xep_0030", "xep_0050", "xep_0059", "xep_0060", "xep_0092", "xep_0313")

# Who may have nodes of their own, and whom people may turn to.
SETTINGS = """\
pubsub:
  creators: [benvolio@localhost]
  owners_add_readers: true
  contacts: {admin: "xmpp:benvolio@localhost"}
"""


def child(xml: ElementTree.Element, name: str, namespace: str = PUBSUB) -> ElementTree.Element | None:
    """The first element of that name, at any depth."""
    return xml.find(f".//{{{namespace}}}{name}")


class PubSubCase(InteropCase):
    """Broadsheet runs, benvolio may create nodes, and everybody speaks with a PubSub client."""

    settings = SETTINGS

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.broadsheet.write_configuration(
            self.server.component_port, ("log:\n", self.settings + "log:\n")
        )

    async def serve(self, *names: str) -> list[Person]:
        self.broadsheet.start()
        people = await self.online(*names)
        for person in people:
            for plugin in PLUGINS:
                person.client.register_plugin(plugin)

        async def answers() -> bool:
            try:
                await people[0].discover(COMPONENT)
                return True
            except (IqError, IqTimeout):
                return False

        await self.until(answers, "the service to answer")
        return people

    # Asking

    async def send(
        self, person: Person, kind: str, payload: str, namespace: str = PUBSUB
    ) -> ElementTree.Element:
        """The answer to what the library has no call for: `payload` within `<pubsub/>`."""
        request = person.client.make_iq(ito=COMPONENT, itype=kind)
        text = f'<pubsub xmlns="{namespace}">{payload}</pubsub>'
        request.xml.append(ElementTree.fromstring(text))
        return (await request.send(timeout=PATIENCE)).xml

    async def refused(self, request: Awaitable, *conditions: str) -> None:
        """Whether the request ends in an error with all of these conditions."""
        with self.assertRaises(IqError) as caught:
            await request
        self.assertLessEqual(set(conditions), errors_in(caught.exception))

    def form(self, kind: str, **fields: str) -> Form:
        """A filled-in form of PubSub; the names are without their prefix."""
        form = Form()
        form["type"] = "submit"
        form.add_field(var="FORM_TYPE", ftype="hidden", value=f"{PUBSUB}#{kind}")
        for name, value in fields.items():
            form.add_field(var=f"pubsub#{name}", value=value)
        return form

    async def create(self, owner: Person, node: str, **fields: str) -> None:
        form = self.form("node_config", **fields) if fields else None
        await owner.client["xep_0060"].create_node(COMPONENT, node, config=form, timeout=PATIENCE)

    async def put(
        self, person: Person, node: str, item: str | None = None, text: str = "", **more: object
    ) -> str:
        """Publishes a verse; returns the id the service says."""
        payload = ElementTree.Element("{urn:example:verse}verse")
        payload.text = text
        answer = await person.client["xep_0060"].publish(
            COMPONENT, node, id=item, payload=payload, timeout=PATIENCE, **more
        )
        found = child(answer.xml, "item")
        return "" if found is None else found.get("id", "")

    async def ids(self, person: Person, node: str) -> list[str]:
        return [each.id for each in await person.items(COMPONENT, node)]

    async def page(
        self, person: Person, node: str, order: str = "", **asked: object
    ) -> tuple[list[str], dict[str, str | None]]:
        """One page of a node (XEP-0059): its ids, and what is said of the whole."""
        request = person.client.make_iq_get(ito=COMPONENT)
        payload = ElementTree.SubElement(request.xml, f"{{{PUBSUB}}}pubsub")
        ElementTree.SubElement(payload, f"{{{PUBSUB}}}items", {"node": node})
        if order:
            payload.append(ElementTree.fromstring(order))
        if asked:
            page = Set()
            for name, value in asked.items():
                page[name] = value
            payload.append(page.xml)
        answer = (await request.send(timeout=PATIENCE)).xml
        told = answer.find(f".//{{{RESULT_SET}}}set")
        ids = [each.get("id", "") for each in answer.iter(f"{{{PUBSUB}}}item")]
        about = [] if told is None else told
        return ids, {each.tag.rpartition("}")[2]: each.text for each in about}

    def values(self, xml: ElementTree.Element) -> dict[str, list[str]]:
        """The fields of the form in an answer, the names without `pubsub#`."""
        return {
            field.get("var", "").removeprefix("pubsub#"): [
                value.text or "" for value in field.iterfind("{jabber:x:data}value")
            ]
            for field in xml.iter("{jabber:x:data}field")
        }

    # Hearing

    async def hears(self, person: Person, path: str, since: int = 0) -> ElementTree.Element:
        """The first message with an element at the path, which has namespaces in braces."""
        heard = await person.wait_for(
            f"a message with {path}",
            lambda heard: heard.xml is not None and heard.xml.find(path) is not None,
            since,
        )
        return heard.xml.find(path)

    async def hears_of(
        self, person: Person, what: str, node: str, since: int = 0
    ) -> ElementTree.Element:
        """An event of that name about the node."""
        return await self.hears(person, f".//{{{EVENT}}}{what}[@node='{node}']", since)

    async def hears_nothing(self, person: Person, since: int) -> None:
        await person.catch_up(COMPONENT)
        self.assertEqual([each.kind for each in self.messages(person, since)], [])

    async def together(self, *requests: Awaitable[slixmpp.Iq]) -> list:
        return await asyncio.gather(*requests)
