#include "base/xml.h"

#include <libxml/parser.h>
#include <libxml/xmlwriter.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"

#define DEFAULT_DEPTH 256

/* ---- pushed ---- */

struct xml_reader {
    xmlParserCtxtPtr parser;
    struct xml_handlers handlers;
    void *context;
    struct xml_limits limits;
    struct err failure;         /* what ended it; kind ERR_NONE = it goes on */
    int depth;
    size_t bytes, mark;         /* mark: bytes of a byte order mark that came */
};

static struct str slice(const xmlChar *text)
{
    return str_of((const char *)text);
}

static void give_up(struct xml_reader *reader)
{
    xmlStopParser(reader->parser);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space, int namespace_count,
                     const xmlChar **namespaces, int attribute_count, int defaulted, const xmlChar **attributes)
{
    struct xml_reader *reader = context;
    const struct xml_element element = {
        .name = slice(name), .space = slice(space), .attributes = attributes, .attribute_count = attribute_count,
    };
    (void)prefix;
    (void)namespace_count;
    (void)namespaces;
    (void)defaulted;
    if (reader->failure.kind) {
        return;
    }
    if (++reader->depth > reader->limits.depth) {
        err_set(&reader->failure, ERR_PROTOCOL, "the XML is more than %d levels deep at byte %lld", reader->limits.depth,
                (long long)xml_reader_offset(reader));
        give_up(reader);
    } else if (!reader->handlers.start(reader->context, &element, &reader->failure)) {
        give_up(reader);
    }
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
    struct xml_reader *reader = context;
    (void)name;
    (void)prefix;
    (void)space;
    if (reader->failure.kind) {
        return;
    }
    reader->depth--;
    if (!reader->handlers.end(reader->context, &reader->failure)) {
        give_up(reader);
    }
}

static void on_text(void *context, const xmlChar *text, int length)
{
    struct xml_reader *reader = context;
    const struct str piece = { (const char *)text, (size_t)length };
    if (!reader->failure.kind && !reader->handlers.text(reader->context, piece, &reader->failure)) {
        give_up(reader);
    }
}

/* SOAP forbids a document type (SOAP 1.2 section 5), and every bomb and every foreign file begins with one. */
static void on_document_type(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    struct xml_reader *reader = context;
    (void)name;
    (void)external;
    (void)system;
    if (!reader->failure.kind) {
        err_set(&reader->failure, ERR_PROTOCOL, "the XML has a document type declaration at byte %lld, which is not allowed here",
                (long long)xml_reader_offset(reader));
        give_up(reader);
    }
}

static const xmlSAXHandler sax = {
    .initialized = XML_SAX2_MAGIC,
    .internalSubset = on_document_type,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .cdataBlock = on_text,
};

static void use_options(xmlParserCtxtPtr parser)
{
    /* NOENT: without it an attribute's &amp; comes as &#38;. No entity but the predefined ones can be declared. HUGE: the limits
       are ours; libxml2's own end a text at 10 MB. */
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_HUGE | XML_PARSE_NOERROR |
                      XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
}

struct xml_reader *xml_reader_new(const struct xml_handlers *handlers, void *context, const struct xml_limits *limits)
{
    struct xml_reader *reader = MEM_NEW(struct xml_reader);
    xmlSAXHandler own = sax;    /* libxml2 copies it, and wants it writable */
    xmlInitParser();
    reader->handlers = *handlers;
    reader->context = context;
    reader->limits.depth = limits && limits->depth ? limits->depth : DEFAULT_DEPTH;
    reader->limits.bytes = limits && limits->bytes ? limits->bytes : BUF_LARGE;
    reader->parser = xmlCreatePushParserCtxt(&own, reader, NULL, 0, NULL);
    if (!reader->parser) {
        mem_exhausted();
    }
    use_options(reader->parser);
    return reader;
}

void xml_reader_free(struct xml_reader *reader)
{
    if (reader) {
        xmlFreeParserCtxt(reader->parser);
        free(reader);
    }
}

void xml_reader_reset(struct xml_reader *reader)
{
    if (xmlCtxtResetPush(reader->parser, NULL, 0, NULL, NULL) != 0) {
        mem_exhausted();
    }
    use_options(reader->parser);
    reader->failure = (struct err){ 0 };
    reader->depth = 0;
    reader->bytes = reader->mark = 0;
}

int64_t xml_reader_offset(const struct xml_reader *reader)
{
    long at = xmlByteConsumed(reader->parser);
    return at < 0 ? (int64_t)reader->bytes : at;
}

