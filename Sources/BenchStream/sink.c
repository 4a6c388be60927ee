#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "requests.h"
#include "roles.h"
#include "wire.h"

#define MOST_STREAMS 8

typedef struct {
    long messages;
    long long bytes, first, last;
} tally;

typedef struct sink sink;

/// A stream at the other end of which something is measured; not in use while its socket is -1.
typedef struct {
    sink *sink;
    int socket, has_ended;
    char domain[128];
    scanner scanner;
    output output;
} stream;

struct sink {
    stream streams[MOST_STREAMS];
    tally tally;
    /// How many messages somebody waits for; 0 if nobody does.
    long awaited;
    request_run run;
    /// The last stanza that was kept, for those who want to see one.
    output kept;
    /// What is there besides, for those who ask (disco#items); empty if nothing is.
    char item[128];
};

static void keep(sink *sink, const char *bytes, size_t count) {
    sink->kept.count = 0;
    output_add(&sink->kept, bytes, count);
}

// What arrives

static void greet(stream *stream, const char *header, size_t count) {
    if (!tag_attribute(header, count, "to", stream->domain, sizeof stream->domain)) {
        strcpy(stream->domain, "?");
    }
    output_print(
        &stream->output,
        "<stream:stream xmlns='jabber:component:accept' "
        "xmlns:stream='http://etherx.jabber.org/streams' from='%s' id='bench'>",
        stream->domain
    );
}

static void count_message(stream *stream) {
    tally *tally = &stream->sink->tally;
    if (tally->messages++ == 0) tally->first = nanoseconds();
}

static void answer(stream *stream, const char *bytes, size_t count) {
    char id[128] = "", from[3072] = "", to[3072] = "";
    tag_attribute(bytes, count, "id", id, sizeof id);
    tag_attribute(bytes, count, "from", from, sizeof from);
    tag_attribute(bytes, count, "to", to, sizeof to);
    output_print(&stream->output, "<iq type='result' id='%s'", id);
    if (to[0] != 0) output_print(&stream->output, " from='%s'", to);
    if (from[0] != 0) output_print(&stream->output, " to='%s'", from);
    const char *item = stream->sink->item;
    if (item[0] == 0 || memmem(bytes, count, "disco#items", 11) == NULL) {
        output_print(&stream->output, "/>");
        return;
    }
    output_print(
        &stream->output,
        "><query xmlns='http://jabber.org/protocol/disco#items'><item jid='%s'/></query></iq>", item
    );
}

static void take_iq(stream *stream, const char *bytes, size_t count) {
    char type[16] = "";
    request_run *run = &stream->sink->run;
    tag_attribute(bytes, count, "type", type, sizeof type);
    if (strcmp(type, "result") != 0 && strcmp(type, "error") != 0) {
        answer(stream, bytes, count);
    } else if (run->answered < run->sent) {
        if (run->answered == 0) keep(stream->sink, bytes, count);
        request_answered(run, strcmp(type, "error") == 0);
    }
}

/// Lets who enters a room be in it (XEP-0045 §7.2.2), and says when that was asked for.
static void take_presence(stream *stream, const char *bytes, size_t count) {
    char from[3072] = "", to[3072] = "";
    if (memmem(bytes, count, "/protocol/muc'", 14) == NULL) return;
    tag_attribute(bytes, count, "from", from, sizeof from);
    tag_attribute(bytes, count, "to", to, sizeof to);
    printf("joined %s %lld\n", stream->domain, nanoseconds());
    output_print(
        &stream->output,
        "<presence from='%s' to='%s'><x xmlns='http://jabber.org/protocol/muc#user'>"
        "<item affiliation='member' role='participant'/><status code='110'/></x></presence>",
        to, from
    );
}

static void handle(void *context, scanner_event event, const char *bytes, size_t count) {
    stream *stream = context;
    if (event == event_header) {
        greet(stream, bytes, count);
    } else if (event == event_message) {
        count_message(stream);
    } else if (event == event_end) {
        output_print(&stream->output, "</stream:stream>");
        stream->has_ended = 1;
    } else if (strncmp(bytes, "<iq", 3) == 0) {
        take_iq(stream, bytes, count);
    } else if (strncmp(bytes, "<presence", 9) == 0) {
        take_presence(stream, bytes, count);
    } else if (strncmp(bytes, "<handshake", 10) == 0) {
        output_print(&stream->output, "<handshake/>");
        printf("online %s %lld\n", stream->domain, nanoseconds());
    } else if (strncmp(bytes, "<message", 8) == 0) {
        count_message(stream);
        keep(stream->sink, bytes, count);
        stream->scanner.keeps_messages = 0;
    }
}

// Streams

static void begin(sink *sink, int socket, const char *domain) {
    for (int index = 0; index < MOST_STREAMS; index++) {
        stream *stream = &sink->streams[index];
        if (stream->socket >= 0) continue;
        memset(stream, 0, sizeof *stream);
        stream->sink = sink;
        stream->socket = socket;
        snprintf(stream->domain, sizeof stream->domain, "%s", domain);
        // Who connected did the handshake already.
        scanner_open(&stream->scanner, domain[0] == 0 ? 0 : 1, handle, stream);
        return;
    }
    close(socket);
}

static void end(stream *stream) {
    printf("offline %s\n", stream->domain);
    close(stream->socket);
    scanner_close(&stream->scanner);
    free(stream->output.bytes);
    stream->socket = -1;
}

static stream *find_stream(sink *sink, const char *domain, int is_only) {
    for (int index = 0; index < MOST_STREAMS; index++) {
        stream *stream = &sink->streams[index];
        if (stream->socket < 0) continue;
        if (is_only || strcmp(stream->domain, domain) == 0) return stream;
    }
    return NULL;
}

