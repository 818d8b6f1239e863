/* Texts in quotes and here-strings. What PowerShell would put in for a variable is refused, since it cannot be known here. */
#include <ctype.h>

#include "catalogue/literal_parts.h"

/* What PowerShell would take for a variable or an expression; a $ before anything else is just a $. */
bool literal_names_variable(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '{' || c == '(' || c == '?' || c == '^' || c == '$' || c == ':';
}

bool literal_refuse_variable(const struct reader *reader, size_t at, struct err *err)
{
    struct str name = str_from(reader->text, at + 1);
    if (str_starts(name, STR("_.")) || str_starts_nocase(name, STR("PSItem."))) {
        reader_fail(reader, at, err, "the object of the pipeline, $_, is only known in a block by itself");
        err_advise(err, "Where-Object { $_.Name -eq 'x' }, Select-Object @{n='x';e={$_.Name}}; a cmdlet behind a bar takes it by itself.");
        return false;
    }
    if (str_starts(name, STR("(")) || str_starts(name, STR("_")) || str_starts_nocase(name, STR("PSItem"))) {
        reader_fail(reader, at, err, "nothing is put into a text here");
        err_advise(err, "A property alone needs no quotes: $_.Name. Text with a $ that is meant stands in 'single quotes'.");
        return false;
    }
    reader_fail(reader, at, err, "variables and expressions with $ are not supported");
    err_advise(err, "Only $true, $false and $null are known here; put text with a $ in 'single quotes'.");
    return false;
}

/* ---- quoted text ---- */

/* Two quotes of any of the kinds stand for the second one, as it was typed. */
static bool read_single_quoted(struct reader *reader, struct buf *text, struct err *err)
{
    size_t start = reader->at, length;
    reader_plain(reader_rest(reader), &length);
    reader->at += length;
    while (!reader_end(reader)) {
        struct str here = reader_rest(reader);
        if (reader_plain(here, &length) == '\'') {
            size_t second;
            if (reader_plain(str_from(here, length), &second) != '\'') {
                reader->at += length;
                return true;
            }
            reader->at += length;
            length = second;
            here = str_from(here, length);
        }
        buf_add(text, str_take(reader_rest(reader), length));
        reader->at += length;
    }
    return reader_fail(reader, start, err, "the single quote that opens here is never closed");
}

/* The number has been checked: no surrogate, at most 10FFFF. */
static void add_code_point(struct buf *out, unsigned long code)
{
    if (code < 0x80)
        buf_char(out, (char)code);
    else if (code < 0x800)
        buf_add(out, (struct str){ (char[]){ (char)(0xC0 | code >> 6), (char)(0x80 | (code & 0x3F)) }, 2 });
    else if (code < 0x10000)
        buf_add(out, (struct str){ (char[]){ (char)(0xE0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3F)),
                                             (char)(0x80 | (code & 0x3F)) }, 3 });
    else
        buf_add(out, (struct str){ (char[]){ (char)(0xF0 | code >> 18), (char)(0x80 | (code >> 12 & 0x3F)),
                                             (char)(0x80 | (code >> 6 & 0x3F)), (char)(0x80 | (code & 0x3F)) }, 4 });
}

/* `u{1F600}; the reader stands on the 'u'. */
static bool read_code_point(struct reader *reader, struct buf *text, struct err *err)
{
    size_t start = reader->at, digits = 0;
    unsigned long code = 0;
    reader->at += 2;
    /* Six digits hold 10FFFF; a seventh meets the check for the closing brace. */
    for (; isxdigit((unsigned char)reader_peek(reader, 0)) && digits < 6; digits++, reader->at++) {
        char c = (char)tolower((unsigned char)reader_peek(reader, 0));
        code = code * 16 + (unsigned long)(isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10);
    }
    bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (digits == 0 || reader_peek(reader, 0) != '}' || code == 0 || code > 0x10FFFF || surrogate)
        return reader_fail(reader, start, err, "`u{...} needs the number of a character in hexadecimal");
    reader->at++;
    add_code_point(text, code);
    return true;
}

/* A backtick before any other character gives that character. */
bool literal_read_escape(struct reader *reader, struct buf *text, struct err *err)
{
    static const struct { char letter, meaning; } escapes[] = {
        { 'n', '\n' }, { 't', '\t' }, { 'r', '\r' }, { 'a', '\a' }, { 'b', '\b' }, { 'e', 27 }, { 'f', '\f' }, { 'v', '\v' },
    };
    reader->at++;
    char c = reader_peek(reader, 0);
    /* A backtick at the very end escapes nothing; what is missing behind it is the caller's to tell. */
    if (reader_end(reader))
        return true;
    if (c == '0')
        return reader_fail(reader, reader->at, err, "a NUL character cannot be part of a value");
    if (c == 'u' && reader_peek(reader, 1) == '{')
        return read_code_point(reader, text, err);
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (escapes[i].letter == c)
            c = escapes[i].meaning;
    buf_char(text, c);
    reader->at++;
    return true;
}

static const struct constant constants[] = {
    { "$true", "True", JSON_BOOL, true }, { "$false", "False", JSON_BOOL, false }, { "$null", "", JSON_NULL, false },
};

