#ifndef BROADSHEET_BENCH_SCANNER_H
#define BROADSHEET_BENCH_SCANNER_H

#include <stddef.h>

/// Finds stanzas in a stream without building anything: what a peer costs that only swallows.
///
/// It trusts its input, which both sides of the benchmark write: every `>` that ends no tag is
/// escaped, and there are neither comments nor CDATA sections.

typedef enum {
    /// `<stream:stream …>`: the start tag.
    event_header,
    /// A child of the stream, whole.
    event_stanza,
    /// A message whose bytes were not kept.
    event_message,
    /// `</stream:stream>`.
    event_end,
} scanner_event;

/// The bytes are valid during the call only; there are none of a message that was not kept.
typedef void scanner_handler(void *context, scanner_event event, const char *bytes, size_t count);

typedef struct {
    scanner_handler *handler;
    void *context;
    /// Whether messages are kept too, to look at one of them.
    int keeps_messages;

    char *bytes;
    size_t count, position, start;
    int depth, is_kept;
} scanner;

/// The largest stanza that can be kept, and the most that is read at once.
#define SCANNER_CAPACITY (1024 * 1024)

/// A depth of 1 stands for a stream whose header was read by another scanner.
void scanner_open(scanner *scanner, int depth, scanner_handler *handler, void *context);
void scanner_close(scanner *scanner);

/// Reads once from the socket and hands out what is there; returns what `read` did.
long scanner_read(scanner *scanner, int socket);

/// Copies an attribute of the first tag; returns 0 if it is not there or too long.
int tag_attribute(const char *tag, size_t count, const char *name, char *value, size_t size);

#endif
