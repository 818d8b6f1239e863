/* XML in and out. Sole owner of libxml2. Reads what strangers send: no DTD, no entities but the five predefined ones, nothing
   is fetched, and depth and size are capped by whoever reads (rps.md section 7). */
#ifndef PURVEY_BASE_XML_H
#define PURVEY_BASE_XML_H

#include "base/buf.h"
#include "base/err.h"

struct xml_limits {
    int depth;                  /* of elements; 0 = 256 */
    size_t bytes;               /* of the document; 0 = 64 MiB */
};

/* ---- pushed: a document in pieces, cut anywhere ---- */

/* An element's start. Slices are valid inside the callback only. */
struct xml_element {
    struct str name, space;     /* local name; namespace URI, "" = none */
    const void *attributes;     /* xml.c's */
    int attribute_count;
};

/* Names without prefix; the first that matches. False when there is none. Entities are resolved. */
bool xml_element_attribute(const struct xml_element *element, const char *name, struct str *value);

/* Each may end the reading: false with err set (its text goes to whoever feeds). Text comes in pieces of any length. */
struct xml_handlers {
    bool (*start)(void *context, const struct xml_element *element, struct err *err);
    bool (*text)(void *context, struct str piece, struct err *err);
    bool (*end)(void *context, struct err *err);
};

struct xml_reader;
struct xml_reader *xml_reader_new(const struct xml_handlers *handlers, void *context, const struct xml_limits *limits);
void xml_reader_free(struct xml_reader *reader);            /* NULL is fine */
/* False with ERR_PROTOCOL that names the offset, or with the handler's error. After that it only fails. */
bool xml_reader_feed(struct xml_reader *reader, struct str piece, struct err *err) MUST_USE;
bool xml_reader_finish(struct xml_reader *reader, struct err *err) MUST_USE;      /* false also when something is missing */
void xml_reader_reset(struct xml_reader *reader);           /* ready for another document */
int64_t xml_reader_offset(const struct xml_reader *reader);  /* bytes read so far: the place of an error */

/* ---- whole: small documents as a tree ---- */

struct xml_attribute { struct str name, value; };
struct xml_node {
    struct str name, space;
    struct str text;            /* its own character data, joined; children's not included */
    struct xml_attribute *attributes;
    size_t attribute_count;
    struct xml_node *first, *next;
};
struct xml_document;

/* NULL with ERR_PROTOCOL that names the offset. The caller frees the document with xml_free; nodes are its. */
struct xml_document *xml_parse(struct str text, const struct xml_limits *limits, struct err *err) MUST_USE;
void xml_free(struct xml_document *document);               /* NULL is fine */
const struct xml_node *xml_root(const struct xml_document *document);
/* By local name, and namespace unless that is NULL. A NULL node has no children, so look-ups chain. */
const struct xml_node *xml_child(const struct xml_node *node, const char *space, const char *name);
const struct xml_node *xml_find(const struct xml_node *node, const char *space, const char *name);   /* anywhere below */
struct str xml_text(const struct xml_node *node);           /* trimmed; empty for NULL */
struct str xml_attribute(const struct xml_node *node, const char *name);                  /* empty when absent */

/* ---- written ---- */

struct xml_writer;
struct xml_writer *xml_writer_new(void);
void xml_open(struct xml_writer *writer, const char *name);                     /* with its prefix, if any */
void xml_put_attribute(struct xml_writer *writer, const char *name, struct str value);
void xml_put_text(struct xml_writer *writer, struct str text);                  /* escaped; must be characters that XML has */
void xml_put_raw(struct xml_writer *writer, struct str text);                   /* as it is: base64, XML made before */
void xml_close(struct xml_writer *writer);
void xml_leaf(struct xml_writer *writer, const char *name, struct str text);    /* open, text, close */
/* Appends the document, without a declaration, and frees the writer. */
void xml_writer_finish(struct xml_writer *writer, struct buf *out);

#endif
