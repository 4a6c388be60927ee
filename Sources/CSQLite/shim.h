#pragma once

#include <sqlite3.h>

// What SQLite offers by functions of any number of arguments, which do not reach Swift.

static inline int broadsheet_leave_memory_uncounted(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
