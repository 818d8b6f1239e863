/* A reader by recursive descent for the values of PowerShell, without its expressions: what would have to be evaluated is
   refused with a sentence, because a value that is guessed wrong would be sent to a tenant. */
#include "catalogue/literal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "catalogue/literal_bytes.h"
#include "catalogue/literal_cast.h"
#include "catalogue/literal_command.h"

#define NESTING_MOST 32

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

static struct str remaining(const struct reader *reader)
{
    return str_from(reader->text, reader->at);
}

/* The plain character that stands here, and how many bytes it takes. */
static char plain_at(struct str text, size_t *length)
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
    return plain_at(remaining(reader), &length) == '-' ? length : 0;
}

static bool is_line_end(char c)
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
        if (c == ' ' || c == '\t' || (newlines && is_line_end(c)))
            reader->at++;
        else if (c == '`' && is_line_end(next))
            reader->at += next == '\r' && reader_peek(reader, 2) == '\n' ? 3 : 2;
        else if (c == '<' && next == '#')
            skip_block_comment(reader);
        else if (newlines && c == '#')
            while (!reader_end(reader) && !is_line_end(reader_peek(reader, 0)))
                reader->at++;
        else
            return;
    }
}

/* Characters, not bytes: that is what the person counts with the cursor. */
static size_t column_of(const struct reader *reader, size_t at, size_t *line)
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
    size_t line, column = column_of(reader, at, &line);
    return line == 1 ? err_set(err, ERR_INPUT, "column %zu: %s", column, text)
                     : err_set(err, ERR_INPUT, "line %zu, column %zu: %s", line, column, text);
}

static bool ends_word(char c)
{
    return c == '\0' || isspace((unsigned char)c) || strchr(",;|&<>(){}'\"`$", c) != NULL;
}

/* What PowerShell would take for a variable or an expression; a $ before anything else is just a $. */
static bool names_variable(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '{' || c == '(' || c == '?' || c == '^' || c == '$' || c == ':';
}

