#include "results/sort_key.h"

#include <ctype.h>
#include <utf8proc.h>

#include "base/guid.h"

/* The first byte of a key: what sorts before what. Inverted for descending keys, but for the last one. */
enum { TAG_NUMBER = 0x10, TAG_BOOL = 0x20, TAG_TEXT = 0x30, TAG_NESTED = 0x40, TAG_NOTHING = 0xff };

/* Exponents past this are no numbers that anybody has; they are taken for text. */
#define EXPONENT_LIMIT 30000
#define TEXT_END 0x00
#define RUN_MAX 200             /* digits of a run compared by value */

static void put(struct sort_key *key, size_t limit, int byte)
{
    if (key->len < limit)
        key->bytes[key->len++] = (unsigned char)byte;
}

/* ---- numbers: sign, exponent, digits two by two ---- */

struct number {
    bool negative;
    char digits[2 * RUN_MAX];   /* significant ones; the decimal point stands before the first */
    size_t count;
    int64_t exponent;
};

static bool is_digit(struct str s)
{
    return s.len && s.data[0] >= '0' && s.data[0] <= '9';
}

/* Takes a run of digits; `step` moves the exponent for each digit that is not a leading zero (or is one, behind the
   point). */
static size_t take_digits(struct str *s, struct number *number, bool fraction)
{
    size_t seen = 0;
    for (; is_digit(*s); *s = str_from(*s, 1), seen++) {
        bool significant = number->count || s->data[0] != '0';
        if (significant && number->count < sizeof number->digits)
            number->digits[number->count++] = s->data[0];
        if (significant && !fraction)
            number->exponent++;
        else if (!significant && fraction)
            number->exponent--;
    }
    return seen;
}

static bool take_exponent(struct str s, struct number *number)
{
    int64_t exponent = 0;
    if (s.len == 0)
        return true;
    if ((s.data[0] != 'e' && s.data[0] != 'E') ||
        !str_to_int64(str_from(s, 1), -EXPONENT_LIMIT / 2, EXPONENT_LIMIT / 2, &exponent))
        return false;
    number->exponent += exponent;
    return true;
}

static bool number_read(struct str s, struct number *number)
{
    number->negative = false;
    number->count = 0;
    number->exponent = 0;
    if (s.len && (s.data[0] == '-' || s.data[0] == '+')) {
        number->negative = s.data[0] == '-';
        s = str_from(s, 1);
    }
    size_t seen = take_digits(&s, number, false);
    if (s.len && s.data[0] == '.') {
        s = str_from(s, 1);
        seen += take_digits(&s, number, true);
    }
    if (seen == 0 || !take_exponent(s, number))
        return false;
    /* 1.50 and 1.5 have one value, so they must have one key. */
    while (number->count && number->digits[number->count - 1] == '0')
        number->count--;
    return true;
}

static int biased(int64_t exponent)
{
    /* Clamped and not refused: such numbers sort at the ends, in which order among themselves nobody can tell. */
    if (exponent > EXPONENT_LIMIT)
        exponent = EXPONENT_LIMIT;
    if (exponent < -EXPONENT_LIMIT)
        exponent = -EXPONENT_LIMIT;
    return (int)exponent + 0x8000;
}

bool sort_key_number(struct sort_key *key, struct str text)
{
    struct number number;
    size_t limit = key->len + SORT_KEY_MAX;
    if (!number_read(text, &number))
        return false;
    put(key, limit, TAG_NUMBER);
    if (number.count == 0) {
        put(key, limit, 2);
        return true;
    }
    int flip = number.negative ? 0xff : 0, exponent = biased(number.exponent);
    /* 2 is zero; negatives lie below it and are flipped, because a larger one of them is the lesser value. */
    put(key, limit, number.negative ? 1 : 3);
    put(key, limit, (exponent >> 8) ^ flip);
    put(key, limit, (exponent & 0xff) ^ flip);
    for (size_t i = 0; i < number.count; i += 2) {
        int low = i + 1 < number.count ? number.digits[i + 1] - '0' : 0;
        put(key, limit, ((number.digits[i] - '0') * 10 + low + 1) ^ flip);
    }
    put(key, limit, 0 ^ flip);
    return true;
}

/* ---- text ---- */

/* A run of digits: its length without leading zeros, then the digits, so that memcmp compares the value. */
static size_t put_run(struct sort_key *key, size_t limit, struct str s)
{
    size_t end = 0, start;
    while (end < s.len && isdigit((unsigned char)s.data[end]))
        end++;
    for (start = 0; start < end && s.data[start] == '0'; start++) { }
    /* A run that is longer than the cap is compared by its first digits. */
    size_t count = end - start < RUN_MAX ? end - start : RUN_MAX;
    put(key, limit, '0');
    put(key, limit, (int)count + 1);
    for (size_t i = 0; i < count; i++)
        put(key, limit, s.data[start + i]);
    return end;
}

