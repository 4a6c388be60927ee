"""How much of an issue the event about it carries."""

from world import COMPONENT, NODE, InteropCase, Person

ISSUE = "2026-04-05-dispatch"
CONTENT = "{http://www.w3.org/2005/Atom}content"
SUMMARY = "{http://www.w3.org/2005/Atom}summary"


class EventPayload(InteropCase):
    async def event(self, reader: Person, node: str, since: int):
        heard = await reader.event(node, ISSUE, since=since)
        return heard.items[0].payload

    async def test_a_summary_is_shown_the_text_is_fetched_and_a_correction_comes_whole(self) -> None:
        where = "    language: en\n"
        self.broadsheet.write_configuration(
            self.server.component_port, (where, where + "    summary_events: [en]\n")
        )
        benvolio, juliet = await self.open("juliet")
        french = NODE.replace("-en", "-fr")
        for node in (NODE, french):
            await juliet.subscribe(COMPONENT, node)
        mark = juliet.mark
        await self.publish(benvolio, ISSUE)
        entry = await self.event(juliet, NODE, mark)
        self.assertIsNone(entry.find(CONTENT))
        self.assertTrue(entry.findtext(SUMMARY))
        whole = await self.event(juliet, french, mark)
        self.assertIsNotNone(whole.find(CONTENT))
        (item,) = await juliet.items(COMPONENT, NODE, ids=[ISSUE])
        self.assertEqual(len(item.payload.findall(CONTENT)), 2)

        async def is_over() -> bool:
            return "Nothing is on its way" in (await self.broadsheet.command("status")).output

        await self.until(is_over, "the delivery")
        file = self.broadsheet.issues / f"{ISSUE}.md"
        file.write_text(file.read_text().replace("March 2026", "Corrected March 2026"))
        mark = juliet.mark
        outcome = await self.broadsheet.command("correct", ISSUE)
        self.assertEqual(outcome.code, 0, outcome.errors)
        corrected = await self.event(juliet, NODE, mark)
        self.assertEqual(len(corrected.findall(CONTENT)), 2)
        self.assertIn("Corrected", corrected.findtext("{http://www.w3.org/2005/Atom}title"))
