#ifndef BROADSHEET_BENCH_ROLES_H
#define BROADSHEET_BENCH_ROLES_H

/// What the tool can be; each runs until its standard input ends and returns the exit status.

/// The far end of a stream: the server that swallows, or a component of a real server that counts.
/// With a domain it connects to the port, without one it listens there.
int run_sink(int port, const char *domain, const char *secret);

/// A component that answers from memory and says yes to every subscriber. The files hold what its
/// answers to disco#info, disco#items and a request for items contain. With a database it stores its
/// subscribers before it answers, those of one read in one transaction; it may be NULL.
int run_component(
    int port, const char *domain, const char *secret, const char *info, const char *items,
    const char *fetched, const char *database
);

/// A component that writes one message to many readers. The files hold what stands before the
/// reader's address and after the id. With Broadsheet's database it writes to the readers of a node,
/// as many as it is told; it may be NULL, and then they are made up.
int run_writer(
    int port, const char *domain, const char *secret, const char *head, const char *tail,
    const char *database, const char *node
);

#endif