static void report_delivery(sink *sink) {
    if (sink->awaited == 0 || sink->tally.messages < sink->awaited) return;
    printf(
        "delivered %ld %lld %lld %lld\n", sink->tally.messages, sink->tally.bytes,
        sink->tally.first, sink->tally.last
    );
    sink->awaited = 0;
}

static void serve(stream *stream) {
    sink *sink = stream->sink;
    request_run *run = &sink->run;
    long answered = run->answered;
    long messages = sink->tally.messages;
    long got = scanner_read(&stream->scanner, stream->socket);
    if (got > 0) sink->tally.bytes += got;
    if (sink->tally.messages > messages) sink->tally.last = nanoseconds();
    report_delivery(sink);
    if (run->answered > answered) {
        requests_fill(run, &stream->output);
        if (run->answered == run->total) {
            printf(
                "answered %ld %ld %lld\n", run->answered, run->errors, run->ended - run->began
            );
        }
    }
    if (got > 0) output_flush(&stream->output, stream->socket);
    if (got <= 0 || stream->has_ended) end(stream);
}

// Orders

static void begin_requests(sink *sink, const char *order, int is_client) {
    request_run run = {.window = 1};
    int read = sscanf(
        order, "request %15s %ld %ld %127s %127s %127s %ld", run.kind, &run.total, &run.window,
        run.target, run.crowd, run.node, &run.start
    );
    stream *stream = find_stream(sink, run.target, is_client);
    if (read != 7 || !request_kind_exists(run.kind) || stream == NULL) {
        printf("failed %s", order);
        return;
    }
    run.began = nanoseconds();
    sink->run = run;
    requests_fill(&sink->run, &stream->output);
    output_flush(&stream->output, stream->socket);
}

/// Sends the one request that stands in a file.
static void send_file(sink *sink, const char *path, const char *target, int is_client) {
    stream *stream = find_stream(sink, target, is_client);
    if (stream == NULL) {
        printf("failed send %s\n", target);
        return;
    }
    size_t count;
    char *bytes = file_content(path, &count);
    sink->run = (request_run){.total = 1, .sent = 1, .began = nanoseconds()};
    output_add(&stream->output, bytes, count);
    free(bytes);
    output_flush(&stream->output, stream->socket);
}

static void save(const sink *sink, const char *path) {
    FILE *file = fopen(path, "wb");
    int is_written = file != NULL
        && fwrite(sink->kept.bytes, 1, sink->kept.count, file) == sink->kept.count;
    // Whoever reads the line reads the file next.
    if (file != NULL && fclose(file) == 0 && is_written) {
        printf("saved %zu\n", sink->kept.count);
    } else {
        printf("failed save %s\n", path);
    }
}

static void obey(sink *sink, const char *order, int is_client) {
    char path[1024], target[128];
    long number;
    if (strncmp(order, "request ", 8) == 0) {
        begin_requests(sink, order, is_client);
    } else if (sscanf(order, "count %ld", &number) == 1) {
        // From zero; the first message is kept if 1 is asked for with it.
        memset(&sink->tally, 0, sizeof sink->tally);
        sink->awaited = number;
        printf("counting\n");
    } else if (strncmp(order, "sample", 6) == 0) {
        for (int index = 0; index < MOST_STREAMS; index++) {
            sink->streams[index].scanner.keeps_messages = 1;
        }
        printf("sampling\n");
    } else if (sscanf(order, "send %1023s %127s", path, target) == 2) {
        send_file(sink, path, target, is_client);
    } else if (sscanf(order, "name %127s", sink->item) == 1) {
        printf("named %s\n", sink->item);
    } else if (sscanf(order, "save %1023s", path) == 1) {
        save(sink, path);
    } else {
        printf("failed %s", order);
    }
}

/// Takes the orders that are there; returns 0 when there will be no more.
static int take_orders(sink *sink, int is_client) {
    static char orders[8192];
    static size_t count = 0;
    long got = read(0, orders + count, sizeof orders - count - 1);
    if (got <= 0) return 0;
    count += (size_t)got;
    orders[count] = 0;
    char *line = orders;
    for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        char order[2048];
        snprintf(order, sizeof order, "%.*s\n", (int)(end - line), line);
        obey(sink, order, is_client);
    }
    count -= (size_t)(line - orders);
    memmove(orders, line, count);
    return 1;
}

int run_sink(int port, const char *domain, const char *secret) {
    static sink sink;
    int is_client = domain != NULL;
    int listener = -1;
    for (int index = 0; index < MOST_STREAMS; index++) sink.streams[index].socket = -1;
    if (is_client) {
        begin(&sink, component_connect(port, domain, secret), domain);
        printf("online %s %lld\n", domain, nanoseconds());
    } else {
        listener = loopback_listen(&port);
        printf("listening %d\n", port);
    }
    while (1) {
        struct pollfd waits[MOST_STREAMS + 2] = {{0, POLLIN, 0}, {listener, POLLIN, 0}};
        for (int index = 0; index < MOST_STREAMS; index++) {
            waits[index + 2] = (struct pollfd){sink.streams[index].socket, POLLIN, 0};
        }
        if (poll(waits, MOST_STREAMS + 2, -1) < 0 && errno != EINTR) return 1;
        for (int index = 0; index < MOST_STREAMS; index++) {
            if (waits[index + 2].revents != 0) serve(&sink.streams[index]);
        }
        if (waits[1].revents != 0) {
            int accepted = accept(listener, NULL, NULL);
            if (accepted >= 0) begin(&sink, accepted, "");
        }
        if (waits[0].revents != 0 && !take_orders(&sink, is_client)) return 0;
    }
}
