"""slixmpp, as a program of somebody's own would use it. Its events are PubSub's and the chat's."""

import asyncio
from pathlib import Path

import stage
from broadsheet import CONTACT
from client import PATIENCE, Client, Command
from people import Person


class Slixmpp(Client):
    name = "slixmpp"
    package = "python3-slixmpp"
    program = Path("/usr/lib/python3/dist-packages/slixmpp")

    async def start(self) -> None:
        self.person = Person(stage.READER, stage.PASSWORD, stage.CLIENT_PORT)
        await self.person.login()

    async def stop(self) -> None:
        await self.person.logout()

    async def add_contact(self) -> None:
        self.person.client.send_presence(pto=CONTACT, ptype="subscribe")

    async def remove_contact(self) -> None:
        await self.person.client.del_roster_item(CONTACT)

    async def contact_is_shown(self) -> None:
        await self.person.wait_for(
            "the contact's presence",
            lambda heard: heard.kind == "presence"
            and heard.available
            and heard.sender.startswith(f"{CONTACT}/"),
        )

    async def write(self, text: str) -> None:
        self.person.write(CONTACT, text)

    async def choose_language(self, language: str, commands: list[Command]) -> None:
        ended = asyncio.get_running_loop().create_future()
        adhoc = self.person.client["xep_0050"]

        def fill_in(answer, session) -> None:
            form = answer["command"]["form"]
            form["type"] = "submit"
            form.set_values({"language": language})
            session["payload"] = form
            session["next"] = finish
            adhoc.complete_command(session)

        def finish(answer, session) -> None:
            ended.set_result(answer["command"]["notes"])

        adhoc.start_command(CONTACT, "language", {"next": fill_in})
        ((kind, text),) = await asyncio.wait_for(ended, PATIENCE)
        assert kind == "info" and f"'{language}'" in text, text

    def talk(self) -> str:
        return "\n".join(each.body for each in self.person.heard)