static bool refuse_variable(const struct reader *reader, size_t at, struct err *err)
{
    struct str name = str_from(reader->text, at + 1);
    if (str_starts(name, STR("_.")) || str_starts_nocase(name, STR("PSItem."))) {
        reader_fail(reader, at, err, "the object of the pipeline, $_, is only known in a block by itself");
        err_advise(err, "Where-Object { $_.Name -eq 'x' }, Select-Object @{n='x';e={$_.Name}}; a cmdlet behind a bar takes it by itself.");
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
    plain_at(remaining(reader), &length);
    reader->at += length;
    while (!reader_end(reader)) {
        struct str here = remaining(reader);
        if (plain_at(here, &length) == '\'') {
            size_t second;
            if (plain_at(str_from(here, length), &second) != '\'') {
                reader->at += length;
                return true;
            }
            reader->at += length;
            length = second;
            here = str_from(here, length);
        }
        buf_add(text, str_take(remaining(reader), length));
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
static bool read_escape(struct reader *reader, struct buf *text, struct err *err)
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

/* Everything else with a $ in front is a variable, which cannot be known here. */
static const struct constant {
    const char *name, *text;    /* inside of a text, as PowerShell writes them out */
    enum json_kind kind;
    bool value;
} constants[] = {
    { "$true", "True", JSON_BOOL, true }, { "$false", "False", JSON_BOOL, false }, { "$null", "", JSON_NULL, false },
};

/* The one that is named at the $, and how many bytes its name takes; NULL when it is a variable. */
static const struct constant *constant_at(const struct reader *reader, size_t *length)
{
    *length = 1;
    for (char c; (c = reader_peek(reader, *length)) == '_' || c == ':' || isalnum((unsigned char)c);)
        ++*length;
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (str_is_nocase(str_take(remaining(reader), *length), constants[i].name))
            return &constants[i];
    return NULL;
}

static bool read_constant(struct reader *reader, struct buf *text)
{
    size_t length;
    const struct constant *constant = constant_at(reader, &length);
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
    plain_at(remaining(reader), &length);
    reader->at += length;
    while (!reader_end(reader)) {
        struct str here = remaining(reader);
        char c = plain_at(here, &length);
        if (c == '`') {
            if (!read_escape(reader, text, err))
                return false;
            continue;
        }
        if (c == '$' && names_variable(reader_peek(reader, 1))) {
            if (!read_constant(reader, text))
                return refuse_variable(reader, reader->at, err);
            continue;
        }
        if (c == '"') {
            reader->at += length;
            if (plain_at(str_from(here, length), &second) != '"')
                return true;
            length = second;
        }
        buf_add(text, str_take(remaining(reader), length));
        reader->at += length;
    }
    return reader_fail(reader, start, err, "the double quote that opens here is never closed");
}

/* Quoted text of either kind; the reader stands on the quote. */
bool literal_read_quoted(struct reader *reader, struct json **json, struct err *err)
{
    size_t length;
    struct buf text = BUF_INIT(BUF_LARGE);
    bool single = plain_at(remaining(reader), &length) == '\'';
    bool whole = single ? read_single_quoted(reader, &text, err) : read_double_quoted(reader, &text, err);
    if (whole)
        *json = json_new_string(buf_str(&text));
    buf_free(&text);
    return whole;
}

bool literal_at_quote(const struct reader *reader)
{
    size_t length;
    char c = plain_at(remaining(reader), &length);
    return c == '\'' || c == '"';
}

/* ---- words ---- */

/* $true.Length would be an expression. */
static bool read_dollar(struct reader *reader, struct json **json, struct err *err)
{
    size_t length;
    const struct constant *constant = constant_at(reader, &length);
    if (constant == NULL || !ends_word(reader_peek(reader, length)))
        return refuse_variable(reader, reader->at, err);
    reader->at += length;
    *json = constant->kind == JSON_NULL ? json_new_null() : json_new_bool(constant->value);
    return true;
}

static bool refuse_word_end(const struct reader *reader, struct err *err)
{
    char c = reader_peek(reader, 0);
    if (c == '$')
        return refuse_variable(reader, reader->at, err);
    if (c == '\'' || c == '"') {
        reader_fail(reader, reader->at, err, "a quote in the middle of a word");
        err_advise(err, "Put the whole value in quotes.");
        return false;
    }
    return true;
}

/* A number when all of it is one; 10.0.0.1 and 2026-01-31 are texts. */
static struct json *word_value(struct str word)
{
    /* More than the longest word that literal_number takes for a number. */
    struct buf digits = BUF_INIT(128);
    struct json *json = literal_number(word, &digits) ? json_new_number(buf_str(&digits)) : json_new_string(word);
    buf_free(&digits);
    return json;
}

/* A word with a backtick in it is text, even when it looks like a number: that is what the backtick is for. */
static bool read_word(struct reader *reader, struct literal *literal, struct err *err)
{
    size_t start = reader->at;
    struct buf word = BUF_INIT(BUF_LARGE);
    bool escaped = false, good = true;
    while (good && !reader_end(reader)) {
        char c = reader_peek(reader, 0);
        /* At a line end the backtick continues the line and so ends the word. */
        if (c == '`' && !is_line_end(reader_peek(reader, 1))) {
            escaped = true;
            good = read_escape(reader, &word, err);
        } else if (ends_word(c)) {
            good = refuse_word_end(reader, err);
            break;
        } else {
            buf_char(&word, c);
            reader->at++;
        }
    }
    if (good && reader->at == start)
        good = reader_fail(reader, start, err, "expected a value, not '%c'", reader_peek(reader, 0));
    if (good) {
        literal->json = escaped ? json_new_string(buf_str(&word)) : word_value(buf_str(&word));
        /* As it was typed, for parameters that want text: 007 must not come back as 7. */
        literal->word = (struct str){ reader->text.data + start, reader->at - start };
    }
    buf_free(&word);
    return good;
}

/* ---- arrays and hash tables ---- */

static bool read_value(struct reader *reader, bool in_expression, struct literal *literal, struct err *err);

/* Commas, semicolons and line ends all part the items, and may come in any number. */
static bool read_items(struct reader *reader, struct literal *list, struct err *err)
{
    for (bool first = true;;) {
        struct literal item = { 0 };
        reader_skip(reader, true);
        char c = reader_peek(reader, 0);
        if (c == ')') {
            reader->at++;
            return true;
        }
        if (c == ',' || c == ';') {
            reader->at++;
            continue;
        }
        if (reader_end(reader))
            return reader_fail(reader, reader->at, err, "expected ')' at the end of the array");
        if (!read_value(reader, true, &item, err))
            return false;
        list->bytes = item.bytes && (list->bytes || first);
        first = false;
        json_add(list->json, NULL, item.json);
    }
}

/* Names of entries are the one kind of text in a table that needs no quotes. */
static bool read_key(struct reader *reader, struct buf *key, struct err *err)
{
    size_t length, start = reader->at;
    char c = plain_at(remaining(reader), &length);
    if (c == '\'' || c == '"') {
        if (!(c == '\'' ? read_single_quoted(reader, key, err) : read_double_quoted(reader, key, err)))
            return false;
    } else {
        while (!reader_end(reader) && !ends_word(reader_peek(reader, 0)) && reader_peek(reader, 0) != '=') {
            buf_char(key, reader_peek(reader, 0));
            reader->at++;
        }
    }
    if (key->len == 0)
        return reader_fail(reader, start, err, "expected the name of an entry of the hash table, or '}'");
    reader_skip(reader, true);
    if (reader_peek(reader, 0) != '=')
        return reader_fail(reader, reader->at, err, "expected '=' after the entry's name '%.60s'", buf_cstr(key));
    reader->at++;
    reader_skip(reader, true);
    return true;
}

/* Commas after a value of a table make an array, as in PowerShell. */
static bool read_entry_value(struct reader *reader, struct json **value, struct err *err)
{
    struct literal literal = { 0 };
    if (!read_value(reader, true, &literal, err))
        return false;
    *value = literal.json;
    reader_skip(reader, false);
    if (reader_peek(reader, 0) != ',')
        return true;
    /* What was read as a single value becomes the first of an array. */
    struct json *array = json_new_array();
    json_add(array, NULL, *value);
    *value = array;
    while (reader_peek(reader, 0) == ',') {
        reader->at++;
        reader_skip(reader, true);
        if (!read_value(reader, true, &literal, err)) {
            json_free(array);
            return false;
        }
        json_add(array, NULL, literal.json);
        reader_skip(reader, false);
    }
    return true;
}

/* PowerShell refuses an entry that is there twice, whatever its letter case; so would the service. */
static bool read_entry(struct reader *reader, struct json *table, struct err *err)
{
    size_t start = reader->at;
    struct buf key = BUF_INIT(BUF_SMALL);
    struct json *value = NULL;
    bool good = read_key(reader, &key, err);
    if (good && json_get_nocase(table, buf_cstr(&key)) != NULL)
        good = reader_fail(reader, start, err, "the hash table has the entry '%.60s' twice", buf_cstr(&key));
    if (good && (good = read_entry_value(reader, &value, err)))
        json_add(table, buf_cstr(&key), value);
    buf_free(&key);
    return good;
}

/* Line ends divide entries as semicolons do, the last one may be followed by either. */
static bool read_entries(struct reader *reader, struct json *table, struct err *err)
{
    for (;;) {
        reader_skip(reader, true);
        char c = reader_peek(reader, 0);
        if (c == '}') {
            reader->at++;
            return true;
        }
        if (c == ';') {
            reader->at++;
            continue;
        }
        if (reader_end(reader))
            return reader_fail(reader, reader->at, err, "expected '}' at the end of the hash table");
        if (!read_entry(reader, table, err))
            return false;
        reader_skip(reader, false);
        c = reader_peek(reader, 0);
        if (c != ';' && c != '}' && c != '#' && !is_line_end(c))
            return reader_fail(reader, reader->at, err, "expected ';' or '}' after an entry of the hash table");
    }
}

/* The depth is capped because this calls itself. */
static bool read_container(struct reader *reader, struct literal *literal, struct err *err)
{
    bool table = reader_peek(reader, 1) == '{';
    if (reader->depth >= NESTING_MOST)
        return reader_fail(reader, reader->at, err, "arrays and hash tables are nested more than %d deep", NESTING_MOST);
    literal->json = table ? json_new_object() : json_new_array();
    reader->at += 2;
    reader->depth++;
    bool good = table ? read_entries(reader, literal->json, err) : read_items(reader, literal, err);
    reader->depth--;
    if (!good) {
        json_free(literal->json);
        literal->json = NULL;
    }
    return good;
}

/* It would travel as a plain text among the others. */
static bool refuse_secret(const struct reader *reader, size_t at, struct err *err)
{
    reader_fail(reader, at, err, "a password cannot be part of a list, a table or an expression");
    err_advise(err, "Only a parameter that takes a password or a credential has it: -Password (Read-Host -AsSecureString).");
    return false;
}

/* (value): brackets around a value, or one of the expressions that documented lines use. */
static bool read_parenthesis(struct reader *reader, struct literal *literal, struct err *err)
{
    size_t start = reader->at, line;
    if (reader->depth >= NESTING_MOST)
        return reader_fail(reader, start, err, "brackets are nested more than %d deep", NESTING_MOST);
    reader->at++;
    reader_skip(reader, true);
    if (literal_at_word(reader, "Get-Content") || literal_at_word(reader, "gc"))
        return literal_read_content(reader, literal, err);
    if (literal_at_word(reader, "Get-Date"))
        return literal_read_date(reader, literal, err);
    if (literal_at_secret(reader))
        return reader->depth > 0 ? refuse_secret(reader, start, err) : literal_read_secret(reader, literal, err);
    reader->depth++;
    bool good = literal_at_bytes(reader) ? literal_read_bytes(reader, literal, err) : literal_read(reader, literal, err);
    reader->depth--;
    /* A word in brackets is a bare word no more. */
    literal->word = (struct str){ 0 };
    if (!good)
        return false;
    reader_skip(reader, true);
    if (reader_peek(reader, 0) != ')') {
        json_free(literal->json);
        literal->json = NULL;
        if (literal_refuse_operator(reader, err))
            return false;
        return reader_fail(reader, reader->at, err, "expected ')' to close the bracket of column %zu",
                           column_of(reader, start, &line));
    }
    reader->at++;
    return true;
}

/* Verb-Noun with a verb that values do not begin with. */
static bool is_command(struct str word)
{
    static const char *const verbs[] = { "Get-", "Set-", "New-", "Remove-", "Add-", "Import-", "ConvertTo-", "ConvertFrom-", "Start-", "Write-" };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (str_starts_nocase(word, str_of(verbs[i])) && word.len > strlen(verbs[i]))
            return true;
    return false;
}

/* Inside brackets PowerShell would run the word as a command. */
static bool refuse_bare_text(const struct reader *reader, size_t start, struct literal *literal, struct err *err)
{
    if (json_kind(literal->json) == JSON_NUMBER)
        return true;
    json_free(literal->json);
    literal->json = NULL;
    if (is_command(literal->word)) {
        reader_fail(reader, start, err, "%.*s cannot run inside of brackets or a block", STR_ARG(str_take(literal->word, 60)));
        if (str_is_nocase(literal->word, "New-Object"))
            err_advise(err, "A credential is written (Get-Credential), or @{UserName='anna@contoso.com'; Password='env:NAME'}.");
        else
            err_advise(err, "Join cmdlets with a bar, which gives the next one each object: Get-X | Set-Y -Z. Else write the value out.");
        return false;
    }
    if (literal->word.len && isdigit((unsigned char)literal->word.data[0]) && str_contains_nocase(literal->word, STR(".."))) {
        reader_fail(reader, start, err, "ranges are not known here");
        err_advise(err, "Write the numbers out: 1,2,3.");
        return false;
    }
    reader_fail(reader, start, err, "text inside of @( ) and @{ } needs quotes");
    err_advise(err, "Write '%.*s'.", STR_ARG(str_take(literal->word, 60)));
    return false;
}

/* ---- here-strings ---- */

static bool stands_at(const struct reader *reader, size_t at, char quote)
{
    size_t length;
    struct str rest = str_from(reader->text, at);
    char c = plain_at(rest, &length);
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
static bool read_here_string(struct reader *reader, struct json **json, struct err *err)
{
    size_t start = reader->at, length;
    reader->at++;
    char quote = plain_at(remaining(reader), &length);
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
        if (quote == '"' && c == '$' && names_variable(reader_peek(&lines, 1)))
            good = read_constant(&lines, &text) || refuse_variable(reader, lines.at, err);
        else if (quote == '"' && c == '`')
            good = read_escape(&lines, &text, err);
        else
            buf_char(&text, lines.text.data[lines.at++]);
    }
    plain_at(str_from(reader->text, end), &length);
    reader->at = end + length + 1;
    if (good)
        *json = json_new_string(buf_str(&text));
    buf_free(&text);
    return good;
}

/* ---- script blocks ---- */

/* Steps over one quoted text or one character of a block. */
static bool step_in_block(struct reader *reader, int *open, struct err *err)
{
    size_t length;
    struct json *quoted = NULL;
    char c = plain_at(remaining(reader), &length);
    if (c == '\'' || c == '"') {
        bool good = literal_read_quoted(reader, &quoted, err);
        json_free(quoted);
        return good;
    }
    *open += c == '{' ? 1 : c == '}' ? -1 : 0;
    reader->at += c == '`' ? 2 : length;
    return true;
}

/* A filter is written as a block too, -Filter {Enabled -eq $true}, and travels as its text: variables cannot be known here. */
static bool is_unknown_variable(const struct reader *reader)
{
    size_t length;
    return reader_peek(reader, 0) == '$' && names_variable(reader_peek(reader, 1))
        && (constant_at(reader, &length) == NULL || !ends_word(reader_peek(reader, length)));
}

/* Kept as text: what may stand in it is for the cmdlet that takes it. The reader stands on the brace. */
static bool read_block(struct reader *reader, struct json **json, struct err *err)
{
    size_t start = reader->at, line, column = column_of(reader, start + 1, &line);
    int open = 0;
    do {
        if (reader_end(reader))
            return reader_fail(reader, start, err, "the { that opens here is never closed");
        if (!reader->blocks && is_unknown_variable(reader))
            return refuse_variable(reader, reader->at, err);
        if (!step_in_block(reader, &open, err))
            return false;
    } while (open > 0);
    struct str inside = { reader->text.data + start + 1, reader->at - start - 2 };
    if (!reader->blocks) {
        *json = json_new_string(inside);
        return true;
    }
    *json = json_new_object();
    json_add(*json, BLOCK_TEXT, json_new_string(inside));
    json_add(*json, BLOCK_LINE, json_new_int((int64_t)line));
    json_add(*json, BLOCK_COLUMN, json_new_int((int64_t)column));
    return true;
}

/* One value without regard to commas, which bind weaker. */
static bool read_value(struct reader *reader, bool in_expression, struct literal *literal, struct err *err)
{
    size_t length, start = reader->at;
    char c = plain_at(remaining(reader), &length), next = reader_peek(reader, 1);
    *literal = (struct literal){ 0 };
    if (c == '\'' || c == '"')
        return literal_read_quoted(reader, &literal->json, err);
    if (c == '$')
        return read_dollar(reader, &literal->json, err);
    if (c == '@' && (next == '(' || next == '{'))
        return read_container(reader, literal, err);
    if (c == '@' && strchr("'\"", plain_at(str_from(reader->text, start + 1), &length)) && next)
        return read_here_string(reader, &literal->json, err);
    if (c == '{' && (reader->blocks || reader->block_texts))
        return read_block(reader, &literal->json, err);
    if (c == '[' && in_expression)
        return literal_read_cast(reader, literal, err);
    if (c == '@')
        return reader_fail(reader, start, err, "expected ( or { after @; a text that begins with @ needs quotes");
    if (c == '(')
        return read_parenthesis(reader, literal, err);
    if (!read_word(reader, literal, err))
        return false;
    return !in_expression || refuse_bare_text(reader, start, literal, err);
}

bool literal_read_one(struct reader *reader, struct literal *literal, struct err *err)
{
    if (reader->depth >= NESTING_MOST)
        return reader_fail(reader, reader->at, err, "casts are nested more than %d deep", NESTING_MOST);
    reader->depth++;
    bool good = read_value(reader, true, literal, err);
    reader->depth--;
    return good;
}

/* Blanks behind the value are given back: whether one stands there matters to the caller. */
bool literal_read(struct reader *reader, struct literal *literal, struct err *err)
{
    /* Inside of brackets text needs quotes, behind a comma too. */
    bool expression = reader->depth > 0;
    size_t start = reader->at;
    if (!read_value(reader, expression, literal, err))
        return false;
    size_t before = reader->at;
    reader_skip(reader, false);
    if (reader_peek(reader, 0) != ',') {
        reader->at = before;
        return true;
    }
    if (literal->secret) {
        json_free_secret(literal->json);
        literal->json = NULL;
        return refuse_secret(reader, start, err);
    }
    struct json *array = json_new_array();
    struct literal item = { 0 };
    bool bytes = literal->bytes;
    json_add(array, NULL, literal->json);
    *literal = (struct literal){ 0 };
    while (reader_peek(reader, 0) == ',') {
        reader->at++;
        reader_skip(reader, true);
        start = reader->at;
        if (!read_value(reader, expression, &item, err) || (item.secret && !refuse_secret(reader, start, err))) {
            json_free_secret(item.json);
            json_free(array);
            return false;
        }
        bytes = bytes && item.bytes;
        json_add(array, NULL, item.json);
        before = reader->at;
        reader_skip(reader, false);
    }
    reader->at = before;
    literal->json = array;
    literal->bytes = bytes;
    return true;
}

bool literal_parse(struct str text, struct literal *literal, struct err *err)
{
    struct reader reader = reader_of(text);
    reader_skip(&reader, true);
    if (!literal_read(&reader, literal, err))
        return false;
    reader_skip(&reader, true);
    if (reader_end(&reader))
        return true;
    json_free(literal->json);
    literal->json = NULL;
    return reader_fail(&reader, reader.at, err, "nothing more was expected here");
}
