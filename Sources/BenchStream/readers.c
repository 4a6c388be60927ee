#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "readers.h"

struct readers {
    sqlite3 *database;
    sqlite3_stmt *next;
};

static void fail(readers *readers) {
    fprintf(stderr, "bench-stream: SQLite: %s\n", sqlite3_errmsg(readers->database));
    exit(1);
}

readers *readers_open(const char *path, const char *node) {
    readers *readers = calloc(1, sizeof *readers);
    if (readers == NULL) abort();
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int opened = sqlite3_open_v2(
        path, &readers->database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL
    );
    if (opened != SQLITE_OK) fail(readers);
    const char *sql =
        "SELECT jid FROM subscription"
        " WHERE node = (SELECT id FROM node WHERE name = ?1 AND deletedAt IS NULL)"
        "    AND state = 'subscribed' AND id > 0 AND id <= 9223372036854775807 AND isDelivered"
        "    AND suspendedAt IS NULL AND (expiresAt IS NULL OR expiresAt > 0)"
        " ORDER BY id";
    int prepared = sqlite3_prepare_v2(readers->database, sql, -1, &readers->next, NULL);
    if (prepared != SQLITE_OK) fail(readers);
    sqlite3_bind_text(readers->next, 1, node, -1, SQLITE_TRANSIENT);
    return readers;
}

const char *readers_next(readers *readers, size_t *count) {
    int found = sqlite3_step(readers->next);
    if (found == SQLITE_DONE) {
        readers_restart(readers);
        return NULL;
    }
    if (found != SQLITE_ROW) fail(readers);
    const char *address = (const char *)sqlite3_column_text(readers->next, 0);
    *count = (size_t)sqlite3_column_bytes(readers->next, 0);
    return address;
}

void readers_restart(readers *readers) {
    sqlite3_reset(readers->next);
}
