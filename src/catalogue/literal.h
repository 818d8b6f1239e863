/* Values as PowerShell writes them: 'text', "text", words, numbers, $true, arrays and hash tables, in and out. */
#ifndef PURVEY_CATALOGUE_LITERAL_H
#define PURVEY_CATALOGUE_LITERAL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

/* Where the reading of a text stands. Errors name the column, counted in characters from 1, and the line behind the first. */
struct reader {
    struct str text;
    size_t at;
    int depth;
    bool blocks;                /* { script blocks } are values: in the local cmdlets only */
    bool object_values;         /* $_.Name is a value, kept as a block: in ForEach-Object { Get-X -Y $_.Name } */
    bool block_texts;           /* else they may be texts, as PowerShell makes of them: -Filter { Name -eq 'x' } */
};

/* A script block is kept as an object of these: its text without the braces, and where that text begins. */
#define BLOCK_TEXT "@block"
#define BLOCK_LINE "@line"
#define BLOCK_COLUMN "@column"

struct reader reader_of(struct str text);
bool reader_end(const struct reader *reader);
char reader_peek(const struct reader *reader, size_t ahead);        /* '\0' past the end */
/* Blanks and continued lines; with newlines, line ends and comments too. */
void reader_skip(struct reader *reader, bool newlines);
/* ERR_INPUT "column N: TEXT" for the place `at`. Returns false. */
bool reader_fail(const struct reader *reader, size_t at, struct err *err, const char *format, ...) PRINTF_LIKE(4, 5);
/* The place that such a text names, both counted from 1, columns in characters. False when it names none. */
bool reader_place(struct str message, size_t *line, size_t *column);
/* Bytes of the dash that stands here (typographic ones too, as PowerShell takes them); 0 = none. */
size_t reader_dash(const struct reader *reader);

/* One value as it stands in a command: json is the caller's. `word` is the source text of a single unquoted word (so that
   007 can still become the text 007); `bytes`: json is base64 of bytes, or an array of such; `secret`: json is a password, a
   source of one, or a user name with one, which only a parameter for such may take. */
struct literal {
    struct json *json;
    struct str word;
    bool bytes, secret;
};

/* What stands between quotes; the reader stands on the quote. False with ERR_INPUT. */
bool literal_read_quoted(struct reader *reader, struct json **json, struct err *err) MUST_USE;
/* Whether the reader stands on a quote of either kind. */
bool literal_at_quote(const struct reader *reader);

/* Reads one value, commas making an array. False with ERR_INPUT. */
bool literal_read(struct reader *reader, struct literal *literal, struct err *err) MUST_USE;
/* One value inside of brackets, which ends at a comma: a cast binds closer than that. */
bool literal_read_one(struct reader *reader, struct literal *literal, struct err *err) MUST_USE;
/* The whole text as one value (form fields that hold hash tables). */
bool literal_parse(struct str text, struct literal *literal, struct err *err) MUST_USE;

/* The digits of a number in PowerShell's notation (0x1F, 1.5, 10MB) as JSON, in buf; false when it is no number. */
bool literal_number(struct str word, struct buf *digits);

/* Appends text so that literal_read gives it back: as a bare word where that is safe and allowed, else in quotes, on one
   line. */
void literal_print_text(struct str text, bool bare_allowed, struct buf *out);
/* Appends any JSON value as PowerShell. */
void literal_print(const struct json *value, struct buf *out);

#endif
