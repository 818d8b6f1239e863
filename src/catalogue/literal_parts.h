/* What the files of the reader of values share (literal.c, literal_text.c, reader.c), and nobody else needs. */
#ifndef PURVEY_CATALOGUE_LITERAL_PARTS_H
#define PURVEY_CATALOGUE_LITERAL_PARTS_H

#include "catalogue/literal.h"

/* ---- characters: reader.c ---- */

struct str reader_rest(const struct reader *reader);            /* from where it stands */
/* The plain character that a text begins with, which may be written as a typographic one, and its bytes; 0 at the end. */
char reader_plain(struct str text, size_t *length);
/* Line and column of a byte, counted from 1, columns in characters. */
size_t reader_column(const struct reader *reader, size_t at, size_t *line);
bool reader_is_line_end(char c);
bool reader_ends_word(char c);

/* ---- texts: literal_text.c ---- */

/* Everything else with a $ in front is a variable, which cannot be known here. */
struct constant {
    const char *name, *text;    /* text: inside of a text, as PowerShell writes them out */
    enum json_kind kind;
    bool value;
};

/* The one that is named at the $, and how many bytes its name takes; NULL when it is a variable. */
const struct constant *literal_constant_at(const struct reader *reader, size_t *length);
bool literal_names_variable(char behind_dollar);
/* ERR_INPUT for the $ at this place, with what can be written. Returns false. */
bool literal_refuse_variable(const struct reader *reader, size_t at, struct err *err);
/* The reader stands on a backtick. */
bool literal_read_escape(struct reader *reader, struct buf *text, struct err *err) MUST_USE;
/* The reader stands on @ before a quote. */
bool literal_read_here_string(struct reader *reader, struct json **json, struct err *err) MUST_USE;

#endif
