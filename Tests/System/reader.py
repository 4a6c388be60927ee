#!/usr/bin/python3
"""A reader inside the machine: subscribes, or waits until an item is there for them, or has a feed of old.

    reader.py NAME PASSWORD subscribe|await|feed NODE [ITEM]
    reader.py NAME PASSWORD ask WORDS ANSWER
"""

import asyncio
import sys
from xml.etree import ElementTree

from people import Person

SERVICE = "news.example.org"
FEEDS = "pubsub.example.org"
CONTACT = "dispatch@news.example.org"
ATOM = "http://www.w3.org/2005/Atom"


async def main() -> None:
    name, password, verb, node, *item = sys.argv[1:]
    person = Person(name, password, 5222)
    await person.login()
    if verb == "subscribe":
        print(await person.subscribe(SERVICE, node))
    elif verb == "feed":
        feeds = person.client["xep_0060"]
        form = person.client["xep_0004"].make_form(ftype="submit")
        form.add_field(var="FORM_TYPE", ftype="hidden", value="http://jabber.org/protocol/pubsub#node_config")
        form.add_field(var="pubsub#persist_items", value="1")
        form.add_field(var="pubsub#max_items", value="10")
        await feeds.create_node(FEEDS, node, config=form)
        for day in (1, 2):
            entry = ElementTree.fromstring(
                f"<entry xmlns='{ATOM}'><title>Day {day}</title>"
                f"<published>2020-01-0{day}T00:00:00Z</published></entry>"
            )
            await feeds.publish(FEEDS, node, id=f"day-{day}", payload=entry)
    elif verb == "ask":
        # An answer may come in parts; the last one has these words.
        mark = person.mark
        person.write(CONTACT, node)
        heard = await person.answer(CONTACT, item[0], since=mark, seconds=120)
        print(heard.body)
    else:
        heard = await person.event(node, item[0], seconds=60)
        print("has it:", heard.items[0].title)
    await person.logout()


asyncio.run(main())
