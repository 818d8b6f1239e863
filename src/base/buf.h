/* Bytes that grow up to a cap. Whatever is filled from outside goes through one of these (law 4). */
#ifndef PURVEY_BASE_BUF_H
#define PURVEY_BASE_BUF_H

#include "base/str.h"

/* Start with BUF_INIT(cap). `data` is NUL-terminated whenever len > 0; the NUL is not counted. Past the cap, the
   excess is dropped and `overflowed` is set for good; callers check it once, at the end. */
struct buf {
    char *data;
    size_t len;
    size_t capacity;
    size_t cap;
    bool overflowed;
    bool secret;
};

#define BUF_INIT(limit) { .cap = (limit) }
/* For what may be a password or a token: in memory that no core dump has, wiped wherever it grows out of, shrinks or ends.
   Not for buf_take. */
#define BUF_INIT_SECRET(limit) { .cap = (limit), .secret = true }
#define BUF_SMALL ((size_t)64 * 1024)
#define BUF_LARGE ((size_t)64 * 1024 * 1024)

bool buf_add(struct buf *buf, struct str bytes);         /* false when the cap cut it */
bool buf_text(struct buf *buf, const char *text);
bool buf_char(struct buf *buf, char c);
bool buf_repeat(struct buf *buf, char c, size_t count);
bool buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_clear(struct buf *buf);                         /* keeps the memory */
void buf_drop_front(struct buf *buf, size_t count);      /* removes consumed bytes */
void buf_free(struct buf *buf);                          /* back to empty; the cap, and whether it is secret, stay */
char *buf_take(struct buf *buf);                         /* the text, now the caller's to free; "" when empty */
struct str buf_str(const struct buf *buf);
const char *buf_cstr(const struct buf *buf);             /* never NULL */

#endif
