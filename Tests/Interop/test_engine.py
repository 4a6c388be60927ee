"""A newsletter whose items are at the server's own PubSub service: the engine (XEP-0060 as a client)."""

import contextlib
import re
import signal
import sqlite3
from xml.etree import ElementTree

from modes import APRIL, MARCH, MAY, EngineMode, ModeCase
from slixmpp.exceptions import IqError
from test_readers import WAYS_IN, WAYS_OUT, register
from world import (
    COMPONENT,
    CONTACT,
    FEEDS,
    NICK,
    NODE,
    PATIENCE,
    RECONNECT,
    ROOM,
    Person,
    errors_in,
)

ATOM = "http://www.w3.org/2005/Atom"


class EngineCase(ModeCase):
    mode = EngineMode()


class Engine(EngineCase):
    server_options = {"node_makers": (CONTACT, "romeo@localhost")}
    # What the services of these versions do not know of a node.
    UNMET = {"Prosody": {"pubsub#language"}, "ejabberd": set()}

    async def test_who_asks_us_is_sent_there(self) -> None:
        _, juliet, nurse = await self.begin("juliet", "nurse")
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
        (juliet,) = await self.online("juliet")
        with self.assertRaises(IqError) as refused:
            await juliet.subscribe(FEEDS, NODE)
        self.assertTrue(errors_in(refused.exception) & {"forbidden", "closed-node"})
        await self.open()

        async def is_open() -> bool:
            try:
                return await juliet.subscribe(FEEDS, NODE) == "subscribed"
            except IqError:
                return False

        await self.until(is_open, "the node to be open", RECONNECT)
        await self.order("publish", APRIL)
        await juliet.event(NODE, APRIL)
        await self.is_done()
        self.assertEqual([each.id for each in await self.items(juliet)], [APRIL, "before"])
        # What was published before it was the engine is not there, which is said.
        said = (await self.broadsheet.command("doctor", seconds=60)).output
        self.assertNotIn("lacks items", said)
        await feeds.retract(FEEDS, NODE, APRIL)
        said = (await self.broadsheet.command("doctor", seconds=60)).output
        lack = f"'{NODE}' there lacks items that are here: 1 of 1, the first '{APRIL}'."
        self.assertIn(lack, said)
        moved = await self.broadsheet.command("engine move", "dispatch", "--to", FEEDS, seconds=60)
        self.assertEqual(moved.code, 1, moved.output + moved.errors)
        self.assertIn(lack, moved.output)
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
        _, juliet = await self.begin("juliet")
        running = await self.broadsheet.command("doctor", seconds=60)
        self.assertIn("engine of dispatch", running.output)
        self.assertIn(FEEDS, running.output)
        self.broadsheet.stop()
        alone = await self.broadsheet.command("doctor", seconds=60)
        self.assertIn("engine of dispatch", alone.output)
        self.assertNotIn("can't be asked", alone.output)


class EngineWays(EngineCase):
    # Every way of ours out of the engine, and every way in here; all pairs are tried where it is local.
    WAYS = [
        *(("pubsub", out) for out in WAYS_OUT if out != "pubsub"),
        *(("contact", "registration"), ("registration", "form"), ("form", "contact")),
    ]

    async def test_whoever_comes_one_way_can_leave_by_another(self) -> None:
        _, juliet = await self.begin("juliet")
        for way, out in self.WAYS:
            with self.subTest(way=way, out=out):
                # PubSub readers are at the engine, all others here.
                if way == "pubsub":
                    await juliet.subscribe(FEEDS, NODE)
                    await self.until(lambda: self.has(juliet, FEEDS), "the subscription there")
                else:
                    await WAYS_IN[way](juliet)
                    await self.until(lambda: self.has(juliet, COMPONENT), f"that by {way}")
                await self.is_settled()
                await WAYS_OUT[out](juliet)
                await self.until(lambda: self.has(juliet), f"the end of it by {out}")
                await self.is_settled()
        # Her messages are in place of what comes from there.
        await juliet.subscribe(FEEDS, NODE)
        await self.subscribed_by_chat(juliet)
        await self.until(lambda: self.has(juliet, COMPONENT), "one list to have her")
        mark = juliet.mark
        juliet.write(CONTACT, "unsubscribe")
        await juliet.answer(CONTACT, "no more", since=mark)
        juliet.write(CONTACT, "unsubscribe")
        await juliet.answer(CONTACT, f"If you were subscribed at {FEEDS}", since=mark)
        # By registration comes in which language somebody chose.
        await register(juliet, "set", text=("misc", "de"))
        found = await juliet.subscriptions(COMPONENT)
        self.assertEqual(found, [("dispatch-de", juliet.jid, "subscribed")])
        await self.order("publish", APRIL)
        await juliet.answer(CONTACT, "März 2026")

    async def has(self, person: Person, *places: str) -> bool:
        """Whether somebody is subscribed in these places, once in each, and in no other."""
        found = [at for at in (COMPONENT, FEEDS) for _ in await person.subscriptions(at)]
        return found == list(places)

    async def is_settled(self) -> None:
        """Waits until the engine has done what it was asked to for readers: it comes after the answer
        to them, and would end what they begin meanwhile."""
        path = self.broadsheet.folder / "broadsheet.sqlite"

        async def is_so() -> bool:
            with contextlib.closing(sqlite3.connect(path)) as store:
                return store.execute("SELECT 1 FROM engineReader").fetchone() is None

        await self.until(is_so, "the engine to have done it")


