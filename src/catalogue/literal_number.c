#include <ctype.h>
#include <stdlib.h>

#include "catalogue/literal.h"

#define WORD_LONGEST 60

/* 10MB: the unit is cut off, and what it multiplies by is in *scale. */
static void cut_unit(struct str *word, int64_t *scale)
{
    static const struct { const char *suffix; int shift; } units[] = {
        { "kb", 10 }, { "mb", 20 }, { "gb", 30 }, { "tb", 40 }, { "pb", 50 },
    };
    *scale = 1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        /* Longer than the unit, so that kb alone stays a word. */
        if (word->len > 2 && str_ends_nocase(*word, str_of(units[i].suffix))) {
            *scale = (int64_t)1 << units[i].shift;
            *word = str_take(*word, word->len - 2);
            return;
        }
    }
}

/* 5L is a long, which is all the same here. The other marks of a type (d, u, s, y, n) are left alone: 7d are seven days. */
static void cut_long(struct str *word)
{
    if (word->len > 1 && tolower((unsigned char)word->data[word->len - 1]) == 'l' && isxdigit((unsigned char)word->data[word->len - 2]))
        *word = str_take(*word, word->len - 1);
}

/* At most 15 digits, so that the value cannot overflow. */
static bool hexadecimal(struct str word, int64_t *value)
{
    bool negative = str_starts(word, STR("-"));
    if (negative)
        word = str_from(word, 1);
    if (!str_starts_nocase(word, STR("0x")) || word.len < 3 || word.len > 17)
        return false;
    *value = 0;
    for (size_t i = 2; i < word.len; i++) {
        char c = (char)tolower((unsigned char)word.data[i]);
        if (!isxdigit((unsigned char)c))
            return false;
        *value = *value * 16 + (isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10);
    }
    if (negative)
        *value = -*value;
    return true;
}

static struct str take_digits(struct str *word)
{
    size_t count = 0;
    while (count < word->len && isdigit((unsigned char)word->data[count]))
        count++;
    struct str digits = str_take(*word, count);
    *word = str_from(*word, count);
    return digits;
}

/* Exponents beyond a double would become infinity, which JSON cannot say. */
static bool take_exponent(struct str word, struct buf *digits)
{
    int64_t power;
    if (word.len == 0)
        return true;
    if (tolower((unsigned char)word.data[0]) != 'e' || !str_to_int64(str_from(word, 1), -300, 300, &power))
        return false;
    return buf_format(digits, "e%d", (int)power);
}

/* -012.50, .5 and 1e3 with the digits as JSON wants them: a zero before the point, none in front of others. */
static bool decimal(struct str word, struct buf *digits)
{
    struct str fraction = { 0 };
    bool negative = str_starts(word, STR("-"));
    if (str_starts(word, STR("-")) || str_starts(word, STR("+")))
        word = str_from(word, 1);
    struct str whole = take_digits(&word);
    if (str_starts(word, STR("."))) {
        word = str_from(word, 1);
        fraction = take_digits(&word);
    }
    if (whole.len + fraction.len == 0)
        return false;
    /* JSON knows no zeros in front. */
    while (whole.len > 1 && whole.data[0] == '0')
        whole = str_from(whole, 1);
    /* "-0." would come back as 0. */
    bool zero = fraction.len == 0 && str_is(whole, "0");
    buf_text(digits, negative && !zero ? "-" : "");
    buf_add(digits, whole.len > 0 ? whole : STR("0"));
    if (fraction.len > 0) {
        buf_char(digits, '.');
        buf_add(digits, fraction);
    }
    return take_exponent(word, digits);
}

/* 1.5KB; exact as far as a double is, as in PowerShell. */
static bool scaled_fraction(struct str word, int64_t scale, struct buf *digits)
{
    struct buf plain = BUF_INIT(WORD_LONGEST + 8);
    bool good = memchr(word.data, '.', word.len) != NULL && decimal(word, &plain);
    if (good)
        buf_format(digits, "%.15g", strtod(buf_cstr(&plain), NULL) * (double)scale);
    buf_free(&plain);
    return good;
}

/* Whole numbers are printed anew; fractions keep their digits, so that nothing is rounded. */
bool literal_number(struct str word, struct buf *digits)
{
    int64_t scale, value, product;
    if (word.len == 0 || word.len > WORD_LONGEST)
        return false;
    cut_unit(&word, &scale);
    cut_long(&word);
    bool whole = hexadecimal(word, &value) || str_to_int64(word, INT64_MIN, INT64_MAX, &value);
    /* Too large for 64 bits is no number here: the word stays text, digits and all. */
    if (whole && !__builtin_mul_overflow(value, scale, &product))
        return buf_format(digits, "%lld", (long long)product);
    return !whole && (scale == 1 ? decimal(word, digits) : scaled_fraction(word, scale, digits));
}
