/* A reader by recursive descent for the values of PowerShell, without its expressions: what would have to be evaluated is
   refused with a sentence, because a value that is guessed wrong would be sent to a tenant. */
#include "catalogue/literal.h"

#include <ctype.h>

#include "catalogue/literal_bytes.h"
#include "catalogue/literal_cast.h"
#include "catalogue/literal_command.h"
#include "catalogue/literal_parts.h"

#define NESTING_MOST 32

/* ---- words ---- */

static struct json *block_of(const struct reader *reader, size_t from, size_t to)
{
    size_t line, column = reader_column(reader, from, &line);
    struct json *block = json_new_object();
    json_add(block, BLOCK_TEXT, json_new_string((struct str){ reader->text.data + from, to - from }));
    json_add(block, BLOCK_LINE, json_new_int((int64_t)line));
    json_add(block, BLOCK_COLUMN, json_new_int((int64_t)column));
    return block;
}

/* $_.Name.'Other Name' up to its end; false when something else stands there. */
static bool read_object_value(struct reader *reader, struct json **json)
{
    size_t start = reader->at;
    struct reader ahead = *reader;
    struct str rest = str_from(reader_rest(reader), 1);
    ahead.at += str_starts_nocase(rest, STR("PSItem")) ? 7 : 2;
    if (!str_starts(rest, STR("_")) && ahead.at == start + 2)
        return false;
    while (reader_peek(&ahead, 0) == '.') {
        struct json *quoted = NULL;
        ahead.at++;
        if (literal_at_quote(&ahead) && !literal_read_quoted(&ahead, &quoted, NULL))
            return false;
        json_free(quoted);
        while (isalnum((unsigned char)reader_peek(&ahead, 0)) || reader_peek(&ahead, 0) == '_')
            ahead.at++;
    }
    if (!reader_ends_word(reader_peek(&ahead, 0)))
        return false;
    *json = block_of(reader, start, ahead.at);
    reader->at = ahead.at;
    return true;
}

/* "$($_.Name)", with nothing beside it in the text. */
static bool read_quoted_object_value(struct reader *reader, struct json **json)
{
    struct reader ahead = *reader;
    if (!str_starts(reader_rest(reader), STR("\"$(")))
        return false;
    ahead.at += 3;
    reader_skip(&ahead, false);
    if (reader_peek(&ahead, 0) != '$' || !read_object_value(&ahead, json))
        return false;
    reader_skip(&ahead, false);
    if (str_starts(reader_rest(&ahead), STR(")\"")) && !str_starts(reader_rest(&ahead), STR(")\"\""))) {
        reader->at = ahead.at + 2;
        return true;
    }
    json_free(*json);
    *json = NULL;
    return false;
}

/* $true.Length would be an expression. */
static bool read_dollar(struct reader *reader, struct json **json, struct err *err)
{
    size_t length;
    if (reader->object_values && read_object_value(reader, json)) {
        if (reader_peek(reader, 0) != '(')
            return true;
        json_free(*json);
        *json = NULL;
        return reader_fail(reader, reader->at, err, "methods are not known here, only properties");
    }
    const struct constant *constant = literal_constant_at(reader, &length);
    if (constant == NULL || !reader_ends_word(reader_peek(reader, length)))
        return literal_refuse_variable(reader, reader->at, err);
    reader->at += length;
    *json = constant->kind == JSON_NULL ? json_new_null() : json_new_bool(constant->value);
    return true;
}

