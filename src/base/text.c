/* Every loop has a path for plain ASCII in front, because nearly all texts are that, and a table asks for each visible
   cell on each key. What is not ASCII is decoded by utf8proc. */
#include "base/text.h"

#include <stdlib.h>
#include <utf8proc.h>
#include <wchar.h>

static const char replacement[] = "\xEF\xBF\xBD";

static bool is_ascii_printable(char c)
{
    return c >= ' ' && c < 0x7F;
}

/* The next code point; invalid bytes give -1 and a length of 1. */
static size_t decode(struct str s, int32_t *point)
{
    utf8proc_int32_t value;
    utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)s.data, (utf8proc_ssize_t)s.len, &value);
    if (length <= 0) {
        *point = -1;
        return 1;
    }
    *point = value;
    return (size_t)length;
}

/* Characters that change what others look like, or that no text for people holds. */
static bool is_harmful(int32_t point)
{
    static const struct { int32_t first, last; } ranges[] = {
        { 0x00, 0x1F }, { 0x7F, 0x9F }, { 0x061C, 0x061C }, { 0x200E, 0x200F }, { 0x2028, 0x202E }, { 0x2066, 0x2069 },
        { 0xFDD0, 0xFDEF }, { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xE0000, 0xE00FF }, { 0xE01F0, 0xE0FFF },
    };
    if ((point & 0xFFFE) == 0xFFFE || point < 0) {
        return true;
    }
    /* In ascending order: the first range that does not end before the point decides. */
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (point <= ranges[i].last) {
            return point >= ranges[i].first;
        }
    }
    return false;
}

/* wcwidth agrees with ncurses; in a locale without the character (LANG=C) utf8proc knows better than -1. */
static int point_width(int32_t point)
{
    if (is_harmful(point)) {
        return 1;   /* as wide as what stands for it */
    }
    int width = wcwidth((wchar_t)point);
    return width >= 0 ? width : utf8proc_charwidth(point);
}

/* A part with a width of its own stays a cluster of its own, because curses puts one spacing character in a cell: the
   vowel signs of Devanagari, the halves of a flag. Only parts of an emoji are painted over one another. */
static bool continues(int32_t before, int32_t next, utf8proc_int32_t *state)
{
    if (is_harmful(next) || utf8proc_grapheme_break_stateful(before, next, state)) {
        return false;
    }
    bool skin_tone = next >= 0x1F3FB && next <= 0x1F3FF;
    return before == 0x200D || skin_tone || point_width(next) == 0;
}

/* Length of the cluster that starts with `point`, which takes `length` bytes. */
static size_t cluster_length(struct str s, int32_t point, size_t length)
{
    utf8proc_int32_t state = 0;
    if (is_harmful(point)) {
        return point == '\r' && s.len > 1 && s.data[1] == '\n' ? 2 : length;
    }
    while (length < s.len) {
        int32_t next;
        size_t more = decode(str_from(s, length), &next);
        if (!continues(point, next, &state)) {
            break;
        }
        point = next;
        length += more;
    }
    return length;
}

bool text_next(struct str *s, struct str *cluster, int *width)
{
    if (s->len == 0) {
        return false;
    }
    size_t length = 1;
    *width = 1;
    if (!is_ascii_printable(s->data[0]) || (s->len > 1 && !is_ascii_printable(s->data[1]))) {
        int32_t point;
        length = decode(*s, &point);
        *width = point_width(point);
        length = cluster_length(*s, point, length);
        /* A cluster must be printable: the bytes themselves are no text. */
        if (point < 0) {
            *cluster = (struct str){ replacement, sizeof replacement - 1 };
            *s = str_from(*s, length);
            return true;
        }
    }
    *cluster = str_take(*s, length);
    *s = str_from(*s, length);
    return true;
}

int text_width(struct str s)
{
    struct str cluster;
    int width, total = 0;
    while (text_next(&s, &cluster, &width)) {
        total += width;
    }
    return total;
}

bool text_is_clean(struct str s)
{
    for (size_t i = 0; i < s.len;) {
        int32_t point;
        if (is_ascii_printable(s.data[i])) {
            i++;
            continue;
        }
        i += decode(str_from(s, i), &point);
        if (is_harmful(point)) {
            return false;
        }
    }
    return true;
}

/* What stands for a harmful character. */
static struct str stand_in(struct str s, size_t *length, bool keep_lines)
{
    char c = s.data[0];
    if (c == '\r' && s.len > 1 && s.data[1] == '\n') {
        *length = 2;
        c = '\n';
    }
    if (c == '\n') {
        return keep_lines ? STR("\n") : STR(" ");
    }
    if (c == '\t' || c == '\r') {
        return keep_lines && c == '\t' ? STR("\t") : STR(" ");
    }
    return (struct str){ replacement, sizeof replacement - 1 };
}

