/* Growth by half keeps appending linear and wastes at most a third; the cap bounds both. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/private_memory.h"
#include "base/secret.h"

/* Only pieces of some size lie outside of core dumps (private_memory.h). */
enum { SECRET_LEAST = 1024 };

static char *grow(struct buf *buf, size_t *capacity)
{
    if (!buf->secret) {
        return mem_grow(buf->data, *capacity, 1);
    }
    *capacity = *capacity < SECRET_LEAST ? SECRET_LEAST : *capacity;
    char *data = private_realloc(buf->data, *capacity);
    if (!data) {
        mem_exhausted();
    }
    return data;
}

/* Room for `more` bytes and a NUL; returns how many of them fit under the cap. */
static size_t make_room(struct buf *buf, size_t more)
{
    size_t left = buf->cap > buf->len ? buf->cap - buf->len : 0;
    if (more > left) {
        buf->overflowed = true;
        more = left;
    }
    size_t need = buf->len + more + 1;
    if (need > buf->capacity) {
        size_t capacity = buf->capacity ? buf->capacity : 64;
        while (capacity < need) {
            capacity += capacity / 2 + 1;
        }
        /* What lies past the cap is never used; `need` is within it. */
        capacity = capacity > buf->cap && buf->cap >= buf->len ? buf->cap + 1 : capacity;
        buf->data = grow(buf, &capacity);
        buf->capacity = capacity;
    }
    return more;
}

bool buf_add(struct buf *buf, struct str bytes)
{
    size_t fits = make_room(buf, bytes.len);
    if (fits) {
        memcpy(buf->data + buf->len, bytes.data, fits);
    }
    buf->len += fits;
    buf->data[buf->len] = '\0';
    return fits == bytes.len;
}

bool buf_text(struct buf *buf, const char *text)
{
    return buf_add(buf, str_of(text));
}

bool buf_char(struct buf *buf, char c)
{
    return buf_add(buf, (struct str){ &c, 1 });
}

bool buf_repeat(struct buf *buf, char c, size_t count)
{
    size_t fits = make_room(buf, count);
    memset(buf->data + buf->len, c, fits);
    buf->len += fits;
    buf->data[buf->len] = '\0';
    return fits == count;
}

bool buf_format(struct buf *buf, const char *format, ...)
{
    /* Most texts are short: one pass and no allocation. The longer ones are formatted again, now that their length is
       known. */
    char small[256];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    bool good = true;
    if (length >= 0 && (size_t)length < sizeof small) {
        good = buf_add(buf, (struct str){ small, (size_t)length });
    } else if (length >= 0) {
        char *large = mem_new((size_t)length + 1);
        vsnprintf(large, (size_t)length + 1, format, again);
        good = buf_add(buf, (struct str){ large, (size_t)length });
        free(large);
    }
    va_end(again);
    return good;
}

void buf_clear(struct buf *buf)
{
    if (buf->secret) {
        secret_wipe(buf->data, buf->len);
    }
    buf->len = 0;
    if (buf->data) {
        buf->data[0] = '\0';
    }
}

void buf_drop_front(struct buf *buf, size_t count)
{
    count = count < buf->len ? count : buf->len;
    if (count) {
        memmove(buf->data, buf->data + count, buf->len - count + 1);
        buf->len -= count;
        if (buf->secret) {
            secret_wipe(buf->data + buf->len + 1, count);
        }
    }
}

void buf_free(struct buf *buf)
{
    if (buf->secret) {
        private_free(buf->data);
    } else {
        free(buf->data);
    }
    *buf = (struct buf){ .cap = buf->cap, .secret = buf->secret };
}

char *buf_take(struct buf *buf)
{
    char *text = buf->data ? buf->data : mem_new(1);
    buf->data = NULL;
    buf_free(buf);
    return text;
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){ buf->data ? buf->data : "", buf->len };
}

const char *buf_cstr(const struct buf *buf)
{
    return buf->data ? buf->data : "";
}
