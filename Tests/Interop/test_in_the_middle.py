"""What is changed while it goes out: each reader ends with what the guide for operators says."""

from modes import APRIL, MARCH
from pubsub_world import SETTINGS, PubSubCase
from world import COMPONENT, CONTACT, NICK, NODE, ROOM, Person

VERSE = "verse"


class InTheMiddle(PubSubCase):
    # Four readers take one and a half seconds, in which the first has it and the last has not.
    settings = f"{SETTINGS}delivery: {{pace: 2, batch_size: 1, window: 1}}\n"

    async def test_what_is_changed_while_it_goes_out_reaches_all_as_it_is_in_the_end(self) -> None:
        benvolio, juliet, nurse, romeo, mercutio = await self.open(
            "juliet", "nurse", "romeo", "mercutio"
        )
        await juliet.subscribe(COMPONENT, NODE)
        await self.subscribed_by_chat(nurse)
        for person in (romeo, mercutio):
            await person.subscribe(COMPONENT, NODE)

        # An issue can be corrected when nobody is to get it any more.
        chat, room = nurse.mark, benvolio.mark
        await self.publish(benvolio, MARCH)
        await juliet.event(NODE, MARCH)
        path = self.broadsheet.issues / f"{MARCH}.md"
        path.write_text(path.read_text().replace("February 2026", "Corrected February 2026"))
        correct = f"!correct {MARCH} A word was wrong."
        benvolio.say(ROOM, correct)
        await benvolio.said_in_room(ROOM, NICK, "Nothing was corrected", "still going out", since=room)
        await self.agrees(benvolio, f"!cancel {MARCH}", "cancelled")
        self.assertEqual(self.titles(mercutio), [])
        room = benvolio.mark
        benvolio.say(ROOM, correct)
        await self.delivered(benvolio, MARCH, since=room)
        await nurse.answer(CONTACT, "A word was wrong.", since=chat)
        self.assertEqual(await self.all_titles(juliet), ["February 2026", "Corrected February 2026"])
        self.assertEqual(await self.all_titles(mercutio), ["Corrected February 2026"])

        # What is withdrawn reaches nobody else.
        chat, room = nurse.mark, benvolio.mark
        await self.publish(benvolio, APRIL)
        await juliet.event(NODE, APRIL)
        await self.agrees(benvolio, f"!retract {APRIL}", "withdrawn:")
        await benvolio.said_in_room(ROOM, NICK, "were told", APRIL, since=room)
        await nurse.answer(CONTACT, "withdrawn", since=chat)
        for person in (juliet, romeo, mercutio):
            await person.catch_up(COMPONENT)
            self.assertEqual([each.retracted for each in person.heard if each.retracted], [[APRIL]])
        self.assertIn("March 2026", await self.all_titles(juliet))
        self.assertNotIn("March 2026", await self.all_titles(mercutio))

        # Who publishes an item of their own anew keeps nobody from the first, and all end with the second.
        await self.create(benvolio, VERSE)
        for person in (juliet, romeo, mercutio):
            await person.subscribe(COMPONENT, VERSE)
        await self.put(benvolio, VERSE, "1", "But soft")
        await juliet.event(VERSE, "1")
        await self.put(benvolio, VERSE, "1", "What light")
        self.assertEqual(self.events(mercutio, VERSE), [])
        for person in (juliet, romeo, mercutio):
            await person.wait_for(
                "the second verse", lambda heard: heard.node == VERSE and heard.items[0].payload.text == "What light"
            )
            found = [each.payload.text for each in self.events(person, VERSE)]
            self.assertEqual(found, ["But soft", "What light"])

    async def agrees(self, editor: Person, order: str, answer: str) -> None:
        """Gives it, says yes as often as it asks, and hears that it is done.

        It asks anew if it is about something else by now: a delivery to nobody may just have ended.
        """
        said = order
        for _ in range(5):
            mark = editor.mark
            editor.say(ROOM, said)
            heard = await editor.wait_for(
                f"an answer to {said}",
                lambda heard: heard.sender == f"{ROOM}/{NICK}"
                and any(words in heard.body.lower() for words in (answer, "!yes")),
                mark,
            )
            if answer in heard.body.lower():
                return
            said = "!yes"
        self.fail(f"{order} asks again and again")

    def titles(self, person: Person) -> list[str]:
        return [each.title.removeprefix("The Verona Dispatch: ") for each in self.events(person)]

    async def all_titles(self, person: Person) -> list[str]:
        await person.catch_up(COMPONENT)
        return self.titles(person)