void text_clean(struct buf *out, struct str s, bool keep_lines)
{
    size_t plain = 0;
    while (plain < s.len) {
        int32_t point;
        if (is_ascii_printable(s.data[plain])) {
            plain++;
            continue;
        }
        size_t length = decode(str_from(s, plain), &point);
        if (!is_harmful(point)) {
            plain += length;
            continue;
        }
        /* The clean run before it goes out in one piece. */
        buf_add(out, str_take(s, plain));
        s = str_from(s, plain);
        buf_add(out, stand_in(s, &length, keep_lines));
        s = str_from(s, length);
        plain = 0;
    }
    buf_add(out, s);
}

struct str text_fit(struct str s, int columns, int *width)
{
    struct str rest = s, cluster;
    int one, total = 0;
    size_t used = 0;
    while (text_next(&rest, &cluster, &one) && total + one <= columns) {
        total += one;
        used = (size_t)(rest.data - s.data);
    }
    *width = total;
    return str_take(s, used);
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* memchr for both cases of the first letter would be two passes; one pass over short texts is as fast. */
static bool contains_ascii(struct str haystack, struct str needle)
{
    char first = needle.data[0];
    bool lower = first >= 'a' && first <= 'z', upper = first >= 'A' && first <= 'Z';
    char other = lower ? (char)(first - 32) : upper ? (char)(first + 32) : first;
    for (size_t i = 0; i + needle.len <= haystack.len; i++) {
        if ((haystack.data[i] == first || haystack.data[i] == other) &&
            str_eq_nocase((struct str){ haystack.data + i, needle.len }, needle)) {
            return true;
        }
    }
    return false;
}

/* Composed as well, so that a letter and its accent match whether they came as one character or as two. Text that is not
   UTF-8 stays as it is and is compared byte by byte. */
static struct str fold(struct str s, utf8proc_uint8_t **memory)
{
    utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)s.data, (utf8proc_ssize_t)s.len, memory,
                                           UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    if (length < 0) {
        *memory = NULL;
        return s;
    }
    return (struct str){ (const char *)*memory, (size_t)length };
}

static bool contains_folded(struct str haystack, struct str needle)
{
    utf8proc_uint8_t *folded_haystack, *folded_needle;
    struct str in = fold(haystack, &folded_haystack), what = fold(needle, &folded_needle);
    bool found = memmem(in.data, in.len, what.data, what.len) != NULL;
    free(folded_haystack);
    free(folded_needle);
    return found;
}

/* The few letters whose folded form is ASCII: sharp s, long s, the Kelvin sign, the ligatures from ff to st. */
static bool has_letter_folding_to_ascii(struct str s)
{
    for (size_t i = 0; i < s.len;) {
        int32_t point = 0;
        i += (unsigned char)s.data[i] < 0x80 ? 1 : decode(str_from(s, i), &point);
        if (point == 0xDF || point == 0x17F || point == 0x1E9E || point == 0x212A || (point >= 0xFB00 && point <= 0xFB06)) {
            return true;
        }
    }
    return false;
}

bool text_contains(struct str haystack, struct str needle)
{
    if (needle.len == 0) {
        return true;
    }
    if (is_ascii(needle)) {
        return contains_ascii(haystack, needle) ||
               (has_letter_folding_to_ascii(haystack) && contains_folded(haystack, needle));
    }
    if (is_ascii(haystack) && !has_letter_folding_to_ascii(needle)) {
        return false;
    }
    return contains_folded(haystack, needle);
}

/* Back to the last blank of what fits; a word that is longer than the line is cut. */
static struct str cut_at_blank(struct str s, size_t fits)
{
    size_t at = fits;
    while (at > 0 && s.data[at] != ' ') {
        at--;
    }
    if (at == 0 && fits == 0) {
        struct str rest = s, cluster;
        int width;
        text_next(&rest, &cluster, &width);
        fits = (size_t)(rest.data - s.data);
    }
    return str_take(s, at > 0 ? at : fits);
}

bool text_wrap(struct str *s, int columns, struct str *line)
{
    if (s->len == 0) {
        return false;
    }
    int width;
    *line = text_fit(*s, columns, &width);
    /* The line end is only looked for in what fits: text without any would be read to its end for every line. */
    const char *end = line->len ? memchr(line->data, '\n', line->len) : NULL;
    if (end) {
        line->len = (size_t)(end - line->data);
    } else if (line->len < s->len && s->data[line->len] != '\n') {
        *line = cut_at_blank(*s, line->len);
    }
    *s = str_from(*s, line->len);
    while (s->len && s->data[0] == ' ') {
        *s = str_from(*s, 1);
    }
    if (s->len && s->data[0] == '\n') {
        *s = str_from(*s, 1);
    }
    return true;
}

bool text_is_utf8(struct str s)
{
    for (size_t i = 0; i < s.len;) {
        int32_t point;
        i += decode(str_from(s, i), &point);
        if (point < 0) {
            return false;
        }
    }
    return true;
}