/* One character outside ASCII without case and marks. Returns its length. */
static size_t put_folded(struct sort_key *key, size_t limit, struct str s)
{
    utf8proc_int32_t point, parts[16];
    utf8proc_uint8_t bytes[4];
    int boundary = 0;
    utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)s.data, (utf8proc_ssize_t)s.len, &point);
    if (length < 1) {
        /* Not UTF-8: behind all letters, and one byte at a time so that the rest still counts. */
        put(key, limit, 0xff);
        return 1;
    }
    utf8proc_ssize_t count = utf8proc_decompose_char(
        point, parts, 16, UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK, &boundary);
    for (utf8proc_ssize_t i = 0; i < count && i < 16; i++) {
        utf8proc_ssize_t size = utf8proc_encode_char(parts[i], bytes);
        for (utf8proc_ssize_t k = 0; k < size; k++)
            put(key, limit, bytes[k]);
    }
    return (size_t)length;
}

static bool looks_like_date(struct str s)
{
    static const char pattern[] = "dddd-dd-dd";
    if (s.len < sizeof pattern - 1)
        return false;
    for (size_t i = 0; pattern[i]; i++)
        if (pattern[i] == 'd' ? !isdigit((unsigned char)s.data[i]) : s.data[i] != pattern[i])
            return false;
    return true;
}

static void put_text(struct sort_key *key, int tag, struct str s)
{
    size_t limit = key->len + SORT_KEY_MAX - 1;
    /* Digits of dates and GUIDs are no counts: plain bytes order them better, and in less room. */
    bool plain = looks_like_date(s) || guid_valid(s);
    put(key, limit, tag);
    while (s.len && key->len < limit) {
        /* 0 ends a text, so bytes that low are lifted by one; letters of ASCII lose their case here. */
        unsigned char c = (unsigned char)s.data[0];
        size_t length = 1;
        if (c >= 0x80)
            length = put_folded(key, limit, s);
        else if (c >= '0' && c <= '9' && !plain)
            length = put_run(key, limit, s);
        else
            put(key, limit, c <= TEXT_END + 1 ? TEXT_END + 1 : c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        s = str_from(s, length);
    }
    put(key, limit + 1, TEXT_END);
}

void sort_key_text(struct sort_key *key, struct str text)
{
    put_text(key, TAG_TEXT, text);
}

bool sort_key_size(struct sort_key *key, struct str text)
{
    static const char tail[] = " bytes)";
    char digits[32];
    size_t count = 0, tail_len = sizeof tail - 1;
    /* The exact count stands in parentheses behind the rounded one. */
    if (text.len <= tail_len || !str_ends_nocase(text, STR(" bytes)")))
        return false;
    const char *open = memrchr(text.data, '(', text.len - tail_len);
    if (!open)
        return false;
    for (const char *c = open + 1; c < text.data + text.len - tail_len; c++)
        if (*c != ',' && *c != '.' && count < sizeof digits)
            digits[count++] = *c;
    return count < sizeof digits && sort_key_number(key, (struct str){ digits, count });
}

/* Nested values go by their JSON text: making the displayed form of a million of them would take longer than the
   sort. */
static void put_value(struct sort_key *key, const struct property *value)
{
    switch (value->kind) {
    case VALUE_TRUE:
    case VALUE_FALSE:
        put(key, sizeof key->bytes, TAG_BOOL);
        put(key, sizeof key->bytes, value->kind == VALUE_TRUE);
        return;
    case VALUE_NUMBER:
        if (!sort_key_number(key, value->text))
            put_text(key, TAG_TEXT, value->text);
        return;
    case VALUE_NESTED:
        put_text(key, TAG_NESTED, value->text);
        return;
    case VALUE_NULL:
    case VALUE_STRING:
        if (!sort_key_size(key, value->text))
            put_text(key, TAG_TEXT, value->text);
        return;
    }
}

static bool is_nothing(const struct property *value)
{
    return !value || value->kind == VALUE_NULL || (value->kind == VALUE_STRING && value->text.len == 0);
}

void sort_key_add(struct sort_key *key, const struct property *value, bool descending)
{
    size_t start = key->len;
    /* Also when descending: what is empty is at the end either way, because nobody sorts in order to see it. */
    if (is_nothing(value)) {
        put(key, sizeof key->bytes, TAG_NOTHING);
        return;
    }
    put_value(key, value);
    for (size_t i = start; descending && i < key->len; i++)
        key->bytes[i] = (unsigned char)~key->bytes[i];
}

int sort_key_compare(const struct sort_key *a, const struct sort_key *b)
{
    size_t length = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->bytes, b->bytes, length);
    return order ? order : (a->len > b->len) - (a->len < b->len);
}
