#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "bench-stream: %s: %s\n", what, strerror(errno));
    exit(1);
}

// Output

static void reserve(output *output, size_t more) {
    if (output->count + more <= output->capacity) return;
    output->capacity = 2 * output->capacity + more;
    output->bytes = realloc(output->bytes, output->capacity);
    if (output->bytes == NULL) abort();
}

void output_add(output *output, const char *bytes, size_t count) {
    reserve(output, count);
    memcpy(output->bytes + output->count, bytes, count);
    output->count += count;
}

void output_print(output *output, const char *format, ...) {
    reserve(output, 4096);
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(output->bytes + output->count, 4096, format, arguments);
    va_end(arguments);
    if (count < 0 || count >= 4096) abort();
    output->count += (size_t)count;
}

void output_flush(output *output, int socket) {
    size_t written = 0;
    while (written < output->count) {
        long count = write(socket, output->bytes + written, output->count - written);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("write");
        written += (size_t)count;
    }
    output->count = 0;
}

char *file_content(const char *path, size_t *count) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail(path);
    output content = {NULL, 0, 0};
    char chunk[65536];
    size_t got;
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) output_add(&content, chunk, got);
    fclose(file);
    if (count != NULL) *count = content.count;
    output_add(&content, "", 1);
    return content.bytes;
}

long long nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

// Sockets

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((unsigned short)port);
    return address;
}

int loopback_listen(int *port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(*port);
    socklen_t size = sizeof address;
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, size) != 0) fail("bind");
    if (listen(listener, 8) != 0) fail("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &size) != 0) fail("getsockname");
    *port = ntohs(address.sin_port);
    return listener;
}

// Handshake

typedef struct {
    int socket, is_open;
    const char *secret;
    output output;
} opening;

static void send_digest(opening *opening, const char *header, size_t count) {
    char id[256], text[512];
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!tag_attribute(header, count, "id", id, sizeof id)) {
        fprintf(stderr, "bench-stream: the server's stream has no id\n");
        exit(1);
    }
    int length = snprintf(text, sizeof text, "%s%s", id, opening->secret);
    if (length < 0 || (size_t)length >= sizeof text) abort();
    EVP_Digest(text, (size_t)length, digest, &size, EVP_sha1(), NULL);
    output_print(&opening->output, "<handshake>");
    for (unsigned index = 0; index < size; index++) {
        output_print(&opening->output, "%02x", digest[index]);
    }
    output_print(&opening->output, "</handshake>");
    output_flush(&opening->output, opening->socket);
}

static void handle(void *context, scanner_event event, const char *bytes, size_t count) {
    opening *opening = context;
    if (event == event_header) {
        send_digest(opening, bytes, count);
    } else if (event == event_stanza && strncmp(bytes, "<handshake", 10) == 0) {
        opening->is_open = 1;
    } else {
        fprintf(stderr, "bench-stream: refused: %.*s\n", (int)count, bytes);
        exit(1);
    }
}

int component_connect(int port, const char *domain, const char *secret) {
    opening opening = {.secret = secret};
    opening.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(port);
    int on = 1;
    if (connect(opening.socket, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
    setsockopt(opening.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    output_print(
        &opening.output,
        "<stream:stream xmlns='jabber:component:accept' "
        "xmlns:stream='http://etherx.jabber.org/streams' to='%s'>",
        domain
    );
    output_flush(&opening.output, opening.socket);
    scanner scanner;
    scanner_open(&scanner, 0, handle, &opening);
    while (!opening.is_open) {
        if (scanner_read(&scanner, opening.socket) <= 0) fail("the server closed the stream");
    }
    scanner_close(&scanner);
    free(opening.output.bytes);
    return opening.socket;
}
