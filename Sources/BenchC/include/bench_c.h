#ifndef BROADSHEET_BENCH_C_H
#define BROADSHEET_BENCH_C_H

#include <stddef.h>

/// What expat does in C with a stream of stanzas, to compare `XML.Parser` and `XML.Writer` with.
///
/// The tree is bare: a node is allocated for each element and each text, names and values are
/// copied, and all of it is freed when the stanza is complete. Errors of allocation end the program.

/// A stream being read.
typedef struct bench_reader bench_reader;

/// An element or a text.
typedef struct bench_node bench_node;

/// Whether a reader builds trees, or only counts what expat reports.
typedef enum { bench_sax_only, bench_builds_tree } bench_mode;

bench_reader *bench_reader_new(bench_mode mode);
void bench_reader_free(bench_reader *reader);

/// Parses the next bytes; returns 0 if expat refuses them.
int bench_reader_feed(bench_reader *reader, const char *bytes, size_t count);

/// How many children of the root were complete so far.
size_t bench_reader_stanzas(const bench_reader *reader);

/// How many elements and bytes of text there were, so that nothing is optimised away.
size_t bench_reader_checksum(const bench_reader *reader);

/// Parses a document and gives the tree of the first child of its root; NULL if there is none.
bench_node *bench_tree_new(const char *document, size_t count);
void bench_tree_free(bench_node *node);

/// Writes the tree into memory that grows as it must, frees that, and returns the size.
size_t bench_tree_write(const bench_node *node);

#endif