class EngineTrouble(EngineCase):
    async def test_what_waited_for_the_engine_comes_once_and_in_order(self) -> None:
        benvolio, juliet = await self.begin("juliet")
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

        # So that she is there before what has waited comes.
        self.broadsheet.process.signal(signal.SIGSTOP)
        try:
            self.server.stop()
            self.server.has_feeds = True
            self.server.start()
            mark = juliet.mark
            await self.log_in_again(juliet)
        finally:
            self.broadsheet.process.signal(signal.SIGCONT)
        await self._back(benvolio)
        await self.is_done()
        items = await self.items(juliet)
        self.assertEqual([each.id for each in items], [MARCH, APRIL])
        self.assertIn("Corrected", items[1].title)
        # Nobody saw what was corrected or withdrawn before it could go out.
        found = [item.id for item in self.events(juliet, since=mark)]
        self.assertEqual(found, [MARCH, APRIL])
        self.assertEqual(self.told_twice(juliet), [])

    async def test_the_engine_and_we_die_before_its_answer_and_it_publishes_once(self) -> None:
        _, juliet = await self.begin("juliet")
        await juliet.subscribe(FEEDS, NODE)
        await self.order("publish", MARCH)
        await self.is_at_rest(juliet)
        # The engine does it when it goes on, and nobody hears its answer.
        self.server.signal(signal.SIGSTOP)
        try:
            await self.order("publish", APRIL)
            await self.is_under_way()
            await self.until(self.has_come, "the request to have left")
            self.broadsheet.process.kill9()
        finally:
            self.server.signal(signal.SIGCONT)
        await juliet.event(NODE, APRIL)
        await self.is_written(APRIL)
        self.server.kill9()
        self.server.start()
        await self.log_in_again(juliet)
        self.broadsheet.start()
        await self.is_at_rest(juliet)
        await self.order("publish", MAY)
        await juliet.event(NODE, MAY, seconds=RECONNECT)
        await self.is_at_rest(juliet)
        self.assertEqual(await self.names(juliet), [MARCH, APRIL, MAY])
        self.assertEqual([item.id for item in self.events(juliet)], [MARCH, APRIL, MAY])

    async def has_come(self) -> bool:
        """Whether a request with an item in it waits for the engine; all else is smaller."""
        return self.server.unread > 8000

    async def _back(self, *people: Person) -> None:
        """Logs in again after a restart of the server, and waits for Broadsheet."""
        await self.log_in_again(*people)

        async def is_online() -> bool:
            return bool((await self.status())["isConnected"])

        await self.until(is_online, "Broadsheet to be back", RECONNECT)


class EngineWithoutUs(EngineCase):
    # Who else is no admin of the service in Prosody makes no nodes there; the newsletter is none at first.
    server_options = {"node_makers": ("romeo@localhost",)}

    async def test_what_it_may_not_do_waits_until_it_may(self) -> None:
        (romeo,) = await self.online("romeo")
        feeds = romeo.client["xep_0060"]
        await feeds.create_node(FEEDS, NODE)
        benvolio, juliet = await self.open("juliet")
        # It is said before anything is published there.
        held = "until somebody changes a setting there"
        await benvolio.said_in_room(ROOM, NICK, FEEDS, held, "forbidden", seconds=RECONNECT)
        await self.order("publish", APRIL)

        async def is_named() -> bool:
            backlog = await self.backlog()
            return backlog["waiting"] == 3 and "forbidden" in backlog.get("reason", "")

        await self.until(is_named, "the reason", RECONNECT)
        said = (await self.broadsheet.command("doctor", seconds=60)).output
        self.assertRegex(said, f"still to be made at {FEEDS}, .*forbidden")

        await feeds.modify_affiliations(FEEDS, NODE, [(CONTACT, "owner")])

        async def is_alone() -> bool:
            backlog = await self.backlog()
            return (backlog["waiting"], backlog["refused"]) == (2, 0)

        # The translations have nodes of their own, which it may not make; nothing waits behind them.
        await self.until(is_alone, "the translations", RECONNECT)
        self.assertEqual(await self.names(romeo), [APRIL])

        self.server.stop()
        self.server.node_makers = (CONTACT,)
        self.server.start()
        await self.log_in_again(benvolio, juliet)
        await benvolio.join(ROOM, benvolio.name)
        await self.node_is_there(juliet)
        for node in (NODE, "dispatch-de", "dispatch-fr"):
            self.assertEqual([each.id for each in await self.items(juliet, node)], [APRIL])
        said = (await self.broadsheet.command("doctor", seconds=60)).output
        self.assertNotIn("forbidden", said)
        self.assertNotIn("FAILED", said)
        await self.answers_in_room(benvolio)
        self.assertEqual(sum(held in each.body for each in benvolio.heard), 1)
