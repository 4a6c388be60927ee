"""Links that editors have followed. The web itself is not at hand: here is what never leads there."""

from world import NICK, RECONNECT, ROOM, InteropCase

ISSUE = """\
---
title: Links
date: 2026-07-05
---

[This machine](http://127.0.0.1/admin), [a neighbour](https://10.1.2.3/).
"""


class Links(InteropCase):
    async def test_the_room_hears_where_links_lead_and_nothing_inside_is_asked(self) -> None:
        (self.broadsheet.issues / "2026-07-05-dispatch.md").write_text(ISSUE)
        settings = ("log:\n", "links:\n  follow: true\nlog:\n")
        self.broadsheet.write_configuration(self.server.component_port, settings)
        (benvolio,) = await self.open()
        mark = benvolio.mark
        benvolio.say(ROOM, "!check 2026-07 links")
        await benvolio.said_in_room(ROOM, NICK, "following 2 links", since=mark, seconds=RECONNECT)
        words = ("0 fine, 2 dead", "http://127.0.0.1/admin leads nowhere: its host is not on the internet")
        await benvolio.said_in_room(ROOM, NICK, *words, since=mark, seconds=RECONNECT)

    async def test_nothing_is_followed_unless_the_operator_lets_it(self) -> None:
        (self.broadsheet.issues / "2026-07-05-dispatch.md").write_text(ISSUE)
        (benvolio,) = await self.open()
        mark = benvolio.mark
        benvolio.say(ROOM, "!check 2026-07 links")
        await benvolio.said_in_room(ROOM, NICK, "the operator has not allowed it (links.follow)", since=mark)
