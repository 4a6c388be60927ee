"""Readers who come and go by every way there is: contact, chat, form, registration, PubSub."""

import asyncio
import struct
import time
import zlib
from base64 import b64decode
from collections.abc import Awaitable, Callable
from hashlib import sha1
from xml.etree import ElementTree

from world import (
    COMPONENT,
    CONTACT,
    NICK,
    NODE,
    PATIENCE,
    ROOM,
    Heard,
    InteropCase,
    IqError,
    NothingHeard,
    Person,
    errors_in,
)

Step = Callable[[Person], Awaitable[None]]


def png() -> bytes:
    """The smallest picture: one blue point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    points = zlib.compress(b"\0\x20\x40\xc0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", points) + chunk(b"IEND", b"")


class Contact(InteropCase):
    """The newsletter as a contact, as slixmpp's roster, vCard and disco see it."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        (self.broadsheet.folder / "avatar.png").write_bytes(png())
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("    issues: issues\n", "    issues: issues\n    avatar: avatar.png\n    about: Duels\n"),
        )
        self.broadsheet.start()
        (self.juliet,) = await self.online("juliet")
        await self.until(lambda: answers(self.juliet), "the contact")

    async def test_who_adds_it_sees_it_there_and_is_asked_once(self) -> None:
        mark = self.juliet.mark
        add(self.juliet)
        shown = await self.present(mark)
        self.assertEqual(shown.sender, f"{CONTACT}/newsletter")
        self.assertIsNone(shown.xml.find("{jabber:client}show"))
        self.assertTrue(shown.xml.findtext("{jabber:client}status"))
        photo = shown.xml.findtext(".//{vcard-temp:x:update}photo")
        self.assertEqual(photo, sha1(png()).hexdigest())
        question = await self.juliet.answer(CONTACT, "subscribe", "Verona", since=mark)
        self.assertIn("If you write nothing, you get nothing", question.body)
        self.assertEqual(await self.juliet.subscriptions(COMPONENT), [])

        mark = self.juliet.mark
        add(self.juliet)
        await self.juliet.catch_up(CONTACT)
        asked = [each for each in self.juliet.heard[mark:] if each.body]
        self.assertEqual(asked, [], "asked twice")
        wanted = [each.xml.get("type") for each in self.juliet.heard if each.kind == "presence"]
        self.assertNotIn("subscribe", wanted, "it asked for the reader's own presence")

    async def test_it_is_there_again_at_the_next_login_and_after_a_restart(self) -> None:
        mark = self.juliet.mark
        add(self.juliet)
        await self.present(mark)
        await self.juliet.logout()
        mark = self.juliet.mark
        await self.online("juliet")
        await self.present(mark)
        self.broadsheet.stop()
        mark = self.juliet.mark
        self.broadsheet.start()
        await self.present(mark)

    async def test_its_card_its_picture_and_what_it_can_do_are_found(self) -> None:
        mark = self.juliet.mark
        add(self.juliet)
        shown = await self.present(mark)
        card = await self.ask(CONTACT, "{vcard-temp}vCard")
        vcard = "{vcard-temp}"
        self.assertEqual(card.findtext(f"{vcard}FN"), "The Verona Dispatch")
        self.assertEqual(card.findtext(f"{vcard}DESC"), "Duels")
        self.assertEqual(card.findtext(f"{vcard}PHOTO/{vcard}TYPE"), "image/png")
        caps = shown.xml.find("{http://jabber.org/protocol/caps}c")
        # Only with it does slixmpp see the forms that are in the answer.
        self.juliet.client.register_plugin("xep_0115")
        info = await self.juliet.discover(shown.sender, f"{caps.get('node')}#{caps.get('ver')}")
        self.assertEqual(
            self.juliet.client["xep_0115"].generate_verstring(info["disco_info"], "sha-1"),
            caps.get("ver"),
            "slixmpp computes another hash",
        )
        self.assertIn("jabber:iq:register", info["disco_info"]["features"])
        for address in (CONTACT, shown.sender, COMPONENT):
            clock = await self.ask(address, "{urn:xmpp:time}time")
            self.assertEqual(clock.findtext("{urn:xmpp:time}tzo"), "+00:00")
            idle = await self.ask(address, "{jabber:iq:last}query")
            self.assertGreaterEqual(int(idle.get("seconds", "-1")), 0)
            card = await self.ask(address, "{vcard-temp}vCard")
            self.assertEqual(card.findtext(f"{vcard}NICKNAME"), "The Verona Dispatch")

    async def test_its_picture_card_and_name_are_found_as_a_persons_are(self) -> None:
        pubsub = self.juliet.client["xep_0060"]

        async def payload(node: str, name: str) -> ElementTree.Element:
            answer = await pubsub.get_items(CONTACT, node, timeout=PATIENCE)
            found = answer.xml.find(f".//{name}")
            self.assertIsNotNone(found, node)
            return found

        info = await payload("urn:xmpp:avatar:metadata", "{urn:xmpp:avatar:metadata}info")
        self.assertEqual(info.get("id"), sha1(png()).hexdigest())
        self.assertEqual((info.get("width"), info.get("height")), ("1", "1"))
        data = await payload("urn:xmpp:avatar:data", "{urn:xmpp:avatar:data}data")
        self.assertEqual(b64decode(data.text), png())
        vcard = "{urn:ietf:params:xml:ns:vcard-4.0}"
        card = await payload("urn:xmpp:vcard4", f"{vcard}vcard")
        self.assertEqual(card.findtext(f"{vcard}fn/{vcard}text"), "The Verona Dispatch")
        nick = await payload("http://jabber.org/protocol/nick", "{http://jabber.org/protocol/nick}nick")
        self.assertEqual(nick.text, "The Verona Dispatch")
        for address in (CONTACT, COMPONENT):
            found = await self.juliet.discover(address)
            values = {each.text for each in found.xml.iter("{jabber:x:data}value")}
            self.assertIn("urn:xmpp:data-policy:0", values, address)

    async def test_it_says_when_the_next_issue_comes_and_that_it_goes(self) -> None:
        self.broadsheet.stop()
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("    issues: issues\n", "    issues: issues\n    calendar: {release: 5}\n"),
        )
        self.broadsheet.start()
        await self.until(lambda: answers(self.juliet), "the contact")
        mark = self.juliet.mark
        add(self.juliet)
        shown = await self.present(mark)
        status = shown.xml.findtext("{jabber:client}status")
        self.assertRegex(status, r"^Next issue: \d{4}-\d\d-05\. Write")
        mark = self.juliet.mark
        self.broadsheet.stop()
        await self.juliet.wait_for(
            "the contact's end",
            lambda heard: heard.kind == "presence"
            and heard.xml.get("type") == "unavailable"
            and heard.sender == f"{CONTACT}/newsletter",
            mark,
        )

    async def present(self, since: int) -> Heard:
        return await self.juliet.wait_for(
            "the contact's presence",
            lambda heard: heard.kind == "presence"
            and heard.available
            and heard.sender.startswith(f"{CONTACT}/"),
            since,
        )

    async def ask(self, address: str, name: str) -> ElementTree.Element:
        request = self.juliet.client.make_iq_get(ito=address)
        request.xml.append(ElementTree.Element(name))
        answer = await request.send(timeout=PATIENCE)
        found = answer.xml.find(name)
        self.assertIsNotNone(found, name)
        return found


