#include "scanner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void scanner_open(scanner *scanner, int depth, scanner_handler *handler, void *context) {
    memset(scanner, 0, sizeof *scanner);
    scanner->depth = depth;
    scanner->handler = handler;
    scanner->context = context;
    scanner->bytes = malloc(SCANNER_CAPACITY);
    if (scanner->bytes == NULL) abort();
}

void scanner_close(scanner *scanner) {
    free(scanner->bytes);
    scanner->bytes = NULL;
}

static void tell(scanner *scanner, scanner_event event, size_t start, size_t end) {
    scanner->handler(scanner->context, event, scanner->bytes + start, end - start);
}

static void complete(scanner *scanner) {
    if (scanner->is_kept) {
        tell(scanner, event_stanza, scanner->start, scanner->position);
    } else {
        tell(scanner, event_message, 0, 0);
    }
    scanner->is_kept = 0;
}

static void take_start_tag(scanner *scanner, size_t start, int is_empty) {
    if (scanner->depth == 1) {
        scanner->start = start;
        int is_message = strncmp(scanner->bytes + start, "<message", 8) == 0;
        scanner->is_kept = !is_message || scanner->keeps_messages;
    }
    if (!is_empty) {
        scanner->depth++;
        if (scanner->depth == 1) tell(scanner, event_header, start, scanner->position);
    } else if (scanner->depth == 1) {
        complete(scanner);
    }
}

static void take_end_tag(scanner *scanner) {
    scanner->depth--;
    if (scanner->depth == 1) complete(scanner);
    if (scanner->depth == 0) tell(scanner, event_end, 0, 0);
}

static void scan(scanner *scanner) {
    char *end = scanner->bytes + scanner->count;
    while (1) {
        char *from = scanner->bytes + scanner->position;
        char *tag = memchr(from, '<', (size_t)(end - from));
        if (tag == NULL) {
            scanner->position = scanner->count;
            return;
        }
        char *last = memchr(tag, '>', (size_t)(end - tag));
        scanner->position = (size_t)(tag - scanner->bytes);
        // The rest of the tag comes with the next read.
        if (last == NULL) return;
        scanner->position = (size_t)(last + 1 - scanner->bytes);
        if (tag[1] == '/') {
            take_end_tag(scanner);
        } else if (tag[1] != '?') {
            take_start_tag(scanner, (size_t)(tag - scanner->bytes), last[-1] == '/');
        }
    }
}

/// Drops what is done with; a stanza that is kept stays from its beginning.
static void compact(scanner *scanner) {
    size_t done = scanner->is_kept ? scanner->start : scanner->position;
    if (done == 0) return;
    memmove(scanner->bytes, scanner->bytes + done, scanner->count - done);
    scanner->count -= done;
    scanner->position -= done;
    scanner->start = 0;
}

long scanner_read(scanner *scanner, int socket) {
    if (scanner->count == SCANNER_CAPACITY) {
        fprintf(stderr, "bench-stream: a stanza is larger than %d bytes\n", SCANNER_CAPACITY);
        exit(1);
    }
    // Small enough to stay in the processor's cache, large enough for few calls.
    size_t room = SCANNER_CAPACITY - scanner->count;
    long got = read(socket, scanner->bytes + scanner->count, room < 262144 ? room : 262144);
    if (got > 0) {
        scanner->count += (size_t)got;
        scan(scanner);
        compact(scanner);
    }
    return got;
}

int tag_attribute(const char *tag, size_t count, const char *name, char *value, size_t size) {
    const char *end = memchr(tag, '>', count);
    if (end == NULL) return 0;
    size_t length = strlen(name);
    for (const char *at = tag; (at = memchr(at, ' ', (size_t)(end - at))) != NULL;) {
        at++;
        if ((size_t)(end - at) < length + 2 || memcmp(at, name, length) != 0 || at[length] != '=') {
            continue;
        }
        const char *first = at + length + 2;
        const char *last = memchr(first, first[-1], (size_t)(end - first));
        if (last == NULL || (size_t)(last - first) >= size) return 0;
        memcpy(value, first, (size_t)(last - first));
        value[last - first] = 0;
        return 1;
    }
    return 0;
}
