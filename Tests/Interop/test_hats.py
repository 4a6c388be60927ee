"""Hats (XEP-0317): what a room gives counts, what somebody puts on does not.

ejabberd 23.01 has hats of an older kind only, and its rooms do not say that they have them; Prosody 0.12
has none, so that a module of ours gives them (Tests/Support/Servers/modules).
"""

from xml.etree import ElementTree

from world import NICK, ROOM, InteropCase, Person, Prosody

HAT = "https://verona.example/hats#publisher"


class HatCase(InteropCase):
    def configure(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("people:\n", f'    hats:\n      "{HAT}": publisher\npeople:\n'),
        )

    async def puts_on_a_hat(self, person: Person) -> None:
        """Shows it in a presence of theirs, and waits until the room has passed that on."""
        mark = person.mark
        presence = person.client.make_presence(pto=f"{ROOM}/{person.name}", pstatus="hat on")
        hats = ElementTree.SubElement(presence.xml, "{urn:xmpp:hats:0}hats")
        ElementTree.SubElement(hats, "{urn:xmpp:hats:0}hat", {"uri": HAT, "title": "Mine"})
        presence.send()
        await person.wait_for(
            "the presence", lambda each: each.kind == "presence" and each.nick == person.name, since=mark
        )

    async def may_not_publish(self, person: Person) -> None:
        mark = person.mark
        person.say(ROOM, "!publish 2026-04")
        await self.refused(person, since=mark)
        await self.has_no_items(person)

    async def joined_by(self, *names: str) -> list[Person]:
        """Broadsheet knows the room and its hats before they come."""
        self.configure()
        self.broadsheet.start()
        (benvolio,) = await self.in_room("benvolio")
        await self.comes_into_room(benvolio)
        return await self.in_room(*names)


class GivenHats(HatCase):
    only_with = (Prosody,)
    server_options = {"hats": {"tybalt@localhost": HAT}}

    async def test_a_hat_that_the_room_gives_is_a_role_and_one_of_ones_own_is_none(self) -> None:
        juliet, tybalt = await self.joined_by("juliet", "tybalt")
        await self.puts_on_a_hat(juliet)
        await self.may_not_publish(juliet)
        await self.publish(tybalt, "2026-04")
        mark = tybalt.mark
        tybalt.say(ROOM, "!who")
        await tybalt.said_in_room(ROOM, NICK, HAT, since=mark)


class OwnHats(HatCase):
    async def test_in_a_room_that_knows_no_hats_one_of_ones_own_is_none(self) -> None:
        (juliet,) = await self.joined_by("juliet")
        await self.puts_on_a_hat(juliet)
        await self.may_not_publish(juliet)
        await self.until(self.is_logged, "the warning that the room knows no hats")

    async def is_logged(self) -> bool:
        return "The room knows no hats" in self.broadsheet.log_path.read_text()
