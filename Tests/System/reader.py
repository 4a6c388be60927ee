#!/usr/bin/python3
"""A reader inside the machine: subscribes, or waits until an item is there for them.

    reader.py NAME PASSWORD subscribe|await NODE [ITEM]
"""

import asyncio
import sys

from people import Person

SERVICE = "news.example.org"


async def main() -> None:
    name, password, verb, node, *item = sys.argv[1:]
    person = Person(name, password, 5222)
    await person.login()
    if verb == "subscribe":
        print(await person.subscribe(SERVICE, node))
    else:
        heard = await person.event(node, item[0], seconds=60)
        print("has it:", heard.items[0].title)
    await person.logout()


asyncio.run(main())
