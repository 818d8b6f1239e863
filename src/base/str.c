/* Nothing here allocates but str_dup, and nothing reads past a slice's length: slices point into the middle of answers
   that came from the network. */
#include "base/str.h"

#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"

struct str str_of(const char *text)
{
    return text ? (struct str){ text, strlen(text) } : (struct str){ "", 0 };
}

bool str_eq(struct str a, struct str b)
{
    /* memcmp must not see a null pointer, not even for no bytes. */
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* ASCII only, whatever the locale says about letters. */
static unsigned char lower(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + ('a' - 'A')) : byte;
}

bool str_eq_nocase(struct str a, struct str b)
{
    return a.len == b.len && str_compare_nocase(a, b) == 0;
}

bool str_is(struct str a, const char *b)
{
    return str_eq(a, str_of(b));
}

bool str_is_nocase(struct str a, const char *b)
{
    return str_eq_nocase(a, str_of(b));
}

int str_compare_nocase(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < shorter; i++) {
        int difference = lower(a.data[i]) - lower(b.data[i]);
        if (difference) {
            return difference;
        }
    }
    return a.len < b.len ? -1 : a.len > b.len;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_take(s, prefix.len), prefix);
}

bool str_starts_nocase(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq_nocase(str_take(s, prefix.len), prefix);
}

bool str_ends_nocase(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq_nocase(str_from(s, s.len - suffix.len), suffix);
}

bool str_contains_nocase(struct str haystack, struct str needle)
{
    for (size_t i = 0; i < haystack.len && haystack.len - i >= needle.len; i++) {
        if (str_eq_nocase((struct str){ haystack.data + i, needle.len }, needle)) {
            return true;
        }
    }
    return needle.len == 0;
}

/* isspace would ask the locale, and some locales take bytes of UTF-8 characters for blanks. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

struct str str_trim(struct str s)
{
    while (s.len && is_blank(s.data[0])) {
        s = str_from(s, 1);
    }
    while (s.len && is_blank(s.data[s.len - 1])) {
        s.len--;
    }
    return s;
}

struct str str_from(struct str s, size_t offset)
{
    offset = offset < s.len ? offset : s.len;
    /* Nothing may be added to a null pointer, not even zero. */
    return offset ? (struct str){ s.data + offset, s.len - offset } : s;
}

struct str str_take(struct str s, size_t length)
{
    return (struct str){ s.data, length < s.len ? length : s.len };
}

bool str_cut(struct str *s, char separator, struct str *head)
{
    const char *at = s->len ? memchr(s->data, separator, s->len) : NULL;
    if (!at) {
        *head = *s;
        *s = str_from(*s, s->len);
        return false;
    }
    size_t length = (size_t)(at - s->data);
    *head = str_take(*s, length);
    *s = str_from(*s, length + 1);
    return true;
}

bool str_to_int64(struct str s, int64_t min, int64_t max, int64_t *value)
{
    bool negative = s.len && s.data[0] == '-';
    size_t at = s.len && (negative || s.data[0] == '+') ? 1 : 0;
    int64_t total = 0;
    if (at == s.len) {
        return false;
    }
    for (; at < s.len; at++) {
        int digit = s.data[at] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(total, 10, &total) ||
            __builtin_sub_overflow(total, digit, &total)) {
            return false;
        }
    }
    /* Counted downwards, because the least number has no positive twin. */
    if (!negative && __builtin_sub_overflow((int64_t)0, total, &total)) {
        return false;
    }
    if (total < min || total > max) {
        return false;
    }
    *value = total;
    return true;
}

void str_put(char *to, size_t size, struct str text)
{
    text = str_take(text, size - 1);
    memcpy(to, text.len ? text.data : "", text.len);
    to[text.len] = '\0';
}

void str_copy(char *to, size_t size, const char *text)
{
    size_t length = strlen(text ? text : "");
    if (size == 0) {
        return;
    }
    if (length >= size) {
        size_t least = size > 4 ? size - 4 : 0;
        length = size - 1;
        /* Bytes that are no UTF-8 at all are cut where they are: no character is longer than four. */
        while (length > least && ((unsigned char)text[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    /* Copying a text onto its own tail is fine, so that callers may drop a prefix in place. */
    memmove(to, text ? text : "", length);
    to[length] = '\0';
}

uint64_t str_hash(uint64_t before, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        before = (before ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
    }
    return before;
}

char *str_dup(struct str s)
{
    char *copy = mem_new(s.len + 1);
    if (s.len) {
        memcpy(copy, s.data, s.len);
    }
    return copy;
}