/* libxml2's message ends in a line end and may quote what it read; err_set cleans it. */
static bool fail(struct xml_reader *reader, struct err *err)
{
    if (!reader->failure.kind) {
        const xmlError *why = xmlCtxtGetLastError(reader->parser);
        struct str text = str_trim(str_of(why && why->message ? why->message : "it is not well-formed"));
        err_set(&reader->failure, ERR_PROTOCOL, "bad XML at byte %lld: %.*s", (long long)xml_reader_offset(reader), STR_ARG(text));
    }
    if (err) {
        *err = reader->failure;
    }
    return false;
}

/* A parser that was reset no longer looks for it. Half a mark is an error anyway: no document begins so. */
static struct str behind_mark(struct xml_reader *reader, struct str piece)
{
    while (piece.len && reader->bytes == 0 && reader->mark < 3 && piece.data[0] == "\xEF\xBB\xBF"[reader->mark]) {
        reader->mark++;
        piece = str_from(piece, 1);
    }
    return piece;
}

bool xml_reader_feed(struct xml_reader *reader, struct str piece, struct err *err)
{
    piece = behind_mark(reader, piece);
    if (reader->failure.kind) {
        return fail(reader, err);
    }
    if (piece.len > reader->limits.bytes - reader->bytes) {
        err_set(&reader->failure, ERR_PROTOCOL, "the XML is longer than %zu bytes", reader->limits.bytes);
        return fail(reader, err);
    }
    reader->bytes += piece.len;
    /* libxml2 counts in int; the pieces also keep its own buffer small. */
    while (piece.len) {
        size_t part = piece.len < 65536 ? piece.len : 65536;
        int status = xmlParseChunk(reader->parser, piece.data, (int)part, 0);
        if (status != XML_ERR_OK || reader->failure.kind) {
            return fail(reader, err);
        }
        piece = str_from(piece, part);
    }
    return true;
}

bool xml_reader_finish(struct xml_reader *reader, struct err *err)
{
    if (!reader->failure.kind && xmlParseChunk(reader->parser, NULL, 0, 1) != XML_ERR_OK && !reader->failure.kind) {
        err_set(&reader->failure, ERR_PROTOCOL, "the XML is not complete: it ends at byte %zu", reader->bytes);
    }
    return !reader->failure.kind || fail(reader, err);
}

/* SAX2 gives five pointers an attribute: name, prefix, namespace, the value's begin and its end. */
bool xml_element_attribute(const struct xml_element *element, const char *name, struct str *value)
{
    const xmlChar *const *attribute = element->attributes;
    for (int i = 0; i < element->attribute_count; i++, attribute += 5) {
        if (strcmp((const char *)attribute[0], name) == 0) {
            *value = (struct str){ (const char *)attribute[3], (size_t)(attribute[4] - attribute[3]) };
            return true;
        }
    }
    return false;
}

/* ---- whole ---- */

/* The node that is being read, with its text so far. */
struct level { struct xml_node *node, *last; struct buf text; };

struct xml_document {
    struct arena arena;
    struct xml_node *root;
    struct level *levels;
    size_t depth, capacity;
};

static bool tree_start(void *context, const struct xml_element *element, struct err *err)
{
    struct xml_document *document = context;
    struct xml_node *node = arena_new(&document->arena, sizeof *node);
    const xmlChar *const *attribute = element->attributes;
    (void)err;
    *node = (struct xml_node){ .name = arena_str(&document->arena, element->name), .space = arena_str(&document->arena, element->space) };
    node->attributes = arena_new(&document->arena, (size_t)element->attribute_count * sizeof *node->attributes);
    for (int i = 0; i < element->attribute_count; i++, attribute += 5) {
        struct str value = { (const char *)attribute[3], (size_t)(attribute[4] - attribute[3]) };
        node->attributes[node->attribute_count++] = (struct xml_attribute){ arena_str(&document->arena, slice(attribute[0])), arena_str(&document->arena, value) };
    }
    if (document->depth) {
        struct level *above = &document->levels[document->depth - 1];
        *(above->last ? &above->last->next : &above->node->first) = node;
        above->last = node;
    } else {
        document->root = node;
    }
    MEM_ROOM(document->levels, document->depth, document->capacity);
    document->levels[document->depth++] = (struct level){ .node = node, .text = BUF_INIT(SIZE_MAX) };
    return true;
}

static bool tree_text(void *context, struct str piece, struct err *err)
{
    struct xml_document *document = context;
    (void)err;
    if (document->depth) {
        buf_add(&document->levels[document->depth - 1].text, piece);
    }
    return true;
}