class Ways(InteropCase):
    async def test_whoever_comes_one_way_can_leave_by_any(self) -> None:
        self.broadsheet.start()
        (juliet,) = await self.online("juliet")
        await self.until(lambda: answers(juliet), "the contact")
        for way, enter in WAYS_IN.items():
            for out, leave in WAYS_OUT.items():
                with self.subTest(way=way, out=out):
                    await enter(juliet)
                    await self.until(lambda: has(juliet, 1), f"the subscription by {way}")
                    await leave(juliet)
                    await self.until(lambda: has(juliet, 0), f"the end of it by {out}")
        self.assertEqual(await juliet.subscriptions(COMPONENT), [])

    async def test_registration_offers_its_choices_and_honours_them(self) -> None:
        self.broadsheet.start()
        (juliet,) = await self.online("juliet")
        await self.until(lambda: answers(juliet), "the contact")
        offer = await register(juliet, "get")
        form = offer.xml.find(".//{jabber:x:data}x")
        self.assertIsNotNone(form)
        self.assertIsNone(offer.xml.find(".//{jabber:iq:register}registered"))
        await register(juliet, "set", text=("misc", "de"))
        self.assertEqual(
            await juliet.subscriptions(COMPONENT), [("dispatch-de", juliet.jid, "subscribed")]
        )
        offer = await register(juliet, "get")
        self.assertIsNotNone(offer.xml.find(".//{jabber:iq:register}registered"))
        await register(juliet, "set", text=("remove", ""))
        with self.assertRaises(IqError) as caught:
            await register(juliet, "set", text=("remove", ""))
        self.assertIn("registration-required", errors_in(caught.exception))


