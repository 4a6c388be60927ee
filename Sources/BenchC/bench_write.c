#include <stdlib.h>
#include <string.h>

#include "bench_node.h"

typedef struct {
    char *bytes;
    size_t count, capacity;
} buffer;

static void append(buffer *output, const char *bytes, size_t count) {
    if (output->count + count > output->capacity) {
        output->capacity = 2 * output->capacity + count;
        output->bytes = bench_grow(output->bytes, output->capacity);
    }
    memcpy(output->bytes + output->count, bytes, count);
    output->count += count;
}

static void append_string(buffer *output, const char *string) {
    append(output, string, strlen(string));
}

static const char *escape(char byte, int in_attribute) {
    switch (byte) {
        case '&': return "&amp;";
        case '<': return "&lt;";
        case '>': return "&gt;";
        case '\'': return in_attribute ? "&apos;" : NULL;
        case '\n': return in_attribute ? "&#10;" : NULL;
        case '\t': return in_attribute ? "&#9;" : NULL;
        case '\r': return "&#13;";
        default: return (unsigned char)byte < 0x20 ? "\xEF\xBF\xBD" : NULL;
    }
}

static void append_escaped(buffer *output, const char *text, size_t count, int in_attribute) {
    size_t clean = 0;
    for (size_t index = 0; index < count; index++) {
        const char *escaped = escape(text[index], in_attribute);
        if (escaped == NULL) continue;
        append(output, text + clean, index - clean);
        append_string(output, escaped);
        clean = index + 1;
    }
    append(output, text + clean, count - clean);
}

static void append_attribute(buffer *output, const char *name, const char *value, size_t count) {
    append(output, " ", 1);
    append_string(output, name);
    append(output, "='", 2);
    append_escaped(output, value, count, 1);
    append(output, "'", 1);
}

static void write_attributes(buffer *output, char **attributes) {
    for (; attributes != NULL && *attributes != NULL; attributes += 2) {
        const char *separator = strchr(attributes[0], BENCH_SEPARATOR);
        // The one attribute with a namespace in our stanzas is xml:lang.
        if (separator != NULL) append(output, " xml:lang='", 11);
        if (separator == NULL) {
            append_attribute(output, attributes[0], attributes[1], strlen(attributes[1]));
        } else {
            append_escaped(output, attributes[1], strlen(attributes[1]), 1);
            append(output, "'", 1);
        }
    }
}

static void write_node(buffer *output, const bench_node *node, const char *inherited, size_t length) {
    if (node->name == NULL) {
        append_escaped(output, node->text, node->length, 0);
        return;
    }
    const char *separator = strchr(node->name, BENCH_SEPARATOR);
    const char *local = separator == NULL ? node->name : separator + 1;
    size_t own = separator == NULL ? 0 : (size_t)(separator - node->name);
    append(output, "<", 1);
    append_string(output, local);
    if (own != length || memcmp(node->name, inherited, own) != 0) {
        append_attribute(output, "xmlns", node->name, own);
    }
    write_attributes(output, node->attributes);
    if (node->first == NULL) {
        append(output, "/>", 2);
        return;
    }
    append(output, ">", 1);
    for (const bench_node *child = node->first; child != NULL; child = child->next) {
        write_node(output, child, node->name, own);
    }
    append(output, "</", 2);
    append_string(output, local);
    append(output, ">", 1);
}

size_t bench_tree_write(const bench_node *node) {
    buffer output = {NULL, 0, 0};
    write_node(&output, node, "", 0);
    free(output.bytes);
    return output.count;
}