static bool tree_end(void *context, struct err *err)
{
    struct xml_document *document = context;
    struct level *level = &document->levels[--document->depth];
    (void)err;
    level->node->text = arena_str(&document->arena, buf_str(&level->text));
    buf_free(&level->text);
    return true;
}

struct xml_document *xml_parse(struct str text, const struct xml_limits *limits, struct err *err)
{
    static const struct xml_handlers handlers = { tree_start, tree_text, tree_end };
    struct xml_document *document = MEM_NEW(struct xml_document);
    struct xml_reader *reader = xml_reader_new(&handlers, document, limits);
    bool good = xml_reader_feed(reader, text, err) && xml_reader_finish(reader, err);
    xml_reader_free(reader);
    if (!good) {
        xml_free(document);
        return NULL;
    }
    return document;
}

void xml_free(struct xml_document *document)
{
    if (!document) {
        return;
    }
    while (document->depth) {
        buf_free(&document->levels[--document->depth].text);
    }
    arena_free(&document->arena);
    free(document->levels);
    free(document);
}

const struct xml_node *xml_root(const struct xml_document *document)
{
    return document ? document->root : NULL;
}

static bool is_named(const struct xml_node *node, const char *space, const char *name)
{
    return str_is(node->name, name) && (!space || str_is(node->space, space));
}

const struct xml_node *xml_child(const struct xml_node *node, const char *space, const char *name)
{
    const struct xml_node *child = node ? node->first : NULL;
    while (child && !is_named(child, space, name)) {
        child = child->next;
    }
    return child;
}

/* The depth is capped by the reader. */
const struct xml_node *xml_find(const struct xml_node *node, const char *space, const char *name)
{
    for (const struct xml_node *child = node ? node->first : NULL; child; child = child->next) {
        const struct xml_node *found = is_named(child, space, name) ? child : xml_find(child, space, name);
        if (found) {
            return found;
        }
    }
    return NULL;
}

struct str xml_text(const struct xml_node *node)
{
    return node ? str_trim(node->text) : (struct str){ 0 };
}

struct str xml_attribute(const struct xml_node *node, const char *name)
{
    for (size_t i = 0; node && i < node->attribute_count; i++) {
        if (str_is(node->attributes[i].name, name)) {
            return node->attributes[i].value;
        }
    }
    return (struct str){ 0 };
}

/* ---- written ---- */

struct xml_writer {
    xmlBufferPtr buffer;
    xmlTextWriterPtr writer;
};

static const xmlChar *chars(const char *text)
{
    return (const xmlChar *)text;
}

struct xml_writer *xml_writer_new(void)
{
    struct xml_writer *writer = MEM_NEW(struct xml_writer);
    writer->buffer = xmlBufferCreate();
    writer->writer = writer->buffer ? xmlNewTextWriterMemory(writer->buffer, 0) : NULL;
    if (!writer->writer) {
        mem_exhausted();
    }
    return writer;
}

/* Writing to memory fails only where there is none. */
static void check(int written)
{
    if (written < 0) {
        mem_exhausted();
    }
}

void xml_open(struct xml_writer *writer, const char *name)
{
    check(xmlTextWriterStartElement(writer->writer, chars(name)));
}

void xml_put_attribute(struct xml_writer *writer, const char *name, struct str value)
{
    char *text = str_dup(value);
    check(xmlTextWriterWriteAttribute(writer->writer, chars(name), chars(text)));
    free(text);
}

void xml_put_text(struct xml_writer *writer, struct str text)
{
    if (text.len) {
        char *copy = str_dup(text);
        check(xmlTextWriterWriteString(writer->writer, BAD_CAST copy));
        free(copy);
    }
}

/* In pieces: the library counts in int. */
void xml_put_raw(struct xml_writer *writer, struct str text)
{
    for (; text.len; text = str_from(text, 1 << 20)) {
        check(xmlTextWriterWriteRawLen(writer->writer, chars(text.data), (int)str_take(text, 1 << 20).len));
    }
}

void xml_close(struct xml_writer *writer)
{
    check(xmlTextWriterEndElement(writer->writer));
}

void xml_leaf(struct xml_writer *writer, const char *name, struct str text)
{
    xml_open(writer, name);
    xml_put_text(writer, text);
    xml_close(writer);
}

void xml_writer_finish(struct xml_writer *writer, struct buf *out)
{
    check(xmlTextWriterFlush(writer->writer));
    buf_add(out, (struct str){ (const char *)xmlBufferContent(writer->buffer), (size_t)xmlBufferLength(writer->buffer) });
    xmlFreeTextWriter(writer->writer);
    xmlBufferFree(writer->buffer);
    free(writer);
}