/* The one that is named at the $, and how many bytes its name takes; NULL when it is a variable. */
const struct constant *literal_constant_at(const struct reader *reader, size_t *length)
{
    *length = 1;
    for (char c; (c = reader_peek(reader, *length)) == '_' || c == ':' || isalnum((unsigned char)c);)
        ++*length;
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (str_is_nocase(str_take(reader_rest(reader), *length), constants[i].name))
            return &constants[i];
    return NULL;
}

static bool read_constant(struct reader *reader, struct buf *text)
{
    size_t length;
    const struct constant *constant = literal_constant_at(reader, &length);
    if (constant == NULL)
        return false;
    buf_text(text, constant->text);
    reader->at += length;
    return true;
}

/* Variables inside would be replaced by PowerShell; here they are refused, never sent as they stand. */
static bool read_double_quoted(struct reader *reader, struct buf *text, struct err *err)
{
    size_t start = reader->at, length, second;
    reader_plain(reader_rest(reader), &length);
    reader->at += length;
    while (!reader_end(reader)) {
        struct str here = reader_rest(reader);
        char c = reader_plain(here, &length);
        if (c == '`') {
            if (!literal_read_escape(reader, text, err))
                return false;
            continue;
        }
        if (c == '$' && literal_names_variable(reader_peek(reader, 1))) {
            if (!read_constant(reader, text))
                return literal_refuse_variable(reader, reader->at, err);
            continue;
        }
        if (c == '"') {
            reader->at += length;
            if (reader_plain(str_from(here, length), &second) != '"')
                return true;
            length = second;
        }
        buf_add(text, str_take(reader_rest(reader), length));
        reader->at += length;
    }
    return reader_fail(reader, start, err, "the double quote that opens here is never closed");
}

/* Quoted text of either kind; the reader stands on the quote. */
bool literal_read_quoted(struct reader *reader, struct json **json, struct err *err)
{
    size_t length;
    struct buf text = BUF_INIT(BUF_LARGE);
    bool single = reader_plain(reader_rest(reader), &length) == '\'';
    bool whole = single ? read_single_quoted(reader, &text, err) : read_double_quoted(reader, &text, err);
    if (whole)
        *json = json_new_string(buf_str(&text));
    buf_free(&text);
    return whole;
}

bool literal_at_quote(const struct reader *reader)
{
    size_t length;
    char c = reader_plain(reader_rest(reader), &length);
    return c == '\'' || c == '"';
}

/* ---- here-strings ---- */

static bool stands_at(const struct reader *reader, size_t at, char quote)
{
    size_t length;
    struct str rest = str_from(reader->text, at);
    char c = reader_plain(rest, &length);
    return c == quote && reader->text.len > at + length && reader->text.data[at + length] == '@';
}

/* Where the line of the closing quote begins; the text's end when there is none. */
static size_t here_end(const struct reader *reader, size_t from, char quote)
{
    for (size_t at = from; at < reader->text.len; at++) {
        bool line_start = at == from || reader->text.data[at - 1] == '\n';
        if (line_start && stands_at(reader, at, quote))
            return at;
    }
    return reader->text.len;
}

/* @' or @", a line end, lines, and '@ or "@ at the beginning of a line. In the double-quoted one escapes count. */
bool literal_read_here_string(struct reader *reader, struct json **json, struct err *err)
{
    size_t start = reader->at, length;
    reader->at++;
    char quote = reader_plain(reader_rest(reader), &length);
    reader->at += length;
    while (reader_peek(reader, 0) == ' ' || reader_peek(reader, 0) == '\t' || reader_peek(reader, 0) == '\r')
        reader->at++;
    if (reader_peek(reader, 0) != '\n')
        return reader_fail(reader, reader->at, err, "a here-string begins on the line after its opening quote");
    size_t from = ++reader->at, end = here_end(reader, from, quote);
    if (end == reader->text.len)
        return reader_fail(reader, start, err, "the here-string that opens here is never closed by %c@ at the beginning of a line", quote);
    /* The last line end belongs to the closing quote. */
    struct str inside = { reader->text.data + from, end > from ? end - from - 1 : 0 };
    if (inside.len > 0 && inside.data[inside.len - 1] == '\r')
        inside.len--;
    struct buf text = BUF_INIT(BUF_LARGE);
    struct reader lines = { .text = str_take(reader->text, (size_t)(inside.data - reader->text.data) + inside.len), .at = from };
    bool good = true;
    while (good && !reader_end(&lines)) {
        char c = reader_peek(&lines, 0);
        if (quote == '"' && c == '$' && literal_names_variable(reader_peek(&lines, 1)))
            good = read_constant(&lines, &text) || literal_refuse_variable(reader, lines.at, err);
        else if (quote == '"' && c == '`')
            good = literal_read_escape(&lines, &text, err);
        else
            buf_char(&text, lines.text.data[lines.at++]);
    }
    reader_plain(str_from(reader->text, end), &length);
    reader->at = end + length + 1;
    if (good)
        *json = json_new_string(buf_str(&text));
    buf_free(&text);
    return good;
}
