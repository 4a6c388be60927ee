#!/usr/bin/python3
"""A small client on nbxmpp: takes orders as lines on its input, and prints what it is told.

    JID PASSWORD CONTACT as arguments; then `add`, `remove`, `write TEXT`, `form COMMAND FIELD VALUE`
"""

import sys

import gi

gi.require_version("GLib", "2.0")
from gi.repository import GLib  # noqa: E402
from nbxmpp.client import Client  # noqa: E402
from nbxmpp.const import AdHocAction  # noqa: E402
from nbxmpp.modules.dataforms import extend_form  # noqa: E402
from nbxmpp.protocol import JID, Message, Presence  # noqa: E402
from nbxmpp.structs import StanzaHandler  # noqa: E402


def say(kind: str, text: object) -> None:
    for line in str(text).splitlines() or [""]:
        print(f"{kind}: {line}", flush=True)


class Agent:
    def __init__(self, jid: str, password: str, contact: str) -> None:
        own = JID.from_string(jid)
        self.contact = JID.from_string(contact)
        self.client = Client()
        self.client.set_username(own.localpart)
        self.client.set_domain(own.domain)
        self.client.set_resource("nbxmpp")
        self.client.set_password(password)
        self.client.subscribe("connected", self.connected)
        self.client.subscribe("connection-failed", self.failed)
        self.client.subscribe("disconnected", self.failed)
        self.client.register_handler(StanzaHandler("message", self.message, priority=60))
        self.client.register_handler(StanzaHandler("presence", self.presence, priority=60))
        self.client.connect()

    def connected(self, *_: object) -> None:
        self.client.get_module("Roster").request_roster()
        self.client.send_stanza(Presence())
        say("state", "online")

    def failed(self, *_: object) -> None:
        say("state", f"lost {self.client.get_error()}")
        loop.quit()

    def message(self, _client: Client, _stanza: Message, properties) -> None:
        if properties.is_pubsub_event:
            say("event", f"{properties.pubsub_event.node} {properties.pubsub_event.id}")
        elif properties.body:
            say("message", properties.body)

    def presence(self, _client: Client, stanza: Presence, properties) -> None:
        say("presence", f"{properties.type.name} {properties.jid} {properties.status}")

    # Orders

    def obey(self, source, _condition) -> bool:
        line = source.readline()
        if not line:
            loop.quit()
            return False
        order, _, rest = line.rstrip("\n").partition(" ")
        getattr(self, f"order_{order}")(rest)
        return True

    def order_add(self, _: str) -> None:
        self.client.get_module("BasePresence").subscribe(self.contact)

    def order_remove(self, _: str) -> None:
        self.client.get_module("Roster").delete_item(self.contact)

    def order_write(self, text: str) -> None:
        self.client.send_stanza(Message(to=self.contact, typ="chat", body=text))

    def order_form(self, rest: str) -> None:
        self.wanted, self.field, self.value = rest.split()
        # nbxmpp holds a callback by a weak reference, so each is a method.
        self.adhoc.request_command_list(self.contact, callback=self.listed)

    @property
    def adhoc(self):
        return self.client.get_module("AdHoc")

    def listed(self, task) -> None:
        found = {each.node: each for each in task.finish()}
        self.adhoc.execute_command(found[self.wanted], callback=self.offered)

    def offered(self, task) -> None:
        command = task.finish()
        form = extend_form(command.data)
        form[self.field].value = self.value
        form.type_ = "submit"
        self.adhoc.execute_command(command, AdHocAction.COMPLETE, form, callback=self.ended)

    def ended(self, task) -> None:
        say("note", " ".join(each.text for each in task.finish().notes))


loop = GLib.MainLoop()
agent = Agent(*sys.argv[1:])
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, agent.obey)
loop.run()
