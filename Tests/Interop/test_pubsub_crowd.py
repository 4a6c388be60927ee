"""Many people at once, and people who come through a room (XEP-0060 §6.1.3.1, XEP-0045 §7.5)."""

import asyncio
from xml.etree import ElementTree

from pubsub_world import COMPONENT, OWNER, PATIENCE, PUBSUB, PubSubCase
from world import CONTACT, NAMES, NICK, NODE, ROOM, IqError, Person, errors_in

NODES = ("dispatch-en", "dispatch-de", "dispatch-fr")
ROUNDS = 8


class Crowd(PubSubCase):
    async def visit(self, person: Person, node: str, number: int) -> list[asyncio.Future]:
        """Six requests sent without waiting; each answer is checked against who asked for what."""
        pubsub, disco = person.client["xep_0060"], person.client["xep_0030"]
        nobody = f"{person.name}-{number}"
        resource = f"{person.jid}/{number}"
        given = {"timeout": PATIENCE}
        return [
            pubsub.subscribe(COMPONENT, node, subscribee=resource, **given),
            pubsub.get_subscription_options(COMPONENT, node, resource, **given),
            disco.get_info(COMPONENT, node, **given),
            pubsub.unsubscribe(COMPONENT, node, subscribee=resource, **given),
            pubsub.get_subscriptions(COMPONENT, node, **given),
            pubsub.get_items(COMPONENT, nobody, **given),
        ]

    async def test_many_requests_at_once_are_answered_rightly_each_to_whoever_asked(self) -> None:
        people = await self.serve(*NAMES)
        sent = []
        for number in range(ROUNDS):
            for person in people:
                node = NODES[number % len(NODES)]
                futures = await self.visit(person, node, number)
                sent.append((person, node, number, futures))
        requests = [asyncio.ensure_future(each) for *_, futures in sent for each in futures]
        self.assertGreater(len(requests), 250)
        answers = iter(await asyncio.gather(*requests, return_exceptions=True))

        for person, node, number, _ in sent:
            resource = f"{person.jid}/{number}"
            subscribed, options, info, left, own, nobody = (next(answers) for _ in range(6))
            for answer in (subscribed, options, info, left, own):
                self.assertEqual(answer["type"], "result")
                self.assertEqual(str(answer["to"]), f"{person.jid}/desk")
                self.assertEqual(str(answer["from"]), COMPONENT)
            self.assertEqual(str(subscribed["pubsub"]["subscription"]["jid"]), resource)
            self.assertEqual(subscribed["pubsub"]["subscription"]["node"], node)
            self.assertEqual(str(options["pubsub"]["options"]["jid"]), resource)
            self.assertEqual(info["disco_info"]["node"], node)
            self.assertIsInstance(nobody, IqError)
            self.assertIn("item-not-found", errors_in(nobody))
            self.assertIn(f"{person.name}-{number}", nobody.text)
        for person in people:
            self.assertEqual(await person.subscriptions(COMPONENT), [])


class ThroughARoom(PubSubCase):
    """An address in a room may be somebody else's tomorrow, so nothing of PubSub goes through it."""

    async def test_nobody_subscribes_through_a_room_and_is_told_the_way(self) -> None:
        benvolio, tybalt = await self.open("tybalt")
        await tybalt.join(ROOM, "tybalt")
        bot, occupant = f"{ROOM}/{NICK}", f"{ROOM}/tybalt"
        for namespace, payload in (
            (PUBSUB, f"<subscribe node='{NODE}' jid='{occupant}'/>"),
            (PUBSUB, f"<subscribe node='{NODE}' jid='{tybalt.jid}'/>"),
            (OWNER, f"<purge node='{NODE}'/>"),
        ):
            request = tybalt.client.make_iq_set(ito=bot)
            request.xml.append(
                ElementTree.fromstring(f'<pubsub xmlns="{namespace}">{payload}</pubsub>')
            )
            with self.assertRaises(IqError) as caught:
                await request.send(timeout=PATIENCE)
            self.assertIn("service-unavailable", errors_in(caught.exception))
            self.assertIn(COMPONENT, caught.exception.text)
        # Nor does the service take an occupant's address from the person behind it.
        with self.assertRaises(IqError) as caught:
            await tybalt.subscribe(COMPONENT, NODE, subscriber=occupant)
        self.assertLessEqual({"bad-request", "invalid-jid"}, errors_in(caught.exception))

        # By private message: words and forms do nothing, and the way is told once.
        mark = tybalt.mark
        tybalt.write(bot, "subscribe")
        await tybalt.answer(ROOM, CONTACT, since=mark)
        message = tybalt.client.make_message(mto=bot, mtype="chat")
        message.append(
            self.form("subscribe_authorization", node=NODE, subscriber_jid=tybalt.jid, allow="1")
        )
        message.send()
        await self.publish(benvolio, "2026-04")
        await tybalt.catch_up(COMPONENT)
        self.assertEqual(self.events(tybalt), [])
        self.assertEqual(await tybalt.subscriptions(COMPONENT), [])
