#ifndef BROADSHEET_BENCH_WIRE_H
#define BROADSHEET_BENCH_WIRE_H

#include <stddef.h>

#include "scanner.h"

/// Bytes that wait to be written.
typedef struct {
    char *bytes;
    size_t count, capacity;
} output;

void output_add(output *output, const char *bytes, size_t count);
void output_print(output *output, const char *format, ...) __attribute__((format(printf, 2, 3)));

/// Writes all of it, waiting as long as the socket is full, and empties it; exits if it can't.
void output_flush(output *output, int socket);

/// A file's whole content with a NUL after it; exits if it can't be read.
char *file_content(const char *path, size_t *count);

/// Nanoseconds of the monotonic clock, which all processes share.
long long nanoseconds(void);

/// A listening socket on loopback; port 0 lets the kernel choose, and `port` gets what it is.
int loopback_listen(int *port);

/// A stream to a server as the component of that domain, handshake done (XEP-0114 §3); exits with
/// a message if it is refused.
int component_connect(int port, const char *domain, const char *secret);

#endif
