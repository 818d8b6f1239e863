/* JSON values. Sole owner of cJSON. Numbers keep the digits they came with: cJSON holds doubles, and an integer past
   2^53 would be rounded (architecture, "Libraries"). */
#ifndef PURVEY_BASE_JSON_H
#define PURVEY_BASE_JSON_H

#include "base/buf.h"
#include "base/err.h"

struct json;    /* a tree; children belong to their parent */

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* Parses exactly one value; anything but blanks behind it is an error. Depth is capped (1000, cJSON's own). The error
   (ERR_PROTOCOL) names the offset. The caller frees the result with json_free. */
struct json *json_parse(struct str text, struct err *err) MUST_USE;
void json_free(struct json *value);                         /* NULL is fine; frees children */
void json_free_secret(struct json *value);                  /* wipes every string first: for answers that hold tokens */

/* Reading. A NULL value reads as JSON_NULL, so look-ups chain. */
enum json_kind json_kind(const struct json *value);
const struct json *json_get(const struct json *object, const char *name);           /* exact case; NULL when absent */
const struct json *json_get_nocase(const struct json *object, const char *name);
const struct json *json_first(const struct json *container);                        /* first child or NULL */
const struct json *json_next(const struct json *child);                             /* next sibling or NULL */
const char *json_name(const struct json *member);                                   /* "" for array elements */
size_t json_count(const struct json *container);
struct str json_string(const struct json *value);           /* the string; the raw digits of a number; else empty */
const char *json_cstr(const struct json *value, const char *otherwise);             /* for strings only */
bool json_bool(const struct json *value, bool otherwise);
bool json_int64(const struct json *value, int64_t *number);  /* number (or string of digits) that fits exactly */
double json_double(const struct json *value, double otherwise);

/* Building. Every adder copies text and takes ownership of a child. name is NULL in arrays. */
struct json *json_new_object(void);
struct json *json_new_array(void);
struct json *json_new_string(struct str text);
struct json *json_new_number(struct str digits);            /* digits as they shall be printed; must be valid JSON */
struct json *json_new_int(int64_t number);
struct json *json_new_bool(bool value);
struct json *json_new_null(void);
struct json *json_copy(const struct json *value);
void json_add(struct json *container, const char *name, struct json *child);        /* appends; keeps order */
void json_add_text(struct json *container, const char *name, const char *text);     /* NULL text adds null */

/* Appends the value's text. pretty: indented by two blanks, one member a line. */
void json_print(const struct json *value, bool pretty, struct buf *out);

/* Appends s as a JSON string literal with its quotes; invalid UTF-8 becomes U+FFFD. The fast path of exports. */
void json_print_string(struct str s, struct buf *out);

#endif
