#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "roles.h"

static const char usage[] =
    "bench-stream listen PORT\n"
    "    a server that lets every component in and swallows what it gets\n"
    "bench-stream connect PORT DOMAIN SECRET\n"
    "    the same at the far side of a real server, as its component\n"
    "bench-stream component PORT DOMAIN SECRET INFO-FILE ITEMS-FILE FETCHED-FILE [DATABASE]\n"
    "    a component that answers from memory, and stores its subscribers if it has a database\n"
    "bench-stream writer PORT DOMAIN SECRET HEAD-FILE TAIL-FILE [DATABASE NODE]\n"
    "    a component that writes one message to many readers, of that node if it has a database\n"
    "\n"
    "Scripts/bench.py gives them their orders through standard input.\n";

int main(int count, char **arguments) {
    const char *role = count > 1 ? arguments[1] : "";
    int port = count > 2 ? atoi(arguments[2]) : 0;
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(role, "listen") == 0 && count == 3) return run_sink(port, NULL, NULL);
    if (strcmp(role, "connect") == 0 && count == 5) {
        return run_sink(port, arguments[3], arguments[4]);
    }
    if (strcmp(role, "component") == 0 && (count == 8 || count == 9)) {
        return run_component(
            port, arguments[3], arguments[4], arguments[5], arguments[6], arguments[7],
            count == 9 ? arguments[8] : NULL
        );
    }
    if (strcmp(role, "writer") == 0 && (count == 7 || count == 9)) {
        return run_writer(
            port, arguments[3], arguments[4], arguments[5], arguments[6],
            count == 9 ? arguments[7] : NULL, count == 9 ? arguments[8] : NULL
        );
    }
    fputs(usage, stderr);
    return 64;
}
