#ifndef BROADSHEET_BENCH_REQUESTS_H
#define BROADSHEET_BENCH_REQUESTS_H

#include "wire.h"

/// What a crowd of people asks a component.
typedef struct {
    /// `ping`, `info`, `items`, `fetch`, `subscribe` or `create`.
    char kind[16];
    char target[128], node[128];
    /// The domain of those who ask: `r0@…`, `r1@…`, …
    char crowd[128];
    /// How many in all, and how many without an answer at most.
    long total, window;
    /// The number of the first who asks.
    long start;
    long sent, answered, errors;
    long long began, ended;
} request_run;

int request_kind_exists(const char *kind);

/// Adds as many requests as the window lets.
void requests_fill(request_run *run, output *output);

/// Counts an answer.
void request_answered(request_run *run, int is_error);

#endif
