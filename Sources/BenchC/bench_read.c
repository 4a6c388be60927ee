#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "bench_node.h"

struct bench_reader {
    XML_Parser parser;
    bench_mode mode;
    int depth;
    size_t stanzas, checksum;
    bench_node *open;
    /// Where the first stanza is kept instead of being freed, if it is wanted.
    bench_node **wanted;
};

void *bench_grow(void *memory, size_t size) {
    void *grown = realloc(memory, size);
    if (grown == NULL) abort();
    return grown;
}

void *bench_allocate(size_t size) {
    return bench_grow(NULL, size);
}

char *bench_copy(const char *string) {
    size_t size = strlen(string) + 1;
    return memcpy(bench_allocate(size), string, size);
}

static bench_node *append_node(bench_node *parent) {
    bench_node *node = bench_allocate(sizeof *node);
    memset(node, 0, sizeof *node);
    node->parent = parent;
    if (parent == NULL) return node;
    if (parent->last == NULL) {
        parent->first = node;
    } else {
        parent->last->next = node;
    }
    parent->last = node;
    return node;
}

static char **copy_attributes(const XML_Char **attributes) {
    size_t count = 0;
    while (attributes[count] != NULL) count++;
    if (count == 0) return NULL;
    char **copies = bench_allocate((count + 1) * sizeof *copies);
    for (size_t index = 0; index < count; index++) copies[index] = bench_copy(attributes[index]);
    copies[count] = NULL;
    return copies;
}

void bench_tree_free(bench_node *node) {
    if (node == NULL) return;
    for (bench_node *child = node->first, *next; child != NULL; child = next) {
        next = child->next;
        bench_tree_free(child);
    }
    for (char **attribute = node->attributes; attribute != NULL && *attribute != NULL; attribute++) {
        free(*attribute);
    }
    free(node->attributes);
    free(node->name);
    free(node->text);
    free(node);
}

static void started(void *data, const XML_Char *name, const XML_Char **attributes) {
    bench_reader *reader = data;
    reader->checksum++;
    if (reader->depth++ == 0 || reader->mode == bench_sax_only) return;
    reader->open = append_node(reader->open);
    reader->open->name = bench_copy(name);
    reader->open->attributes = copy_attributes(attributes);
}

static void ended(void *data, const XML_Char *name) {
    (void)name;
    bench_reader *reader = data;
    reader->depth--;
    if (reader->depth == 1) reader->stanzas++;
    if (reader->depth == 0 || reader->mode == bench_sax_only) return;
    bench_node *node = reader->open;
    reader->open = node->parent;
    if (reader->open != NULL) return;
    if (reader->wanted != NULL && *reader->wanted == NULL) {
        *reader->wanted = node;
    } else {
        bench_tree_free(node);
    }
}

static void text_read(void *data, const XML_Char *text, int count) {
    bench_reader *reader = data;
    reader->checksum += (size_t)count;
    if (reader->open == NULL) return;
    bench_node *node = reader->open->last;
    // Expat reports one text in several parts; they belong together.
    if (node == NULL || node->name != NULL) node = append_node(reader->open);
    node->text = bench_grow(node->text, node->length + (size_t)count);
    memcpy(node->text + node->length, text, (size_t)count);
    node->length += (size_t)count;
}

bench_reader *bench_reader_new(bench_mode mode) {
    bench_reader *reader = bench_allocate(sizeof *reader);
    memset(reader, 0, sizeof *reader);
    reader->mode = mode;
    reader->parser = XML_ParserCreateNS("UTF-8", BENCH_SEPARATOR);
    if (reader->parser == NULL) abort();
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, started, ended);
    XML_SetCharacterDataHandler(reader->parser, text_read);
    return reader;
}

void bench_reader_free(bench_reader *reader) {
    bench_node *node = reader->open;
    while (node != NULL && node->parent != NULL) node = node->parent;
    bench_tree_free(node);
    XML_ParserFree(reader->parser);
    free(reader);
}

int bench_reader_feed(bench_reader *reader, const char *bytes, size_t count) {
    return XML_Parse(reader->parser, bytes, (int)count, 0) == XML_STATUS_OK;
}

size_t bench_reader_stanzas(const bench_reader *reader) {
    return reader->stanzas;
}

size_t bench_reader_checksum(const bench_reader *reader) {
    return reader->checksum;
}

bench_node *bench_tree_new(const char *document, size_t count) {
    bench_node *tree = NULL;
    bench_reader *reader = bench_reader_new(bench_builds_tree);
    reader->wanted = &tree;
    bench_reader_feed(reader, document, count);
    bench_reader_free(reader);
    return tree;
}
