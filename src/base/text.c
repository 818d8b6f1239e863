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
        { 0xFDD0, 0xFDEF }, { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xE0000, 0xE0FFF },
    };
    if ((point & 0xFFFE) == 0xFFFE || point < 0) {
        return true;
    }
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
    if (point < 0) {
        return 1;
    }
    int width = wcwidth((wchar_t)point);
    return width >= 0 ? width : utf8proc_charwidth(point);
}

bool text_next(struct str *s, struct str *cluster, int *width)
{
    if (s->len == 0) {
        return false;
    }
    if (is_ascii_printable(s->data[0]) && (s->len == 1 || is_ascii_printable(s->data[1]))) {
        *cluster = str_take(*s, 1);
        *width = 1;
        *s = str_from(*s, 1);
        return true;
    }
    int32_t point, next;
    size_t length = decode(*s, &point);
    *width = point_width(point);
    if (point < 0) {
        *cluster = (struct str){ replacement, sizeof replacement - 1 };
        *s = str_from(*s, length);
        return true;
    }
    utf8proc_int32_t state = 0;
    while (length < s->len) {
        size_t more = decode(str_from(*s, length), &next);
        if (next < 0 || utf8proc_grapheme_break_stateful(point, next, &state)) {
            break;
        }
        /* Emoji and flags are as wide as their widest part, and at least two columns once joined or made colourful. */
        int part = next == 0xFE0F ? 2 : point_width(next);
        *width = part > *width ? part : *width;
        point = next;
        length += more;
    }
    *width = *width > 2 ? 2 : *width;
    *cluster = str_take(*s, length);
    *s = str_from(*s, length);
    return true;
}

int text_width(struct str s)
{
    struct str cluster;
    int width, total = 0;
    while (text_next(&s, &cluster, &width)) {
        int32_t point;
        decode(cluster, &point);
        total += is_harmful(point) ? 1 : width;
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
    char other = first >= 'a' && first <= 'z' ? (char)(first - 32) : first >= 'A' && first <= 'Z' ? (char)(first + 32) : first;
    for (size_t i = 0; i + needle.len <= haystack.len; i++) {
        if ((haystack.data[i] == first || haystack.data[i] == other) &&
            str_eq_nocase((struct str){ haystack.data + i, needle.len }, needle)) {
            return true;
        }
    }
    return false;
}

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

bool text_contains(struct str haystack, struct str needle)
{
    if (needle.len == 0) {
        return true;
    }
    if (is_ascii(needle)) {
        return contains_ascii(haystack, needle);
    }
    if (is_ascii(haystack)) {
        return false;
    }
    utf8proc_uint8_t *folded_haystack, *folded_needle;
    struct str in = fold(haystack, &folded_haystack), what = fold(needle, &folded_needle);
    bool found = memmem(in.data, in.len, what.data, what.len) != NULL;
    free(folded_haystack);
    free(folded_needle);
    return found;
}

bool text_wrap(struct str *s, int columns, struct str *line)
{
    if (s->len == 0) {
        return false;
    }
    int width;
    struct str first;
    bool more = memchr(s->data, '\n', s->len) != NULL;
    struct str rest = *s;
    str_cut(&rest, '\n', &first);
    *line = text_fit(first, columns, &width);
    if (line->len == first.len) {
        *s = more ? rest : str_from(*s, s->len);
        return true;
    }
    /* Back to the last blank; a word that is longer than the line is cut. */
    size_t at = line->len;
    while (at > 0 && first.data[at] != ' ') {
        at--;
    }
    if (at > 0) {
        *line = str_take(first, at);
    } else if (line->len == 0) {
        struct str cluster, all = first;
        text_next(&all, &cluster, &width);
        *line = str_take(first, (size_t)(all.data - first.data));
    }
    *s = str_from(*s, line->len);
    while (s->len && s->data[0] == ' ') {
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
