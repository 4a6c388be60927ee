"""A newsletter whose items are at the server's own PubSub service: the engine (XEP-0060 as a client)."""

import contextlib
import json
import re
import signal
import sqlite3
from xml.etree import ElementTree

from slixmpp.exceptions import IqError

from world import (
    COMPONENT,
    CONTACT,
    FEEDS,
    NICK,
    NODE,
    PATIENCE,
    RECONNECT,
    ROOM,
    Ejabberd,
    InteropCase,
    Item,
    Person,
    errors_in,
)

ATOM = "http://www.w3.org/2005/Atom"
PUBSUB = "{http://jabber.org/protocol/pubsub}"
MARCH, APRIL, MAY = (f"2026-0{month}-05-dispatch" for month in (3, 4, 5))


class EngineCase(InteropCase):
    server_options = {"has_feeds": True}

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.broadsheet.write_configuration(
            self.server.component_port,
            ("    language: en\n", f"    engine: {FEEDS}\n    language: en\n"),
        )
        with self.broadsheet.configuration.open("a") as file:
            file.write("engines:\n  grace: 0.5\n  retry_delay: 0.5\n  retry_limit: 1\n")

    async def at_engine(self, person: Person, node: str = NODE) -> list[Item]:
        """The items there; none if there is no node yet."""
        try:
            return sorted(await person.items(FEEDS, node), key=lambda item: item.id)
        except IqError as error:
            if errors_in(error) & {"item-not-found", "service-unavailable", "remote-server-not-found"}:
                return []
            raise

    async def node_is_there(self, person: Person) -> None:
        async def is_there() -> bool:
            try:
                await person.items(FEEDS, NODE)
                return True
            except IqError:
                return False

        await self.until(is_there, "the engine's node", RECONNECT)
        await self.is_done()

    async def is_done(self) -> None:
        """Waits until Broadsheet says that the engine has all there is."""

        async def is_done() -> bool:
            return (await self.backlog())["waiting"] == 0

        await self.until(is_done, "the engine to have it", RECONNECT)

    async def backlog(self) -> dict:
        outcome = await self.broadsheet.command("status", "--json")
        (engine,) = json.loads(outcome.output)["engines"]
        return engine

    async def order(self, *words: str) -> None:
        consent = [] if words[0] == "correct" else ["--yes"]
        outcome = await self.broadsheet.command(*words, *consent)
        self.assertEqual(outcome.code, 0, outcome.errors)

    def change(self, issue: str, old: str, new: str) -> None:
        path = self.broadsheet.issues / f"{issue}.md"
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))

    def titles(self, person: Person, since: int = 0) -> list[str]:
        return [item.title for item in self.events(person, since=since)]

    def told_twice(self, person: Person) -> list[str]:
        """Those versions of items that somebody got more than once."""
        seen = [
            f"{item.id} {item.payload.findtext(f'{{{ATOM}}}updated')}"
            for item in self.events(person)
            if item.payload is not None
        ]
        return sorted({each for each in seen if seen.count(each) > 1})


