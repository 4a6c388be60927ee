"""What a PubSub client library shows of the service, and that it is the same behind each server."""

import re
from collections.abc import Awaitable
from xml.etree import ElementTree

import slixmpp
from slixmpp.plugins.xep_0059.stanza import Set
from world import COMPONENT, NODE, PATIENCE, InteropCase, IqError, errors_in

PUBSUB = "http://jabber.org/protocol/pubsub"
RESULT_SET = "http://jabber.org/protocol/rsm"
OLDEST, MIDDLE, LATEST = (f"2026-{month}-05-dispatch" for month in ("03", "04", "05"))
ME = "juliet@localhost"

# What a server may add to a stanza that it passes on, and what differs with every run.
PASSING = re.compile(r' (?:xml:lang="en"|id="[0-9a-f]{32}")')
DATE = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def view(xml: ElementTree.Element) -> str:
    """A stanza in canonical form, without what every run or server has of its own."""
    text = ElementTree.canonicalize(ElementTree.tostring(xml, encoding="unicode"))
    return DATE.sub("DATE", PASSING.sub("", text))


class Views(InteropCase):
    # The view of each step behind the server that came first, and that server's name.
    first_views: dict[str, str] = {}
    first_make = ""

    async def test_a_client_sees_the_same_behind_every_server(self) -> None:
        benvolio, juliet = await self.open("juliet")
        self.client = juliet.client
        self.pubsub = juliet.client["xep_0060"]
        self.views: dict[str, str] = {}
        for issue in (OLDEST, MIDDLE):
            await self.publish(benvolio, issue)
        await self.look_around()
        await self.subscribe()
        await self.publish(benvolio, LATEST)
        event = await juliet.event(NODE, LATEST)
        self.assertTrue(event.body, "no text, although the options ask for one")
        (item,) = event.items
        payload = DATE.sub("DATE", item.payload_xml)
        self.views["event"] = f"{event.kind} from {event.sender}: {event.body}\n{item.id}\n{payload}"
        await self.fetch()
        await self.page_through()
        await self.go()
        self.compare()

    def compare(self) -> None:
        cls = type(self)
        if not cls.first_views:
            cls.first_views, cls.first_make = self.views, self.make.name
        self.assertEqual(self.views.keys(), self.first_views.keys())
        for step, seen in self.views.items():
            with self.subTest(step):
                makes = f"{self.make.name} is not as {self.first_make}"
                self.assertEqual(seen, self.first_views[step], makes)

    # The visit, step by step

    async def look_around(self) -> None:
        disco = self.client["xep_0030"]
        await self.see("service", disco.get_info(COMPONENT, timeout=PATIENCE))
        await self.see("node", disco.get_info(COMPONENT, NODE, timeout=PATIENCE))
        await self.see("no node", disco.get_info(COMPONENT, "x", timeout=PATIENCE), "item-not-found")
        await self.see("nodes", disco.get_items(COMPONENT, timeout=PATIENCE))
        await self.see("items", disco.get_items(COMPONENT, NODE, timeout=PATIENCE))

    async def subscribe(self) -> None:
        pubsub, node = self.pubsub, {"node": NODE, "timeout": PATIENCE}
        await self.see(
            "options of nobody",
            pubsub.get_subscription_options(COMPONENT, user_jid=ME, **node),
            "not-subscribed",
        )
        await self.see("subscribe", pubsub.subscribe(COMPONENT, subscribee=ME, **node))
        await self.see(
            "for somebody else",
            pubsub.subscribe(COMPONENT, subscribee="romeo@localhost", **node),
            "invalid-jid",
        )
        await self.see("subscriptions", pubsub.get_subscriptions(COMPONENT, timeout=PATIENCE))
        await self.see("subscriptions of a node", pubsub.get_subscriptions(COMPONENT, **node))
        await self.see("options", pubsub.get_subscription_options(COMPONENT, user_jid=ME, **node))
        form = self.client["xep_0004"].make_form(ftype="submit")
        form.add_field("FORM_TYPE", ftype="hidden", value=f"{PUBSUB}#subscribe_options")
        form.add_field("pubsub#include_body", value="1")
        # Not by set_subscription_options(): in slixmpp 1.8 that sends an IQ of type get.
        request = self.client.make_iq_set(ito=COMPONENT)
        request["pubsub"]["options"]["node"] = NODE
        request["pubsub"]["options"]["jid"] = ME
        request["pubsub"]["options"].append(form)
        await self.see("options set", request.send(timeout=PATIENCE))
        await self.see(
            "options kept", pubsub.get_subscription_options(COMPONENT, user_jid=ME, **node)
        )
        self.assertNotEqual(self.views["options"], self.views["options kept"])

    async def fetch(self) -> None:
        for name, choice, expected in (
            ("all", {}, [LATEST, MIDDLE, OLDEST]),
            ("latest two", {"max_items": 2}, [LATEST, MIDDLE]),
            ("one by id", {"item_ids": [OLDEST]}, [OLDEST]),
            ("two by id", {"item_ids": [OLDEST, LATEST]}, [LATEST, OLDEST]),
        ):
            request = self.pubsub.get_items(COMPONENT, NODE, timeout=PATIENCE, **choice)
            self.assertEqual(self.ids(await self.see(name, request)), expected, name)
        none = self.pubsub.get_item(COMPONENT, NODE, "x", timeout=PATIENCE)
        self.assertEqual(self.ids(await self.see("no such item", none)), [])

    async def page_through(self) -> None:
        whole = {"count": "3"}
        first = await self.page("first page", max="2")
        self.assertEqual(first, ([LATEST, MIDDLE], whole | {"first": LATEST, "last": MIDDLE}))
        rest = await self.page("next page", max="2", after=MIDDLE)
        self.assertEqual(rest, ([OLDEST], whole | {"first": OLDEST, "last": OLDEST}))
        last = await self.page("last page", max="1", before=True)
        self.assertEqual(last, rest)
        self.assertEqual(await self.page("count", max="0"), ([], whole))

    async def go(self) -> None:
        pubsub, node = self.pubsub, {"node": NODE, "timeout": PATIENCE}
        await self.see("unsubscribe", pubsub.unsubscribe(COMPONENT, subscribee=ME, **node))
        await self.see(
            "unsubscribe again",
            pubsub.unsubscribe(COMPONENT, subscribee=ME, **node),
            "not-subscribed",
        )
        await self.see("no subscription", pubsub.get_subscriptions(COMPONENT, timeout=PATIENCE))
        await self.see("publish", pubsub.publish(COMPONENT, id="forged", **node), "forbidden")
        await self.see(
            "create", pubsub.create_node(COMPONENT, "x", timeout=PATIENCE), "forbidden"
        )

    # Looking

    async def see(
        self, step: str, request: Awaitable[slixmpp.Iq], error: str | None = None
    ) -> slixmpp.Iq:
        """Notes the answer, which has to be a result, or an error with this condition."""
        try:
            answer = await request
            self.assertIsNone(error, f"{step}: a result where an error was expected")
        except IqError as problem:
            answer = problem.iq
            self.assertIn(error, errors_in(problem), step)
        self.views[step] = view(answer.xml)
        return answer

    async def page(self, step: str, **asked: object) -> tuple[list[str], dict[str, str | None]]:
        """One page of a result set (XEP-0059): its ids, and what is said of the whole."""
        request = self.client.make_iq_get(ito=COMPONENT)
        payload = ElementTree.SubElement(request.xml, f"{{{PUBSUB}}}pubsub")
        ElementTree.SubElement(payload, f"{{{PUBSUB}}}items", {"node": NODE})
        page = Set()
        for name, value in asked.items():
            page[name] = value
        payload.append(page.xml)
        answer = await self.see(step, request.send(timeout=PATIENCE))
        told = answer.xml.find(f".//{{{RESULT_SET}}}set")
        self.assertIsNotNone(told, f"{step}: no <set/>")
        return self.ids(answer), {each.tag.rpartition("}")[2]: each.text for each in told}

    def ids(self, answer: slixmpp.Iq) -> list[str]:
        return [each.get("id", "") for each in answer.xml.iter(f"{{{PUBSUB}}}item")]