static bool refuse_word_end(const struct reader *reader, struct err *err)
{
    char c = reader_peek(reader, 0);
    if (c == '$')
        return literal_refuse_variable(reader, reader->at, err);
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
        if (c == '`' && !reader_is_line_end(reader_peek(reader, 1))) {
            escaped = true;
            good = literal_read_escape(reader, &word, err);
        } else if (reader_ends_word(c)) {
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
    size_t start = reader->at;
    struct json *quoted = NULL;
    if (literal_at_quote(reader)) {
        if (!literal_read_quoted(reader, &quoted, err))
            return false;
        buf_add(key, json_string(quoted));
        json_free(quoted);
    } else {
        while (!reader_end(reader) && !reader_ends_word(reader_peek(reader, 0)) && reader_peek(reader, 0) != '=') {
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
        if (c != ';' && c != '}' && c != '#' && !reader_is_line_end(c))
            return reader_fail(reader, reader->at, err, "expected ';' or '}' after an entry of the hash table");
    }
}

/* The depth is capped because this calls itself. */
static bool read_container(struct reader *reader, struct literal *literal, struct err *err)
{
    bool table = reader_peek(reader, 1) == '{';
    if (reader->depth >= NESTING_MOST)
        return reader_fail(reader, reader->at, err, "arrays and hash tables are nested more than %d deep", NESTING_MOST);
    bool objects = reader->object_values;
    literal->json = table ? json_new_object() : json_new_array();
    reader->at += 2;
    reader->depth++;
    reader->object_values = false;
    bool good = table ? read_entries(reader, literal->json, err) : read_items(reader, literal, err);
    reader->object_values = objects;
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
    bool good = literal_read(reader, literal, err);
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
                           reader_column(reader, start, &line));
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
        else if (str_starts_nocase(literal->word, STR("Write-")))
            err_advise(err, "What comes out at the end is printed by itself: Get-X | ForEach-Object Name.");
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

/* ---- script blocks ---- */

/* Steps over one quoted text or one character of a block. */
static bool step_in_block(struct reader *reader, int *open, struct err *err)
{
    size_t length;
    struct json *quoted = NULL;
    char c = reader_plain(reader_rest(reader), &length);
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
    return reader_peek(reader, 0) == '$' && literal_names_variable(reader_peek(reader, 1))
        && (literal_constant_at(reader, &length) == NULL || !reader_ends_word(reader_peek(reader, length)));
}

/* Kept as text: what may stand in it is for the cmdlet that takes it. The reader stands on the brace. */
static bool read_block(struct reader *reader, struct json **json, struct err *err)
{
    size_t start = reader->at;
    int open = 0;
    do {
        if (reader_end(reader))
            return reader_fail(reader, start, err, "the { that opens here is never closed");
        if (!reader->blocks && is_unknown_variable(reader))
            return literal_refuse_variable(reader, reader->at, err);
        if (!step_in_block(reader, &open, err))
            return false;
    } while (open > 0);
    if (reader->blocks)
        *json = block_of(reader, start + 1, reader->at - 1);
    else
        *json = json_new_string((struct str){ reader->text.data + start + 1, reader->at - start - 2 });
    return true;
}

/* @( ), @{ } and here-strings. */
static bool read_at(struct reader *reader, struct literal *literal, struct err *err)
{
    size_t length;
    char next = reader_plain(str_from(reader->text, reader->at + 1), &length);
    if (next == '(' || next == '{')
        return read_container(reader, literal, err);
    if (next == '\'' || next == '"')
        return literal_read_here_string(reader, &literal->json, err);
    return reader_fail(reader, reader->at, err, "expected ( or { after @; a text that begins with @ needs quotes");
}

/* One value without regard to commas, which bind weaker. */
static bool read_value(struct reader *reader, bool in_expression, struct literal *literal, struct err *err)
{
    size_t length, start = reader->at;
    char c = reader_plain(reader_rest(reader), &length);
    *literal = (struct literal){ 0 };
    if (c == '"' && reader->object_values && read_quoted_object_value(reader, &literal->json))
        return true;
    if (c == '\'' || c == '"')
        return literal_read_quoted(reader, &literal->json, err);
    if (c == '$')
        return read_dollar(reader, &literal->json, err);
    if (c == '@')
        return read_at(reader, literal, err);
    if (c == '{' && (reader->blocks || reader->block_texts))
        return read_block(reader, &literal->json, err);
    if (c == '[' && in_expression)
        return literal_read_cast(reader, literal, err);
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

/* What stands behind the commas; the reader is on the first. */
static bool read_more(struct reader *reader, struct literal *list, struct err *err)
{
    while (reader_peek(reader, 0) == ',') {
        struct literal item = { 0 };
        reader->at++;
        reader_skip(reader, true);
        size_t start = reader->at;
        if (!read_value(reader, reader->depth > 0, &item, err))
            return false;
        if (item.secret) {
            json_free_secret(item.json);
            return refuse_secret(reader, start, err);
        }
        list->bytes = list->bytes && item.bytes;
        json_add(list->json, NULL, item.json);
        start = reader->at;
        reader_skip(reader, false);
        if (reader_peek(reader, 0) != ',')
            reader->at = start;
    }
    return true;
}

/* Some values are no part of a list. */
static bool stands_alone(const struct reader *reader, size_t at, struct literal *literal, struct err *err)
{
    bool object_value = reader->object_values && json_get(literal->json, BLOCK_TEXT) != NULL;
    if (!literal->secret && !object_value)
        return false;
    json_free_secret(literal->json);
    literal->json = NULL;
    if (literal->secret)
        return !refuse_secret(reader, at, err);
    reader_fail(reader, at, err, "a property of the object is a parameter's whole value here, and no part of a list");
    return true;
}

/* Inside of brackets text needs quotes, behind a comma too. Blanks behind the value are given back: whether one stands there
   matters to the caller. */
bool literal_read(struct reader *reader, struct literal *literal, struct err *err)
{
    size_t start = reader->at;
    if (!read_value(reader, reader->depth > 0, literal, err))
        return false;
    size_t before = reader->at;
    reader_skip(reader, false);
    if (reader_peek(reader, 0) != ',') {
        reader->at = before;
        return true;
    }
    if (stands_alone(reader, start, literal, err))
        return false;
    bool objects = reader->object_values;
    struct literal first = *literal;
    *literal = (struct literal){ .json = json_new_array(), .bytes = first.bytes };
    json_add(literal->json, NULL, first.json);
    reader->object_values = false;
    bool good = read_more(reader, literal, err);
    reader->object_values = objects;
    if (!good) {
        json_free(literal->json);
        literal->json = NULL;
    }
    return good;
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
