#ifndef BROADSHEET_BENCH_NODE_H
#define BROADSHEET_BENCH_NODE_H

#include "bench_c.h"

/// Between namespace and local name in the names expat gives.
#define BENCH_SEPARATOR '\f'

struct bench_node {
    bench_node *parent, *first, *last, *next;
    /// Namespace and local name; NULL for a text.
    char *name;
    /// Names and values in turn, ended by NULL.
    char **attributes;
    char *text;
    size_t length;
};

void *bench_allocate(size_t size);
void *bench_grow(void *memory, size_t size);
char *bench_copy(const char *string);

#endif
