"""The one scenario that every client goes through: from adding the contact to silence.

Each answer waited for has words that no other has, so that none can be taken for another.
"""

from collections.abc import Awaitable, Callable

from client import Client, flat
from stage import Stage

FIRST, FIRST_TITLE = "2026-04", "The Verona Dispatch: March 2026"
FIRST_WORDS = "Two rival servers agree on one way to move an account"
SECOND, SECOND_TITLE = "2026-05", "The Verona Dispatch: April 2026"

Told = Callable[[str], None]


class Scenario:
    def __init__(self, client: Client, stage: Stage, told: Told) -> None:
        self.client = client
        self.stage = stage
        self._told = told

    async def play(self) -> None:
        for step in (
            self.adds_the_contact,
            self.is_helped,
            self.subscribes,
            self.sees_the_issue,
            self.runs_a_form,
            self.leaves,
            self.hears_no_more,
            self.removes_the_contact,
        ):
            await self._take(step)

    async def _take(self, step: Callable[[], Awaitable[None]]) -> None:
        if step == self.runs_a_form and not self.client.has_forms:
            return
        await step()
        self._told(step.__name__.replace("_", " "))

    async def adds_the_contact(self) -> None:
        await self.client.start()
        await self.client.add_contact()
        await self.client.contact_is_shown()
        await self.client.sees("Do you want each new issue as a message?")
        await self.client.picture("contact")

    async def is_helped(self) -> None:
        await self.client.write("help")
        await self.client.sees("Have all erased that is stored about you")

    async def subscribes(self) -> None:
        await self.client.write("subscribe")
        await self.client.sees("You are subscribed to The Verona Dispatch (en).")
        await self.client.picture("subscribed")

    async def sees_the_issue(self) -> None:
        await self.stage.publish(FIRST)
        await self.client.sees(FIRST_TITLE, FIRST_WORDS)
        await self.client.node_has(FIRST_TITLE)
        await self.client.picture("issue")

    async def runs_a_form(self) -> None:
        await self.client.choose_language("de", await self.stage.commands())
        # What the form did is asked for in the chat.
        await self.client.write("settings")
        await self.client.sees("de: as short messages")

    async def leaves(self) -> None:
        await self.client.write("unsubscribe")
        await self.client.sees("You get The Verona Dispatch", "no more.", "if you want it back")

    async def hears_no_more(self) -> None:
        """What is sent after the issue comes after it, so its being there ends the waiting."""
        await self.stage.publish(SECOND)
        await self.client.write("settings")
        await self.client.sees("You are not subscribed to The Verona Dispatch.")
        if SECOND_TITLE in flat(self.client.talk()):
            raise AssertionError("got an issue after leaving")

    async def removes_the_contact(self) -> None:
        """With the contact goes the subscription, so there has to be one."""
        await self.client.write("subscribe")
        await self.stage.reads(True)
        welcome = "You are subscribed to The Verona Dispatch (en)."
        await self.client.until(
            lambda: flat(self.client.talk()).count(welcome) == 2, "the same answer a second time"
        )
        await self.client.remove_contact()
        await self.stage.reads(False)
