#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "readers.h"
#include "roles.h"
#include "wire.h"

typedef struct {
    int socket;
    scanner scanner;
    output output;
    char *head, *tail;
    size_t head_size, tail_size;
    const char *domain;
    /// Where the addresses come from; NULL if they are made up.
    readers *readers;
    long barriers_sent, barriers_answered, messages;
} writer;

static void handle(void *context, scanner_event event, const char *bytes, size_t count) {
    writer *writer = context;
    char type[16];
    if (event != event_stanza || strncmp(bytes, "<iq", 3) != 0) return;
    if (!tag_attribute(bytes, count, "type", type, sizeof type)) return;
    if (strcmp(type, "result") == 0 || strcmp(type, "error") == 0) writer->barriers_answered++;
}

static void wait_for_barriers(writer *writer, long allowed) {
    while (writer->barriers_sent - writer->barriers_answered > allowed) {
        if (scanner_read(&writer->scanner, writer->socket) > 0) continue;
        fprintf(stderr, "bench-stream: the stream ended while writing\n");
        exit(1);
    }
}

/// Puts the reader's address behind ` to='`, and tells how long it is.
static size_t put_address(writer *writer, long reader, const char *crowd, char *place, size_t size) {
    if (writer->readers == NULL) {
        int count = snprintf(place, size, "r%ld@%s", reader, crowd);
        if (count < 0 || (size_t)count >= size) abort();
        return (size_t)count;
    }
    size_t count;
    const char *address = readers_next(writer->readers, &count);
    if (address == NULL || count >= size) {
        fprintf(stderr, "bench-stream: the database has too few readers\n");
        exit(1);
    }
    memcpy(place, address, count);
    return count;
}

static void add_message(writer *writer, long reader, const char *crowd) {
    char place[256] = " to='";
    size_t count = strlen(place);
    count += put_address(writer, reader, crowd, place + count, sizeof place - 32 - count);
    // The id is as long as Broadsheet's.
    int added = snprintf(
        place + count, sizeof place - count, "' id='bench-%016ld'", writer->messages++
    );
    if (added < 0 || (size_t)added >= sizeof place - count) abort();
    output_add(&writer->output, writer->head, writer->head_size);
    output_add(&writer->output, place, count + (size_t)added);
    output_add(&writer->output, writer->tail, writer->tail_size);
    // What is still in the processor's cache is written fastest.
    if (writer->output.count >= 262144) output_flush(&writer->output, writer->socket);
}

static void add_barrier(writer *writer, const char *server) {
    output_print(
        &writer->output,
        "<iq type='get' id='p%ld' from='%s' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>",
        writer->barriers_sent++, writer->domain, server
    );
    output_flush(&writer->output, writer->socket);
}

/// A window of 0 writes without waiting for anything.
static void send_messages(
    writer *writer, long total, long batch, long window, const char *crowd, const char *server
) {
    for (long reader = 0; reader < total; reader++) {
        add_message(writer, reader, crowd);
        if (window == 0 || ((reader + 1) % batch != 0 && reader + 1 < total)) continue;
        add_barrier(writer, server);
        wait_for_barriers(writer, window - 1);
    }
    output_flush(&writer->output, writer->socket);
    if (writer->readers != NULL) readers_restart(writer->readers);
    wait_for_barriers(writer, 0);
}

int run_writer(
    int port, const char *domain, const char *secret, const char *head, const char *tail,
    const char *database, const char *node
) {
    writer writer = {.domain = domain};
    if (database != NULL) writer.readers = readers_open(database, node);
    writer.head = file_content(head, &writer.head_size);
    writer.tail = file_content(tail, &writer.tail_size);
    writer.socket = component_connect(port, domain, secret);
    scanner_open(&writer.scanner, 1, handle, &writer);
    printf("online %s\n", domain);
    char line[512], crowd[128], server[128];
    while (fgets(line, sizeof line, stdin) != NULL) {
        long total, batch, window;
        int read = sscanf(
            line, "send %ld %ld %ld %127s %127s", &total, &batch, &window, crowd, server
        );
        if (read != 5 || batch < 1) return 64;
        send_messages(&writer, total, batch, window, crowd, server);
        printf("sent %ld\n", total);
    }
    return 0;
}