class Corrected(InteropCase):
    async def test_a_correction_takes_the_place_of_the_issue_while_it_is_the_last_message(self) -> None:
        benvolio, juliet, romeo = await self.open("juliet", "romeo")
        for person in (juliet, romeo):
            await self.subscribed_by_chat(person)
        marks = {person: person.mark for person in (juliet, romeo)}
        room = benvolio.mark
        await self.publish(benvolio, "2026-04")
        issues = {
            person: await person.answer(CONTACT, "March 2026", since=mark)
            for person, mark in marks.items()
        }
        await self.delivered(benvolio, "2026-04", since=room)
        mark = romeo.mark
        romeo.write(CONTACT, "help")
        await romeo.answer(CONTACT, "subscribe", since=mark)

        path = self.broadsheet.issues / "2026-04-05-dispatch.md"
        path.write_text(path.read_text().replace("March 2026", "Maerz 2026"))
        marks = {person: person.mark for person in (juliet, romeo)}
        room = benvolio.mark
        benvolio.say(ROOM, "!correct 2026-04 The month has another name.")
        await benvolio.said_in_room(ROOM, NICK, "item 2026-04", since=room)
        words = "The month has another name."
        seen = await juliet.answer(CONTACT, words, "Maerz 2026", since=marks[juliet])
        replace = seen.xml.find("{urn:xmpp:message-correct:0}replace")
        self.assertEqual(replace.get("id"), issues[juliet].xml.get("id"))
        self.assertEqual(
            seen.xml.findtext("{jabber:client}thread"),
            issues[juliet].xml.findtext("{jabber:client}thread"),
        )
        told = await romeo.answer(CONTACT, words, since=marks[romeo])
        self.assertIsNone(told.xml.find("{urn:xmpp:message-correct:0}replace"))
        self.assertLess(len(told.body), len(seen.body))
        # Each hears of it once.
        for person in (juliet, romeo):
            await person.catch_up(CONTACT)
            copies = [each for each in person.heard[marks[person]:] if words in each.body]
            self.assertEqual(len(copies), 1)


class Busy(InteropCase):
    async def test_who_is_busy_and_wants_it_so_gets_the_issue_afterwards(self) -> None:
        benvolio, juliet, romeo = await self.open("juliet", "romeo")
        for person in (juliet, romeo):
            await self.subscribed_by_chat(person)
        mark = juliet.mark
        juliet.write(CONTACT, "dnd wait")
        await juliet.answer(CONTACT, "not to be disturbed", since=mark)
        juliet.client.send_presence(pto=CONTACT, pshow="dnd")
        await juliet.catch_up(CONTACT)
        # By the answer to what was written behind it, the presence is noted.
        mark = juliet.mark
        juliet.write(CONTACT, "mydata")
        await juliet.answer(CONTACT, "busyUntil", since=mark)
        marks, room = (juliet.mark, romeo.mark), benvolio.mark
        await self.publish(benvolio, "2026-04")
        await romeo.answer(CONTACT, "March 2026", since=marks[1])
        await self.delivered(benvolio, "2026-04", since=room)
        await juliet.catch_up(CONTACT)
        self.assertEqual(self.messages(juliet, since=marks[0]), [])
        juliet.client.send_presence(pto=CONTACT)
        await juliet.answer(CONTACT, "March 2026", since=marks[0])


class Idle(InteropCase):
    async def test_who_is_not_heard_of_is_asked_and_what_they_have_ends_without_an_answer(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("newsletters:\n", "readers:\n  idle_expiry: 1\n  idle_patience: 8\nnewsletters:\n"),
        )
        _, juliet = await self.open("juliet")
        await self.subscribed_by_chat(juliet)
        await self.is_told(juliet, "long since anything was heard", "subscribe")
        # A word is enough, and she is asked anew when she is silent again.
        await self.subscribed_by_chat(juliet)
        await self.is_told(juliet, "long since anything was heard")
        self.assertEqual(len(await juliet.subscriptions(COMPONENT)), 1)
        await self.is_told(juliet, "no more of The Verona Dispatch")
        self.assertEqual(await juliet.subscriptions(COMPONENT), [])

    async def is_told(self, person: Person, *words: str) -> None:
        """It looks once an hour, and when it comes."""
        mark = person.mark
        deadline = time.monotonic() + 2 * PATIENCE
        while True:
            self.broadsheet.stop()
            self.broadsheet.start()
            try:
                await person.answer(CONTACT, *words, since=mark, seconds=5)
                return
            except NothingHeard:
                if time.monotonic() > deadline:
                    raise


