#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "store.h"

struct subscribers {
    sqlite3 *database;
    sqlite3_stmt *begin, *add, *commit;
    int is_in_transaction;
};

static void fail(subscribers *subscribers) {
    fprintf(stderr, "bench-stream: SQLite: %s\n", sqlite3_errmsg(subscribers->database));
    exit(1);
}

static sqlite3_stmt *prepared(subscribers *subscribers, const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(
            subscribers->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL
        )
        != SQLITE_OK) {
        fail(subscribers);
    }
    return statement;
}

static void run(subscribers *subscribers, sqlite3_stmt *statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) fail(subscribers);
    sqlite3_reset(statement);
}

subscribers *subscribers_open(const char *path) {
    subscribers *subscribers = calloc(1, sizeof *subscribers);
    if (subscribers == NULL) abort();
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_open(path, &subscribers->database) != SQLITE_OK) fail(subscribers);
    const char *schema =
        "PRAGMA journal_mode = WAL;"
        "PRAGMA synchronous = FULL;"
        "CREATE TABLE subscription ("
        "    id INTEGER PRIMARY KEY AUTOINCREMENT, node TEXT NOT NULL, jid TEXT NOT NULL,"
        "    UNIQUE (jid, node)"
        ");"
        "CREATE INDEX subscriptionOnNode ON subscription (node);";
    if (sqlite3_exec(subscribers->database, schema, NULL, NULL, NULL) != SQLITE_OK) {
        fail(subscribers);
    }
    subscribers->begin = prepared(subscribers, "BEGIN IMMEDIATE");
    subscribers->add = prepared(
        subscribers, "INSERT INTO subscription (node, jid) VALUES (?, ?) ON CONFLICT DO NOTHING"
    );
    subscribers->commit = prepared(subscribers, "COMMIT");
    return subscribers;
}

void subscribers_add(subscribers *subscribers, const char *node, const char *jid) {
    if (!subscribers->is_in_transaction) run(subscribers, subscribers->begin);
    subscribers->is_in_transaction = 1;
    sqlite3_bind_text(subscribers->add, 1, node, -1, SQLITE_STATIC);
    sqlite3_bind_text(subscribers->add, 2, jid, -1, SQLITE_STATIC);
    run(subscribers, subscribers->add);
}

void subscribers_commit(subscribers *subscribers) {
    if (!subscribers->is_in_transaction) return;
    run(subscribers, subscribers->commit);
    subscribers->is_in_transaction = 0;
}
