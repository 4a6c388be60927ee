"""Commands run by forms (XEP-0050, XEP-0004), as slixmpp's own plugin drives them."""

from world import (
    COMPONENT,
    CONTACT,
    NICK,
    NODE,
    PATIENCE,
    ROOM,
    InteropCase,
    IqError,
    Person,
    errors_in,
)


class FormSteps:
    """Steps of a form, as a client takes them."""

    async def answers(self, person: Person) -> bool:
        try:
            await person.discover(CONTACT)
        except IqError:
            return False
        return True

    async def commands(self, person: Person, jid: str) -> list[str]:
        items = await person.discover_items(jid, "http://jabber.org/protocol/commands")
        return [node for _, node, _ in items]

    async def execute(self, person: Person, jid: str, node: str):
        return await self.send(person, jid, node, "execute")

    async def submit(self, person: Person, offered, **values: str):
        form = person.client["xep_0004"].make_form("submit")
        for name, value in values.items():
            form.add_field(var=name, value=value)
        return await self.next(person, offered, "complete", form)

    async def next(self, person: Person, offered, action: str, form=None):
        command = offered["command"]
        return await self.send(
            person, offered["from"], command["node"], action, command["sessionid"], form
        )

    async def send(
        self, person: Person, jid: str, node: str, action: str, session: str = "", form=None
    ):
        return await person.client["xep_0050"].send_command(
            jid, node, action=action, sessionid=session or None, payload=form, timeout=PATIENCE
        )


class Forms(FormSteps, InteropCase):
    async def test_a_reader_finds_subscribes_and_leaves_by_forms(self) -> None:
        self.broadsheet.start()
        (juliet,) = await self.online("juliet")
        await self.until(lambda: self.answers(juliet), "the contact")
        info = await juliet.discover(CONTACT)
        self.assertIn("http://jabber.org/protocol/commands", info["disco_info"]["features"])
        names = await self.commands(juliet, CONTACT)
        self.assertIn("help", names)
        self.assertIn("subscribe", names)
        self.assertNotIn("publish", names)

        node = await juliet.discover(CONTACT, "subscribe")
        identities = {each[:2] for each in node["disco_info"]["identities"]}
        self.assertEqual(identities, {("automation", "command-node")})

        offered = await self.execute(juliet, CONTACT, "subscribe")
        self.assertEqual(offered["command"]["status"], "executing")
        self.assertEqual(offered["command"]["actions"], {"complete"})
        field = offered["command"]["form"].get_fields()["language"]
        self.assertEqual(field["type"], "list-single")
        done = await self.submit(juliet, offered, language="en")
        self.assertEqual(done["command"]["status"], "completed")
        ((kind, text),) = done["command"]["notes"]
        self.assertEqual(kind, "info")
        self.assertIn("You are subscribed", text)
        self.assertEqual(
            await juliet.subscriptions(COMPONENT), [(NODE, juliet.client.boundjid.bare, "subscribed")]
        )

        offered = await self.execute(juliet, CONTACT, "unsubscribe")
        await self.submit(juliet, offered, language="")
        self.assertEqual(await juliet.subscriptions(COMPONENT), [])

    async def test_the_domain_lists_its_own_command_as_well(self) -> None:
        self.broadsheet.start()
        (juliet,) = await self.online("juliet")
        await self.until(lambda: self.answers(juliet), "the contact")
        names = await self.commands(juliet, COMPONENT)
        self.assertIn("subscribe", names)
        self.assertIn("http://jabber.org/protocol/pubsub#get-pending", names)

    async def test_what_is_not_allowed_or_unknown_is_refused(self) -> None:
        self.broadsheet.start()
        (juliet,) = await self.online("juliet")
        await self.until(lambda: self.answers(juliet), "the contact")
        for node, condition in (("publish", "forbidden"), ("dance", "item-not-found")):
            with self.assertRaises(IqError) as caught:
                await self.execute(juliet, CONTACT, node)
            self.assertIn(condition, errors_in(caught.exception))
        offered = await self.execute(juliet, CONTACT, "subscribe")
        canceled = await self.next(juliet, offered, "cancel")
        self.assertEqual(canceled["command"]["status"], "canceled")
        with self.assertRaises(IqError) as caught:
            await self.submit(juliet, offered, language="en")
        self.assertIn("bad-sessionid", errors_in(caught.exception))

    async def test_an_editor_publishes_by_a_form_through_the_room(self) -> None:
        benvolio, tybalt, juliet = await self.open("tybalt", "juliet")
        await juliet.subscribe(COMPONENT, NODE)
        await tybalt.join(ROOM, "tybalt")
        bot = f"{ROOM}/{NICK}"
        with self.assertRaises(IqError) as caught:
            await self.execute(tybalt, bot, "publish")
        self.assertIn("forbidden", errors_in(caught.exception))
        offered = await self.execute(benvolio, bot, "publish")
        field = offered["command"]["form"].get_fields()["issue"]
        self.assertIn("2026-04-05-dispatch", [each["value"] for each in field["options"]])
        done = await self.submit(benvolio, offered, issue="2026-04-05-dispatch")
        self.assertIn("Publishing", done["command"]["notes"][0][1])
        await juliet.event(NODE, "2026-04-05-dispatch")

    async def test_a_form_asks_whether_warnings_keep_an_issue_back(self) -> None:
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        file = self.broadsheet.issues / "2026-04-05-dispatch.md"
        file.write_text(file.read_text().replace("\n- The **Guild", "\n-The **Guild"))
        bot = f"{ROOM}/{NICK}"
        offered = await self.execute(benvolio, bot, "publish")
        asked = await self.submit(benvolio, offered, issue="2026-04-05-dispatch")
        self.assertIn("Warnings: 1 in en.", asked["command"]["form"]["instructions"])
        done = await self.submit(benvolio, asked, confirm="1")
        self.assertIn("Publishing", done["command"]["notes"][0][1])
        await juliet.event(NODE, "2026-04-05-dispatch")
