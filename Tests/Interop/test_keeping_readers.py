"""What an operator does about nodes and readers from the shell."""

import json

from world import COMPONENT, CONTACT, NODE, InteropCase, IqError, errors_in


class ReadersInTheShell(InteropCase):
    async def test_what_is_exported_can_be_imported_elsewhere(self) -> None:
        benvolio, juliet, nurse = await self.open("juliet", "nurse")
        await juliet.subscribe(COMPONENT, NODE)
        await self.subscribed_by_chat(nurse, "subscribe en")
        table = await self.told("readers export", "--node", NODE)
        lines = table.splitlines()
        self.assertEqual(lines[0], "address,node,form,amount,state,since")
        self.assertIn(f"nurse@localhost,{NODE},chat,short,subscribed,", table)
        self.assertEqual(len(lines), 3)
        file = self.folder / "readers.csv"
        file.write_text(table + f"romeo@localhost,{NODE},chat,full\nnobody,nowhere\n")
        outcome = await self.broadsheet.command("readers import", str(file))
        self.assertEqual(outcome.code, 1)
        self.assertEqual(outcome.output, "1 subscribed, 2 were there, 1 refused.\n")
        self.assertIn("nobody,nowhere: ", outcome.errors)
        (romeo,) = await self.online("romeo")
        mark = romeo.mark
        await self.publish(benvolio, "2026-04")
        await romeo.answer(CONTACT, "The Verona Dispatch", since=mark)
        listed = await self.told("readers list", "--json")
        readers = [json.loads(line) for line in listed.splitlines()]
        self.assertEqual({each["node"] for each in readers}, {NODE})
        self.assertEqual(len(readers), 3)
        self.assertIn("3 readers", await self.told("readers"))

    async def test_who_is_blocked_gets_nothing_and_can_not_come_back(self) -> None:
        benvolio, juliet, nurse = await self.open("juliet", "nurse")
        for person in (juliet, nurse):
            await person.subscribe(COMPONENT, NODE)
        said = await self.told("readers block", "juliet@localhost")
        self.assertIn("juliet@localhost is blocked at 3 nodes; 1 subscription has ended.", said)
        with self.assertRaises(IqError) as refusal:
            await juliet.subscribe(COMPONENT, NODE)
        self.assertIn("forbidden", errors_in(refusal.exception))
        await self.publish(benvolio, "2026-04")
        await self.delivered(benvolio, "2026-04")
        await nurse.event(NODE, "2026-04")
        self.assertEqual(self.events(juliet), [])
        said = await self.told("readers unblock", "juliet@localhost", "--json")
        self.assertEqual(json.loads(said)["ended"], 0)
        await juliet.subscribe(COMPONENT, NODE)

    async def test_nodes_and_status_for_programs(self) -> None:
        _, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        nodes = [json.loads(line) for line in (await self.told("nodes", "--json")).splitlines()]
        self.assertEqual([each["node"] for each in nodes], ["dispatch-de", NODE, "dispatch-fr"])
        self.assertEqual([each["subscribers"] for each in nodes], [0, 1, 0])
        table = (await self.told("nodes")).splitlines()
        self.assertEqual(table[0].split()[:3], ["node", "newsletter", "subscribers"])
        self.assertEqual(len(table), 4)
        status = json.loads(await self.told("status", "--json"))
        self.assertTrue(status["isConnected"])
        self.assertEqual([each["isJoined"] for each in status["rooms"]], [True])
        self.assertEqual(status["deliveries"], [])
        self.assertNotIn("\x1b", await self.told("status"))

    async def told(self, *words: str) -> str:
        outcome = await self.broadsheet.command(*words)
        self.assertEqual(outcome.code, 0, outcome.errors)
        return outcome.output
