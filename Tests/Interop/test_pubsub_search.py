"""Finding things behind real servers (XEP-0030, 0128, 0157, 0313, 0431, 0442, 0462)."""

from pubsub_world import COMPONENT, EVENT, PATIENCE, PUBSUB, PubSubCase
from world import Person

ARCHIVE = "urn:xmpp:mam:2"
FILTER = "urn:xmpp:pubsub-filter:0"


class Search(PubSubCase):
    async def test_the_service_says_what_it_can_and_whom_to_ask(self) -> None:
        (juliet,) = await self.serve("juliet")
        info = await juliet.discover(COMPONENT)
        features = info["disco_info"]["features"]
        for feature in ("publish", "create-nodes", "rsm", "publish-node-full"):
            self.assertIn(f"{PUBSUB}#{feature}", features)
        for feature in ("presence-subscribe", "auto-subscribe", "last-published"):
            self.assertNotIn(f"{PUBSUB}#{feature}", features)
        self.assertEqual(self.values(info.xml)["admin-addresses"], ["xmpp:benvolio@localhost"])
        # http://jabber.org/protocol/disco#info, http://jabber.org/protocol/disco#items,
        # http://jabber.org/protocol/commands, jabber:iq:version
        version = await juliet.client["xep_0092"].get_version(COMPONENT, timeout=PATIENCE)
        self.assertEqual(version["software_version"]["name"], "Broadsheet")
        commands = await juliet.client["xep_0050"].get_commands(COMPONENT, timeout=PATIENCE)
        nodes = [node for _, node, _ in commands["disco_items"]["items"]]
        self.assertIn(f"{PUBSUB}#get-pending", nodes)

    async def search(self, person: Person, **asked: str) -> tuple[list[str], str | None]:
        """The ids of the items found in the archive, and whether that is all."""
        query = person.client.make_iq_set(ito=COMPONENT)
        query["mam"]["queryid"] = query["id"]
        query["mam"].xml.set("node", "verse")
        page = {name: asked.pop(name) for name in ("max", "before", "after") if name in asked}
        for name, value in asked.items():
            query["mam"].set_custom_field(name.replace("_", "-"), value)
        for name, value in page.items():
            query["mam"]["rsm"][name] = value
        mark = person.mark
        answer = await query.send(timeout=PATIENCE)
        found = []
        for heard in person.heard[mark:]:
            result = heard.xml.find(f"{{{ARCHIVE}}}result")
            if result is not None and result.get("queryid") == query["id"]:
                found += [each.get("id", "") for each in result.iter(f"{{{EVENT}}}item")]
        return found, answer.xml.find(f"{{{ARCHIVE}}}fin").get("complete")

    async def test_the_archive_of_a_node_is_searched_by_word_and_in_pages(self) -> None:
        benvolio, juliet = await self.serve("benvolio", "juliet")
        await self.create(benvolio, "verse", type="urn:example:verse")
        await self.create(benvolio, "prose")
        for item, text in (("1", "The east"), ("2", "Juliet is the sun"), ("3", "Arise, fair sun")):
            await self.put(benvolio, "verse", item, text)
        # urn:xmpp:mam:2, urn:xmpp:pubsub-filter:0
        self.assertEqual(await self.search(juliet), (["1", "2", "3"], "true"))
        self.assertEqual((await self.search(juliet, max="2"))[0], ["1", "2"])
        self.assertEqual((await self.search(juliet, max="1", before=True))[0], ["3"])
        # urn:xmpp:fulltext:0
        words = "{urn:xmpp:fulltext:0}fulltext"
        self.assertEqual((await self.search(juliet, **{words: "SUN"}))[0], ["2", "3"])
        self.assertEqual((await self.search(juliet, **{words: "sun fair"}))[0], ["3"])
        self.assertEqual((await self.search(juliet, **{"with": "romeo@localhost"}))[0], [])
        fields = await juliet.client["xep_0313"].get_fields(COMPONENT, timeout=PATIENCE)
        self.assertIn(words, fields.get_fields())

        # The type filter lists what a reader understands (XEP-0462).
        async def nodes(which: str) -> set[str]:
            query = juliet.client.make_iq_get(ito=COMPONENT)
            query.enable("disco_items")
            form = juliet.client["xep_0004"].make_form(ftype="submit")
            form.add_field("FORM_TYPE", ftype="hidden", value=FILTER)
            form.add_field(which, ftype="text-multi", value=["urn:example:verse"])
            element = query["disco_items"].xml
            element.append(element.makeelement(f"{{{FILTER}}}filter", {}))
            element[-1].append(form.xml)
            answer = await query.send(timeout=PATIENCE)
            return {node for _, node, _ in answer["disco_items"]["items"]}

        self.assertEqual(await nodes("included-types"), {"verse"})
        without = await nodes("excluded-types")
        self.assertIn("prose", without)
        self.assertNotIn("verse", without)
