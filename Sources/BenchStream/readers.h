#ifndef BROADSHEET_BENCH_READERS_H
#define BROADSHEET_BENCH_READERS_H

#include <stddef.h>

/// The readers of a node, from Broadsheet's own database: the least that reading them costs.
///
/// One statement that is never interrupted, with the conditions that Broadsheet has; of what it finds
/// nothing but the address is looked at.

typedef struct readers readers;

/// Opens the file for reading; exits if it can't, or if it has no such node.
readers *readers_open(const char *path, const char *node);

/// The next one's address, valid until the next call; NULL behind the last, and then the first again.
const char *readers_next(readers *readers, size_t *count);

/// Lets the first be the next.
void readers_restart(readers *readers);

#endif
