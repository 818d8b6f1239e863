/* The characters of a line of PowerShell: blanks, comments, what looks like a quote or a dash, and places for errors. */
#include <ctype.h>
#include <stdio.h>

#include "catalogue/literal_parts.h"

/* PowerShell takes typographic quotes and dashes for the plain ones, so what was copied from a document works. */
static const struct { const char *bytes; char plain; } lookalikes[] = {
    { "\xE2\x80\x98", '\'' }, { "\xE2\x80\x99", '\'' }, { "\xE2\x80\x9A", '\'' }, { "\xE2\x80\x9B", '\'' },
    { "\xE2\x80\x9C", '"' }, { "\xE2\x80\x9D", '"' }, { "\xE2\x80\x9E", '"' },
    { "\xE2\x80\x93", '-' }, { "\xE2\x80\x94", '-' }, { "\xE2\x80\x95", '-' },
};

struct reader reader_of(struct str text)
{
    return (struct reader){ .text = text };
}

bool reader_end(const struct reader *reader)
{
    return reader->at >= reader->text.len;
}

char reader_peek(const struct reader *reader, size_t ahead)
{
    return reader->at + ahead < reader->text.len ? reader->text.data[reader->at + ahead] : '\0';
}

struct str reader_rest(const struct reader *reader)
{
    return str_from(reader->text, reader->at);
}

/* The plain character that stands here, and how many bytes it takes. */
char reader_plain(struct str text, size_t *length)
{
    *length = text.len > 0;
    /* All of them begin with E2, so nearly every character is settled by one comparison. */
    if (text.len == 0 || (unsigned char)text.data[0] != 0xE2)
        return text.len > 0 ? text.data[0] : '\0';
    for (size_t i = 0; i < sizeof lookalikes / sizeof *lookalikes; i++) {
        if (str_starts(text, str_of(lookalikes[i].bytes))) {
            *length = 3;
            return lookalikes[i].plain;
        }
    }
    return text.data[0];
}

size_t reader_dash(const struct reader *reader)
{
    size_t length;
    return reader_plain(reader_rest(reader), &length) == '-' ? length : 0;
}

bool reader_is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* <# to #>, over as many lines as it takes. */
static void skip_block_comment(struct reader *reader)
{
    for (reader->at += 2; !reader_end(reader); reader->at++)
        if (reader_peek(reader, 0) == '#' && reader_peek(reader, 1) == '>') {
            reader->at += 2;
            return;
        }
}

/* A backtick at the end of a line continues it, in any place where a blank may stand. */
void reader_skip(struct reader *reader, bool newlines)
{
    while (!reader_end(reader)) {
        char c = reader_peek(reader, 0), next = reader_peek(reader, 1);
        if (c == ' ' || c == '\t' || (newlines && reader_is_line_end(c)))
            reader->at++;
        else if (c == '`' && reader_is_line_end(next))
            reader->at += next == '\r' && reader_peek(reader, 2) == '\n' ? 3 : 2;
        else if (c == '<' && next == '#')
            skip_block_comment(reader);
        else if (newlines && c == '#')
            while (!reader_end(reader) && !reader_is_line_end(reader_peek(reader, 0)))
                reader->at++;
        else
            return;
    }
}

/* Characters, not bytes: that is what the person counts with the cursor. */
size_t reader_column(const struct reader *reader, size_t at, size_t *line)
{
    size_t column = 1;
    *line = 1;
    for (size_t i = 0; i < at && i < reader->text.len; i++) {
        unsigned char c = (unsigned char)reader->text.data[i];
        column += (c & 0xC0) != 0x80;
        if (c == '\n') {
            column = 1;
            *line += 1;
        }
    }
    return column;
}

bool reader_fail(const struct reader *reader, size_t at, struct err *err, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t line, column = reader_column(reader, at, &line);
    return line == 1 ? err_set(err, ERR_INPUT, "column %zu: %s", column, text)
                     : err_set(err, ERR_INPUT, "line %zu, column %zu: %s", line, column, text);
}

bool reader_ends_word(char c)
{
    return c == '\0' || isspace((unsigned char)c) || strchr(",;|&<>(){}'\"`$", c) != NULL;
}