class Engine(EngineCase):
    # What the services of these versions do not know of a node.
    UNMET = {"Prosody": {"pubsub#language"}, "ejabberd": set()}

    async def test_its_readers_and_chat_readers_get_an_issue_its_correction_and_its_end(self) -> None:
        benvolio, juliet, nurse = await self.open("juliet", "nurse")
        await self.node_is_there(juliet)
        self.assertEqual(await juliet.subscribe(FEEDS, NODE), "subscribed")
        await self.subscribed_by_chat(nurse)
        room = benvolio.mark
        await self.publish(benvolio, APRIL)
        event = await juliet.event(NODE, APRIL)
        self.assertTrue(event.sender.startswith(FEEDS))
        await nurse.answer(CONTACT, "March 2026")
        await benvolio.said_in_room(ROOM, NICK, APRIL, f"at {FEEDS}", since=room, seconds=RECONNECT)
        (item,) = await self.at_engine(juliet)
        self.assertEqual(item.id, APRIL)
        self.assertEqual(await self._publisher(juliet), CONTACT)
        self.assertIn(f"xmpp:{FEEDS}?;node={NODE};item={APRIL}", item.payload_xml)

        self.change(APRIL, "March 2026", "Corrected March 2026")
        mark = juliet.mark
        await self.order("correct", APRIL)
        corrected = await juliet.event(NODE, APRIL, since=mark)
        self.assertIn("Corrected", corrected.items[0].title)
        await self.is_done()
        (item,) = await self.at_engine(juliet)
        self.assertIn("Corrected", item.title)

        mark, chat = juliet.mark, nurse.mark
        await self.order("retract", APRIL)
        await juliet.wait_for(
            "the retraction",
            lambda heard: heard.node == NODE and heard.retracted == [APRIL],
            mark,
        )
        await nurse.answer(CONTACT, "withdrawn", since=chat)
        await self.is_done()
        self.assertEqual(await self.at_engine(juliet), [])
        self.assertEqual(self.told_twice(juliet), [])

    async def _publisher(self, person: Person) -> str | None:
        """Whom the service shows as the publisher; a service may tell the bare address or none."""
        answer = await person.client["xep_0060"].get_items(FEEDS, NODE, timeout=PATIENCE)
        found = answer.xml.find(f".//{PUBSUB}item").get("publisher")
        return CONTACT if found is None else found.split("/")[0]

    async def test_who_asks_us_is_sent_there(self) -> None:
        _, juliet, nurse = await self.open("juliet", "nurse")
        await self.node_is_there(juliet)
        for asked in (
            juliet.subscribe(COMPONENT, NODE),
            juliet.items(COMPONENT, NODE),
            juliet.discover(COMPONENT, NODE),
        ):
            with self.assertRaises(IqError) as refused:
                await asked
            gone = refused.exception.iq.xml.find(".//{urn:ietf:params:xml:ns:xmpp-stanzas}gone")
            self.assertIsNotNone(gone)
            self.assertEqual(gone.text, f"xmpp:{FEEDS}?;node={NODE}")
        listed = {node: jid for jid, node, _ in await juliet.discover_items(COMPONENT)}
        self.assertEqual(listed[NODE], FEEDS)
        # Who reads in a chat reads here, and can change and end that by PubSub too.
        await self.subscribed_by_chat(nurse)
        self.assertEqual(len(await nurse.subscriptions(COMPONENT)), 1)
        await nurse.options(COMPONENT, NODE)
        await nurse.unsubscribe(COMPONENT, NODE)
        self.assertEqual(await nurse.subscriptions(COMPONENT), [])

    async def test_a_node_that_is_there_is_taken_over_with_its_items(self) -> None:
        (romeo,) = await self.online("romeo")
        feeds = romeo.client["xep_0060"]
        form = romeo.client["xep_0004"].make_form(ftype="submit")
        form.add_field(
            var="FORM_TYPE", ftype="hidden", value="http://jabber.org/protocol/pubsub#node_config"
        )
        for name, value in (("persist_items", "1"), ("max_items", "10"), ("access_model", "whitelist")):
            form.add_field(var=f"pubsub#{name}", value=value)
        await feeds.create_node(FEEDS, NODE, config=form)
        entry = ElementTree.fromstring(f"<entry xmlns='{ATOM}'><title>Before</title></entry>")
        await feeds.publish(FEEDS, NODE, id="before", payload=entry)
        await feeds.modify_affiliations(FEEDS, NODE, [(CONTACT, "owner")])
        _, juliet = await self.open("juliet")

        async def is_open() -> bool:
            try:
                return await juliet.subscribe(FEEDS, NODE) == "subscribed"
            except IqError:
                return False

        await self.until(is_open, "the node to be open", RECONNECT)
        await self.order("publish", APRIL)
        await juliet.event(NODE, APRIL)
        await self.is_done()
        self.assertEqual([each.id for each in await self.at_engine(juliet)], [APRIL, "before"])
        # It is like ours now, as far as the service goes; what it does not take is in the log.
        answer = await feeds.get_node_config(FEEDS, NODE, timeout=PATIENCE)
        form = {
            field.get("var"): field.findtext("{jabber:x:data}value")
            for field in answer.xml.iterfind(".//{jabber:x:data}field")
        }
        self.assertEqual(form["pubsub#access_model"], "open")
        self.assertEqual(form["pubsub#title"], "The Verona Dispatch (en)")
        self.assertEqual(form["pubsub#send_last_published_item"], "never")
        self.assertIn(form["pubsub#notify_retract"], ("1", "true"))
        self.assertNotEqual(form["pubsub#max_items"], "10")
        log = self.broadsheet.process.log_text()
        told = re.findall(rf'not configured as ours: .*fields="?([^"]*)"? newsletter.*node={NODE}\n', log)
        unmet = {field for fields in told for field in fields.split(", ")}
        self.assertEqual(unmet, self.UNMET[self.make.name])

    async def test_doctor_says_what_it_can_do(self) -> None:
        _, juliet = await self.open("juliet")
        await self.node_is_there(juliet)
        running = await self.broadsheet.command("doctor", seconds=60)
        self.assertIn("engine of dispatch", running.output)
        self.assertIn(FEEDS, running.output)
        self.broadsheet.stop()
        alone = await self.broadsheet.command("doctor", seconds=60)
        self.assertIn("engine of dispatch", alone.output)
        self.assertNotIn("can't be asked", alone.output)


