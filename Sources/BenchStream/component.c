#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "roles.h"
#include "store.h"
#include "wire.h"

typedef struct {
    output output;
    char *info, *items, *fetched;
    /// NULL if nothing is stored.
    subscribers *subscribers;
} answers;

/// Says that somebody is subscribed; NULL if it is no such request.
static const char *subscription(const answers *answers, const char *bytes, size_t count) {
    static char answer[8192];
    char node[2048], jid[3072];
    const char *tag = memmem(bytes, count, "<subscribe ", 11);
    if (tag == NULL) return NULL;
    size_t rest = count - (size_t)(tag - bytes);
    if (!tag_attribute(tag, rest, "node", node, sizeof node)
        || !tag_attribute(tag, rest, "jid", jid, sizeof jid)) {
        return NULL;
    }
    if (answers->subscribers != NULL) subscribers_add(answers->subscribers, node, jid);
    snprintf(
        answer, sizeof answer,
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
        "<subscription node='%s' jid='%s' subscription='subscribed'/></pubsub>",
        node, jid
    );
    return answer;
}

/// What belongs into the answer; NULL if we do not know the question.
static const char *payload(const answers *answers, const char *bytes, size_t count) {
    if (memmem(bytes, count, "<items ", 7) != NULL) return answers->fetched;
    if (memmem(bytes, count, "urn:xmpp:ping", 13) != NULL) return "";
    if (memmem(bytes, count, "disco#info", 10) != NULL) return answers->info;
    if (memmem(bytes, count, "disco#items", 11) != NULL) return answers->items;
    return subscription(answers, bytes, count);
}

static void handle(void *context, scanner_event event, const char *bytes, size_t count) {
    answers *answers = context;
    char type[16], id[128], from[3072], to[3072];
    if (event != event_stanza || strncmp(bytes, "<iq", 3) != 0) return;
    if (!tag_attribute(bytes, count, "type", type, sizeof type)
        || !tag_attribute(bytes, count, "id", id, sizeof id)
        || !tag_attribute(bytes, count, "from", from, sizeof from)
        || !tag_attribute(bytes, count, "to", to, sizeof to)) {
        return;
    }
    if (strcmp(type, "get") != 0 && strcmp(type, "set") != 0) return;
    const char *content = payload(answers, bytes, count);
    const char *outcome = content == NULL ? "error" : "result";
    output *output = &answers->output;
    output_print(output, "<iq type='%s' id='%s'", outcome, id);
    output_print(output, " from='%s'", to);
    output_print(output, " to='%s'>", from);
    if (content == NULL) {
        output_print(
            output,
            "<error type='cancel'>"
            "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
        );
    } else {
        output_add(output, content, strlen(content));
    }
    output_print(output, "</iq>");
}

int run_component(
    int port, const char *domain, const char *secret, const char *info, const char *items,
    const char *fetched, const char *database
) {
    answers answers = {
        .info = file_content(info, NULL),
        .items = file_content(items, NULL),
        .fetched = file_content(fetched, NULL),
        .subscribers = database == NULL ? NULL : subscribers_open(database),
    };
    int socket = component_connect(port, domain, secret);
    scanner scanner;
    scanner_open(&scanner, 1, handle, &answers);
    printf("online %s\n", domain);
    while (scanner_read(&scanner, socket) > 0) {
        if (answers.subscribers != NULL) subscribers_commit(answers.subscribers);
        output_flush(&answers.output, socket);
    }
    return 0;
}
