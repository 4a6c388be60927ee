"""Sections of an issue as items of nodes of their own, and texts that need several messages."""

from world import COMPONENT, CONTACT, NICK, NODE, ROOM, InteropCase, Person

ISSUE = "2026-04-05-dispatch"
TOPIC = "dispatch-en-events"
ITEM = "{http://www.w3.org/2005/Atom}"


class Topics(InteropCase):
    def configure(self, *lines: str) -> None:
        where = "    language: en\n"
        text = where + "".join(f"    {line}\n" for line in lines)
        self.broadsheet.write_configuration(self.server.component_port, (where, text))

    async def heard_in_room(self, editor: Person, command: str, *words: str) -> str:
        mark = editor.mark
        editor.say(ROOM, command)
        return (await editor.said_in_room(ROOM, NICK, *words, since=mark)).body

    async def settled(self) -> None:
        """Waits until nothing is on its way: of topics the room hears nothing."""

        async def is_so() -> bool:
            return "Nothing is on its way" in (await self.broadsheet.command("status")).output

        await self.until(is_so, "the deliveries")

    async def test_a_topic_reader_gets_the_section_and_nobody_gets_it_twice(self) -> None:
        self.configure("topics: [events, software]")
        benvolio, juliet, nurse, romeo = await self.open("juliet", "nurse", "romeo")
        names = {node: name for _, node, name in await juliet.discover_items(COMPONENT)}
        self.assertEqual(names[TOPIC], "The Verona Dispatch: XMPP Events (en)")
        self.assertIn("dispatch-fr-software", names)

        # Juliet's client follows the node; the nurse reads the topic in a chat; Romeo reads it all.
        await juliet.subscribe(COMPONENT, TOPIC)
        await self.subscribed_by_chat(nurse, "subscribe en events")
        await self.subscribed_by_chat(romeo)
        await self.subscribed_by_chat(romeo, "subscribe events")
        marks = {person.name: person.mark for person in (juliet, nurse, romeo)}
        answer = await self.heard_in_room(benvolio, "!publish 2026-04", f"{NODE}, item {ISSUE}")
        self.assertIn("events (2 readers)", answer)
        event = await juliet.event(TOPIC, ISSUE, since=marks["juliet"])
        self.assertTrue(event.items[0].title.startswith("Events – "), event.items[0].title)
        first = event.items[0].payload.findtext(f"{ITEM}id")
        self.assertTrue(first.endswith(f"dispatch/{ISSUE}/en/events"), first)
        copy = await nurse.answer(CONTACT, "Events – ", since=marks["nurse"])
        self.assertIn("Spring meeting", copy.body + (await self.whole(juliet)))
        await romeo.answer(CONTACT, "The Verona Dispatch: March 2026", since=marks["romeo"])
        await romeo.catch_up(COMPONENT)
        self.assertEqual(len(self.copies(romeo, marks["romeo"])), 1)

        await self.settled()

        # A correction that touches another section stays away from them.
        file = self.broadsheet.issues / f"{ISSUE}.md"
        file.write_text(file.read_text().replace("Rosaline", "Rosalind"))
        heard = juliet.mark
        corrected = await self.heard_in_room(benvolio, "!correct 2026-04", f"{NODE}, item {ISSUE}")
        self.assertNotIn("events", corrected)
        await self.settled()
        file.write_text(file.read_text().replace("Spring meeting", "Summer meeting"))
        corrected = await self.heard_in_room(benvolio, "!correct 2026-04", "events (corrected")
        event = await juliet.event(TOPIC, ISSUE, since=heard)
        self.assertEqual(event.items[0].payload.findtext(f"{ITEM}id"), first)
        self.assertIn("Summer meeting", event.items[0].payload_xml)

        await self.settled()
        heard, mark = juliet.mark, nurse.mark
        await self.heard_in_room(benvolio, "!retract 2026-04", "Withdraw")
        await self.heard_in_room(benvolio, "!yes", "of its topics")
        await juliet.wait_for(
            "the retraction", lambda each: each.node == TOPIC and each.retracted == [ISSUE], heard
        )
        await nurse.answer(CONTACT, "Events – ", "has been withdrawn", since=mark)

    async def whole(self, reader: Person) -> str:
        (item,) = await reader.items(COMPONENT, TOPIC)
        return item.payload_xml

    def copies(self, reader: Person, since: int) -> list[str]:
        return [
            each.body for each in reader.heard[since:]
            if each.sender.startswith(CONTACT) and each.kind == "chat" and "Dispatch" in each.body
        ]  # fmt: skip

    async def test_a_long_issue_comes_in_parts_in_their_order(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("log:\n", "delivery:\n  message_size: 2000\nlog:\n"),
        )
        benvolio, nurse = await self.open("nurse")
        await self.subscribed_by_chat(nurse)
        mark = nurse.mark
        nurse.write(CONTACT, "full")
        await nurse.answer(CONTACT, "whole text", since=mark)
        mark, room = nurse.mark, benvolio.mark
        await self.publish(benvolio, "2026-04")
        await self.delivered(benvolio, ISSUE, since=room)
        await nurse.catch_up(COMPONENT)
        parts = self.messages(nurse, since=mark)
        self.assertGreater(len(parts), 3)
        for number, part in enumerate(parts, 1):
            head = part.body.splitlines()[0]
            self.assertEqual(head, f"The Verona Dispatch: March 2026 ({number}/{len(parts)})")
            self.assertLessEqual(len(part.body.encode()), 2000)
        self.assertEqual(len({part.stanza_id for part in parts}), len(parts))
        said = [each.body for each in benvolio.heard[room:] if "done:" in each.body.lower()]
        self.assertTrue(any("1 reader" in each for each in said), said)

        # Reading it again by a command is cut as well.
        mark = nurse.mark
        nurse.write(CONTACT, "issue 2026-04 full")
        await nurse.answer(CONTACT, f"({len(parts)}/{len(parts)})", since=mark)
