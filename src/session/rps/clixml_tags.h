/* Names of elements, for the reader and the writer of CLIXML. */
#ifndef PURVEY_SESSION_RPS_CLIXML_TAGS_H
#define PURVEY_SESSION_RPS_CLIXML_TAGS_H

#include "session/rps/clixml.h"

enum clixml_tag_class {
    TAG_UNKNOWN, TAG_PRIMITIVE, TAG_OBJECT, TAG_REF, TAG_TYPES, TAG_TYPES_REF, TAG_TYPE, TAG_TO_STRING, TAG_ADAPTED,
    TAG_EXTENDED, TAG_CONTAINER, TAG_ENTRY, TAG_PROGRESS, TAG_ROOT,
};
struct clixml_tag {
    const char *name;
    enum clixml_tag_class class;
    int which;                  /* the kind of a primitive, the container */
};

const struct clixml_tag *clixml_tag_of(struct str name);                /* never NULL: TAG_UNKNOWN */
const char *clixml_tag_name(enum clixml_tag_class class, int which);

/* Appends text with _xHHHH_ for what XML or the engine would not keep, and back (rps.md section 7, "Escapes"). */
void clixml_escape(struct str text, struct buf *out);
void clixml_unescape(struct str text, struct buf *out);

#endif