class EngineTrouble(EngineCase):
    async def test_what_waited_for_the_engine_comes_once_and_in_order(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await self.node_is_there(juliet)
        self.assertEqual(await juliet.subscribe(FEEDS, NODE), "subscribed")
        # Subscriptions are on the disk, and the service is not there.
        self.server.stop()
        self.server.has_feeds = False
        self.server.start()
        await self._back(juliet, benvolio)
        for issue in (MARCH, APRIL, MAY):
            await self.order("publish", issue)
        self.change(APRIL, "March 2026", "Corrected March 2026")
        await self.order("correct", APRIL)
        await self.order("retract", MAY)
        backlog = await self.backlog()
        self.assertGreater(backlog["waiting"], 0)
        said = await self.broadsheet.command("status")
        self.assertIn(FEEDS, said.output)
        self.assertIn("still to be made", said.output)

        self.server.stop()
        self.server.has_feeds = True
        self.server.start()
        mark = juliet.mark
        await self._back(juliet, benvolio)
        await self.is_done()
        items = await self.at_engine(juliet)
        self.assertEqual([each.id for each in items], [MARCH, APRIL])
        self.assertIn("Corrected", items[1].title)
        # Nobody saw what was corrected or withdrawn before it could go out.
        found = [item.id for item in self.events(juliet, since=mark)]
        self.assertEqual(found, [MARCH, APRIL])
        self.assertEqual(self.told_twice(juliet), [])

    async def _back(self, *people: Person) -> None:
        """Logs in again after a restart of the server, and waits for Broadsheet."""
        for person in people:
            try:
                await person.logout()
            except Exception:
                pass  # The server has ended the session.
            await person.login()

        async def is_online() -> bool:
            outcome = await self.broadsheet.command("status", "--json")
            return bool(json.loads(outcome.output)["isConnected"])

        await self.until(is_online, "Broadsheet to be back", RECONNECT)

    async def test_a_lost_answer_is_no_reason_to_publish_again(self) -> None:
        _, juliet = await self.open("juliet")
        await self.node_is_there(juliet)
        self.assertEqual(await juliet.subscribe(FEEDS, NODE), "subscribed")
        # The server reads the request when it goes on, and its answer finds nobody.
        self.server.signal(signal.SIGSTOP)
        try:
            await self.order("publish", APRIL)
            await self.until(self._is_sent, "the request to leave")
            self.broadsheet.process.kill9()
        finally:
            self.server.signal(signal.SIGCONT)
        self.broadsheet.start()
        await juliet.event(NODE, APRIL, seconds=RECONNECT)
        await self._is_at_rest(juliet)
        self.assertEqual(self.told_twice(juliet), [])
        self.assertEqual(len(self.events(juliet)), 1)

    async def test_killed_again_and_again_it_publishes_each_issue_once(self) -> None:
        _, juliet = await self.open("juliet")
        await self.node_is_there(juliet)
        self.assertEqual(await juliet.subscribe(FEEDS, NODE), "subscribed")
        for issue in (MARCH, APRIL, MAY):
            await self.order("publish", issue)
            self.broadsheet.process.kill9()
            self.broadsheet.start()
            await self.until(self._is_listening, "Broadsheet to listen", RECONNECT)
        self.change(MAY, "April 2026", "Corrected April 2026")
        await self.order("correct", MAY)
        self.broadsheet.process.kill9()
        self.broadsheet.start()
        await self._is_at_rest(juliet)
        items = await self.at_engine(juliet)
        self.assertEqual([each.id for each in items], [MARCH, APRIL, MAY])
        self.assertIn("Corrected", items[2].title)
        self.assertEqual(self.told_twice(juliet), [])
        order = [item.id for item in self.events(juliet)]
        self.assertEqual(list(dict.fromkeys(order)), [MARCH, APRIL, MAY])

    async def _is_listening(self) -> bool:
        return (await self.broadsheet.command("status")).code == 0

    async def _is_at_rest(self, person: Person) -> None:
        await self.until(self._is_listening, "Broadsheet to listen", RECONNECT)
        await self.is_done()
        # The answer comes behind all that was sent before it.
        await self.at_engine(person)

    async def _is_sent(self) -> bool:
        path = self.broadsheet.folder / "broadsheet.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as store:
            rows = store.execute("SELECT state FROM engineOperation ORDER BY id").fetchall()
        # The translations wait behind it.
        return rows[:1] == [("sent",)]


class EngineOfOthers(EngineCase):
    # Prosody's admins, who alone may create nodes there, own all of them.
    only_with = (Ejabberd,)

    async def test_what_it_may_not_do_waits_until_it_may(self) -> None:
        (romeo,) = await self.online("romeo")
        feeds = romeo.client["xep_0060"]
        await feeds.create_node(FEEDS, NODE)
        benvolio, _ = await self.open("juliet")
        # It is said before anything is published there.
        await benvolio.said_in_room(ROOM, NICK, FEEDS, "is not ours", seconds=RECONNECT)
        await self.order("publish", APRIL)

        async def is_named() -> bool:
            return "forbidden" in (await self.backlog()).get("reason", "")

        await self.until(is_named, "the reason", RECONNECT)
        backlog = await self.backlog()
        # The translations wait behind it: all of a newsletter goes in order.
        self.assertEqual((backlog["waiting"], backlog["refused"]), (3, 0))
        await feeds.modify_affiliations(FEEDS, NODE, [(CONTACT, "owner")])
        await self.is_done()
        self.assertEqual([each.id for each in await romeo.items(FEEDS, NODE)], [APRIL])
