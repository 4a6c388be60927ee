#ifndef BROADSHEET_BENCH_STORE_H
#define BROADSHEET_BENCH_STORE_H

/// Subscribers in an SQLite file, durable: the least that storing them costs.
///
/// One table with the two indexes that any service needs, to find a subscriber and to walk over a
/// node's; no ids kept for later, no counts, no questions but whether the address is there already.

typedef struct subscribers subscribers;

/// Creates the file; exits if it can't.
subscribers *subscribers_open(const char *path);

/// Adds one to the transaction under way, and begins one if there is none.
void subscribers_add(subscribers *subscribers, const char *node, const char *jid);

/// Ends the transaction, if there is one; what was added is on the disk then.
void subscribers_commit(subscribers *subscribers);

#endif
