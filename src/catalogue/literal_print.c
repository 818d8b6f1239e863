/* The other direction of literal.c: what is printed here is read there as the same value, and by PowerShell itself too, so
   that a line copied from purvey runs elsewhere. The tests hold both to it. */
#include <ctype.h>

#include "catalogue/literal.h"

/* A word that is neither a number nor anything that PowerShell reads in a special way. */
static bool safe_as_word(struct str text)
{
    /* No digit in front: 2e5 and 0x1F would come back as numbers. */
    if (text.len == 0 || !isalpha((unsigned char)text.data[0]))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!isalnum((unsigned char)text.data[i]) && strchr("._@-", text.data[i]) == NULL)
            return false;
    return true;
}

/* A line end inside of single quotes would be legal, but then the command would no longer be one line. */
static bool has_control(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
            return true;
    return false;
}

/* U+2018 to U+201B end a single-quoted text just as ' does, U+201C to U+201E a double-quoted one. */
static bool curly(struct str text, size_t at, unsigned char from, unsigned char to)
{
    if (at + 2 >= text.len || (unsigned char)text.data[at] != 0xE2 || (unsigned char)text.data[at + 1] != 0x80)
        return false;
    unsigned char last = (unsigned char)text.data[at + 2];
    return last >= from && last <= to;
}

static void print_single_quoted(struct str text, struct buf *out)
{
    buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\'')
            buf_char(out, '\'');
        /* Doubled as ' is, each with its own bytes; this is the first of the two. */
        if (curly(text, i, 0x98, 0x9B))
            buf_add(out, str_take(str_from(text, i), 3));
        buf_char(out, text.data[i]);
    }
    buf_char(out, '\'');
}

/* Only for texts with control characters: everything else goes into single quotes, where nothing needs an escape. */
static void print_double_quoted(struct str text, struct buf *out)
{
    buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '\n')
            buf_text(out, "`n");
        else if (c == '\r')
            buf_text(out, "`r");
        else if (c == '\t')
            buf_text(out, "`t");
        else if ((unsigned char)c < 0x20 || c == 0x7F)
            buf_format(out, "`u{%x}", (unsigned)c);
        else {
            if (c == '`' || c == '"' || c == '$')
                buf_char(out, '`');
            if (curly(text, i, 0x9C, 0x9E))
                buf_add(out, str_take(str_from(text, i), 3));
            buf_char(out, c);
        }
    }
    buf_char(out, '"');
}

void literal_print_text(struct str text, bool bare_allowed, struct buf *out)
{
    if (bare_allowed && safe_as_word(text))
        buf_add(out, text);
    else if (has_control(text))
        print_double_quoted(text, out);
    else
        print_single_quoted(text, out);
}

static void print_array(const struct json *array, struct buf *out)
{
    buf_text(out, "@(");
    for (const struct json *item = json_first(array); item != NULL; item = json_next(item)) {
        literal_print(item, out);
        if (json_next(item) != NULL)
            buf_char(out, ',');
    }
    buf_char(out, ')');
}

/* Names always in quotes: some of the service are words that PowerShell would read otherwise. */
static void print_table(const struct json *table, struct buf *out)
{
    buf_text(out, "@{");
    for (const struct json *entry = json_first(table); entry != NULL; entry = json_next(entry)) {
        literal_print_text(str_of(json_name(entry)), false, out);
        buf_char(out, '=');
        literal_print(entry, out);
        if (json_next(entry) != NULL)
            buf_text(out, "; ");
    }
    buf_char(out, '}');
}

void literal_print(const struct json *value, struct buf *out)
{
    switch (json_kind(value)) {
    case JSON_NULL: buf_text(out, "$null"); break;
    case JSON_BOOL: buf_text(out, json_bool(value, false) ? "$true" : "$false"); break;
    /* The digits as they came: through a double some of them would be lost. */
    case JSON_NUMBER: buf_add(out, json_string(value)); break;
    case JSON_STRING: literal_print_text(json_string(value), false, out); break;
    case JSON_ARRAY: print_array(value, out); break;
    case JSON_OBJECT: print_table(value, out); break;
    }
}