class SignUps(InteropCase):
    async def test_when_more_come_than_are_taken_the_room_hears_of_it_once(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port,
            (
                "newsletters:\n",
                "pubsub:\n  upkeep_interval: 1\n  client_subscriptions_per_reader: 2\n"
                "readers:\n  sign_ups_per_domain: 1\nnewsletters:\n",
            ),
        )
        benvolio, juliet, romeo, tybalt = await self.open("juliet", "romeo", "tybalt")
        await self.subscribed_by_chat(juliet)
        mark, room = romeo.mark, benvolio.mark
        romeo.write(CONTACT, "subscribe")
        await romeo.answer(CONTACT, "More people want to subscribe", since=mark)
        with self.assertRaises(IqError) as caught:
            await by_pubsub(tybalt)
        self.assertIn("resource-constraint", errors_in(caught.exception))
        words = ("More than 1 people at localhost", "readers block localhost")
        await benvolio.said_in_room(ROOM, NICK, *words, since=room)

        # Who is a reader stays one, with what else they take; clients of theirs have their own limit.
        await self.subscribed_by_chat(juliet, "subscribe de")
        for client in ("phone", "desk"):
            await juliet.subscribe(COMPONENT, NODE, f"{juliet.jid}/{client}")
        with self.assertRaises(IqError) as caught:
            await juliet.subscribe(COMPONENT, NODE, f"{juliet.jid}/watch")
        self.assertIn("too-many-subscriptions", errors_in(caught.exception))

        # It is told once in an hour: of the next round the room hears nothing.
        with self.assertRaises(IqError):
            await by_registration(romeo)
        await self.answers_in_room(benvolio)
        said = [each for each in benvolio.heard[room:] if words[0] in each.body]
        self.assertEqual(len(said), 1)


class Withdrawn(InteropCase):
    async def test_a_withdrawn_issue_is_taken_back_by_the_id_the_reader_knows(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await self.subscribed_by_chat(juliet)
        mark = juliet.mark
        await self.publish(benvolio, "2026-04")
        issue = await juliet.answer(CONTACT, "March 2026", since=mark)
        thread = issue.xml.findtext("{jabber:client}thread")
        self.assertTrue(thread)
        mark = juliet.mark
        benvolio.say(ROOM, "!retract 2026-04")
        await benvolio.said_in_room(ROOM, NICK, "Withdraw")
        benvolio.say(ROOM, "!yes")
        gone = await juliet.answer(CONTACT, "withdrawn", since=mark)
        retract = gone.xml.find("{urn:xmpp:message-retract:1}retract")
        self.assertEqual(retract.get("id"), issue.xml.get("id"))
        self.assertIsNotNone(gone.xml.find("{urn:xmpp:fallback:0}fallback"))
        self.assertEqual(gone.xml.findtext("{jabber:client}thread"), thread)


class Discreet(InteropCase):
    """What the log says of people at the level that is usual."""

    async def test_whose_address_it_is_stays_out_of_the_log(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port, ("  level: debug\n", "  level: info\n")
        )
        benvolio, juliet = await self.open("juliet")
        await self.subscribed_by_chat(juliet)
        await juliet.subscriptions(COMPONENT)
        await self.publish(benvolio, "2026-04")
        await juliet.answer(CONTACT, "March 2026")
        benvolio.write(CONTACT, "log")
        await benvolio.answer(CONTACT, "publish")
        log = self.broadsheet.process.log_text()
        self.assertIn("Command", log)
        self.assertNotIn("juliet", log)
        self.assertNotIn("benvolio@", log)

    async def test_it_is_there_if_the_operator_wants_it(self) -> None:
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("  level: debug\n", "  level: info\n  addresses: true\n"),
        )
        (benvolio,) = await self.open()
        mark = benvolio.mark
        benvolio.write(CONTACT, "log")
        await benvolio.answer(CONTACT, "", since=mark)
        self.assertIn("benvolio@localhost", self.broadsheet.process.log_text())


