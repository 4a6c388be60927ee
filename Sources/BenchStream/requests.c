#include "requests.h"

#include <string.h>

typedef struct {
    const char *name, *type;
    /// With a place for the node, and for who asks.
    const char *payload;
} request_kind;

static const request_kind kinds[] = {
    {"ping", "get", "<ping xmlns='urn:xmpp:ping'/>"},
    {"info", "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>"},
    {"items", "get", "<query xmlns='http://jabber.org/protocol/disco#items'/>"},
    {"fetch", "get",
     "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
     "<items node='%1$s' max_items='1'/></pubsub>"},
    {"create", "set",
     "<pubsub xmlns='http://jabber.org/protocol/pubsub'><create node='%1$s'/></pubsub>"},
    {"subscribe", "set",
     "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
     "<subscribe node='%1$s' jid='r%2$ld@%3$s'/></pubsub>"},
};

static const request_kind *find(const char *name) {
    for (size_t index = 0; index < sizeof kinds / sizeof *kinds; index++) {
        if (strcmp(kinds[index].name, name) == 0) return &kinds[index];
    }
    return NULL;
}

int request_kind_exists(const char *kind) {
    return find(kind) != NULL;
}

void requests_fill(request_run *run, output *output) {
    const request_kind *kind = find(run->kind);
    if (kind == NULL) return;
    while (run->sent < run->total && run->sent - run->answered < run->window) {
        long number = run->start + run->sent++;
        output_print(
            output, "<iq type='%s' id='b%ld' from='r%ld@%s/bench' to='%s'>", kind->type, number,
            number, run->crowd, run->target
        );
        output_print(output, kind->payload, run->node, number, run->crowd);
        output_print(output, "</iq>");
    }
}

void request_answered(request_run *run, int is_error) {
    run->answered++;
    run->errors += is_error;
    if (run->answered == run->total) run->ended = nanoseconds();
}
