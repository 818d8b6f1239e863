/* Greedy with one place to return to: the last star. Going back further can never help, so no pattern is slow. */
#include "base/wildcard.h"

static char folded(char c, bool exact_case)
{
    return !exact_case && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Bytes of the character at `at`: a ? stands for a character, not for a byte of one. */
static size_t character_length(struct str text, size_t at)
{
    size_t length = 1;
    while (at + length < text.len && ((unsigned char)text.data[at + length] & 0xC0) == 0x80) {
        length++;
    }
    return length;
}

/* [abc], [a-z] and nothing else; the pattern stands on the bracket. Returns its length, 0 when it is never closed. */
static size_t match_set(struct str pattern, char c, bool exact_case, bool *matches)
{
    c = folded(c, exact_case);
    *matches = false;
    for (size_t i = 1; i < pattern.len; i++) {
        /* A bracket in the first place is one of the set. */
        if (pattern.data[i] == ']' && i > 1) {
            return i + 1;
        }
        char first = folded(pattern.data[i], exact_case), last = first;
        if (i + 2 < pattern.len && pattern.data[i + 1] == '-' && pattern.data[i + 2] != ']') {
            last = folded(pattern.data[i + 2], exact_case);
            i += 2;
        }
        *matches = *matches || (c >= first && c <= last);
    }
    return 0;
}

/* One step of the pattern against the character at `at`; *taken: bytes of the pattern. */
static bool match_one(struct str pattern, struct str text, size_t at, bool exact_case, size_t *taken)
{
    bool matches;
    char c = pattern.data[0];
    *taken = 1;
    if (c == '?') {
        return true;
    }
    if (c == '[') {
        size_t length = match_set(pattern, text.data[at], exact_case, &matches);
        if (length > 0) {
            *taken = length;
            return matches;
        }
    }
    if (c == '`' && pattern.len > 1) {
        *taken = 2;
        c = pattern.data[1];
    }
    return folded(c, exact_case) == folded(text.data[at], exact_case);
}

bool wildcard_matches(struct str pattern, struct str text, bool exact_case)
{
    size_t p = 0, t = 0, star = SIZE_MAX, star_text = 0, taken;
    while (t < text.len) {
        struct str rest = str_from(pattern, p);
        if (rest.len && rest.data[0] == '*') {
            star = p++;
            star_text = t;
        } else if (rest.len && match_one(rest, text, t, exact_case, &taken)) {
            t += rest.data[0] == '?' ? character_length(text, t) : 1;
            p += taken;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.data[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

bool wildcard_has_any(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (memchr("*?[", text.data[i], 3)) {
            return true;
        }
    }
    return false;
}