class Strange(InteropCase):
    """What is no command, and what never stops."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.broadsheet.start()
        (self.juliet,) = await self.online("juliet")
        await self.until(lambda: answers(self.juliet), "the contact")

    async def test_encrypted_messages_are_answered_once_and_are_no_commands(self) -> None:
        mark = self.juliet.mark
        for _ in range(3):
            self.send("subscribe", "<encrypted xmlns='eu.siacs.conversations.axolotl'/>")
        self.juliet.write(CONTACT, "settings")
        await self.juliet.answer(CONTACT, "not subscribed", since=mark)
        await self.juliet.answer(CONTACT, "encryption", since=mark)
        said = [each for each in self.juliet.heard[mark:] if "encryption" in each.body]
        self.assertEqual(len(said), 1)

    async def test_receipts_are_given_and_a_reaction_leaves_nobody(self) -> None:
        await self.subscribed_by_chat(self.juliet)
        mark = self.juliet.mark
        self.send("help", "<request xmlns='urn:xmpp:receipts'/>", "m1")
        receipt = await self.juliet.wait_for(
            "a receipt",
            lambda heard: heard.xml is not None
            and heard.xml.find("{urn:xmpp:receipts}received") is not None,
            mark,
        )
        self.assertEqual(receipt.xml.find("{urn:xmpp:receipts}received").get("id"), "m1")
        self.send("stop", "<reactions xmlns='urn:xmpp:reactions:0' id='x'/>")
        self.juliet.write(CONTACT, "settings")
        await self.juliet.answer(CONTACT, "You get", "short messages", since=mark)

    async def test_two_programs_that_answer_each_other_come_to_an_end(self) -> None:
        def reply(_: object) -> None:
            self.juliet.write(CONTACT, "And a good day to you!")

        self.juliet.client.add_event_handler("message", reply)
        mark = self.juliet.mark
        self.juliet.write(CONTACT, "Hello")
        await self.juliet.answer(CONTACT, "a lot at once", since=mark)
        heard = len(self.juliet.heard)
        with self.assertRaises(NothingHeard):
            await self.juliet.answer(CONTACT, "", since=heard, seconds=2)
        self.assertLessEqual(heard - mark, 40)

    def send(self, body: str, payload: str, stanza_id: str = "s1") -> None:
        message = self.juliet.client.make_message(mto=CONTACT, mbody=body, mtype="chat")
        message["id"] = stanza_id
        message.append(ElementTree.fromstring(payload))
        message.send()


# MARK: The ways


async def answers(person: Person) -> bool:
    try:
        await person.catch_up(CONTACT)
    except (IqError, asyncio.TimeoutError):
        return False
    return True


async def has(person: Person, count: int) -> bool:
    return len(await person.subscriptions(COMPONENT)) == count


def is_contact(person: Person) -> bool:
    return person.client.client_roster[CONTACT]["subscription"] in ("to", "both")


def add(person: Person) -> None:
    person.client.send_presence(pto=CONTACT, ptype="subscribe")


async def register(person: Person, kind: str, text: tuple[str, str] | None = None):
    request = person.client.make_iq(itype=kind, ito=CONTACT)
    query = ElementTree.SubElement(request.xml, "{jabber:iq:register}query")
    if text:
        ElementTree.SubElement(query, f"{{jabber:iq:register}}{text[0]}").text = text[1]
    return await request.send(timeout=PATIENCE)


async def run_form(person: Person, command: str) -> None:
    plugin = person.client["xep_0050"]
    offered = await plugin.send_command(CONTACT, command, action="execute", timeout=PATIENCE)
    form = person.client["xep_0004"].make_form("submit")
    form.add_field(var="language", value="")
    await plugin.send_command(
        CONTACT,
        command,
        action="complete",
        payload=form,
        sessionid=offered["command"]["sessionid"],
        timeout=PATIENCE,
    )


async def by_pubsub(person: Person) -> None:
    await person.subscribe(COMPONENT, NODE)


async def by_chat(person: Person) -> None:
    person.write(CONTACT, "Subscribe!")


async def by_contact(person: Person) -> None:
    add(person)
    person.write(CONTACT, "subscribe")


async def by_registration(person: Person) -> None:
    await register(person, "set")


async def by_form(person: Person) -> None:
    await run_form(person, "subscribe")


async def out_by_pubsub(person: Person) -> None:
    await person.unsubscribe(COMPONENT, NODE)


async def out_by_chat(person: Person) -> None:
    person.write(CONTACT, "stop")


async def out_by_contact(person: Person) -> None:
    # A server passes this on only if the contact is one.
    await person.client.get_roster(timeout=PATIENCE)
    if not is_contact(person):
        add(person)
        deadline = time.monotonic() + PATIENCE
        while not is_contact(person) and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
    person.client.send_presence(pto=CONTACT, ptype="unsubscribe")


async def out_by_registration(person: Person) -> None:
    await register(person, "set", text=("remove", ""))


async def out_by_form(person: Person) -> None:
    await run_form(person, "unsubscribe")


WAYS_IN: dict[str, Step] = {
    "pubsub": by_pubsub,
    "chat": by_chat,
    "contact": by_contact,
    "registration": by_registration,
    "form": by_form,
}
WAYS_OUT: dict[str, Step] = {
    "pubsub": out_by_pubsub,
    "chat": out_by_chat,
    "contact": out_by_contact,
    "registration": out_by_registration,
    "form": out_by_form,
}
