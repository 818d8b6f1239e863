/* Read once into a tree, walked for every object. -and, -or and -xor bind alike and from the left, as in PowerShell. */
#include "pipeline/expression_parts.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "catalogue/literal.h"
#include "catalogue/literal_bytes.h"
#include "catalogue/literal_command.h"
#include "pipeline/comparison.h"

#define NESTING_MOST 64

struct parse {
    struct reader reader;
    struct err *err;
    int depth;
};

static struct node *node_new(enum node_kind kind)
{
    struct node *node = MEM_NEW(struct node);
    node->kind = kind;
    node->room.cap = OBJECT_MAX_BYTES;
    return node;
}

void expression_node_free(struct node *node)
{
    if (!node) {
        return;
    }
    expression_node_free(node->left);
    expression_node_free(node->right);
    comparison_free(node->comparison);
    for (size_t i = 0; i < node->path_length; i++) {
        free(node->path[i]);
    }
    free(node->own);
    free(node->meant);
    buf_free(&node->room);
    free(node);
}

/* ---- reading ---- */

/* What is written for these in other languages, or needs a calculation. */
static bool refuse_sign(struct parse *parse, const char **advice)
{
    static const struct { const char *sign, *what; } signs[] = {
        { "=", "'=' compares nothing in PowerShell: -eq is meant" },      { "!=", "'!=' is no operator: -ne is meant" },
        { "<", "'<' compares nothing in PowerShell: -lt or -le is meant" }, { ">", "'>' compares nothing in PowerShell: -gt or -ge is meant" },
        { "||", "'||' is no operator: -or is meant" },                    { "&&", "'&&' is no operator: -and is meant" },
        { "|", "there are no pipelines inside of a block" },              { ";", "there is one expression in a block" },
        { "+", "nothing can be calculated here" },                        { "*", "nothing can be calculated here" },
        { "/", "nothing can be calculated here" },                        { "-", "no such operator is known here" },
        { "[", "elements of lists cannot be taken by their number here" },
    };
    const struct reader *reader = &parse->reader;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (str_starts(str_from(reader->text, reader->at), str_of(signs[i].sign))) {
            reader_fail(reader, reader->at, parse->err, "%s", signs[i].what);
            bool parts = str_is(str_of(signs[i].sign), "|") || str_is(str_of(signs[i].sign), ";");
            *advice = parts ? "Behind the block it can stand: Get-X | ForEach-Object { $_.Y } | Select-Object -First 1. Several properties: Select-Object A, B." : NULL;
            return true;
        }
    }
    return false;
}

static struct node *refuse(struct parse *parse, size_t at, const char *what)
{
    const char *advice = NULL;
    if (at != parse->reader.at || reader_end(&parse->reader) || !refuse_sign(parse, &advice)) {
        reader_fail(&parse->reader, at, parse->err, "%s", what);
    }
    if (advice) {
        err_advise(parse->err, "%s", advice);
        return NULL;
    }
    err_advise(parse->err, "Possible here: $_.Property, texts, numbers, $true, $null, %s, -and, -or, -not and brackets.", operator_names());
    return NULL;
}

static struct str read_word(struct parse *parse)
{
    struct reader *reader = &parse->reader;
    size_t start = reader->at;
    while (isalnum((unsigned char)reader_peek(reader, 0)) || reader_peek(reader, 0) == '_') {
        reader->at++;
    }
    return (struct str){ reader->text.data + start, reader->at - start };
}

struct node *expression_node_of_json(const struct json *json)
{
    struct node *node = node_new(NODE_VALUE);
    struct buf text = BUF_INIT(OBJECT_MAX_BYTES);
    switch (json_kind(json)) {
    case JSON_NULL:
        node->value.kind = VALUE_NULL;
        break;
    case JSON_BOOL:
        node->value.kind = json_bool(json, false) ? VALUE_TRUE : VALUE_FALSE;
        break;
    case JSON_NUMBER:
    case JSON_STRING:
        node->value.kind = json_kind(json) == JSON_NUMBER ? VALUE_NUMBER : VALUE_STRING;
        buf_add(&text, json_string(json));
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        node->value.kind = VALUE_NESTED;
        json_print(json, false, &text);
        break;
    }
    node->own = buf_take(&text);
    node->value.text = str_of(node->own);
    return node;
}

static struct node *node_of_moment(int64_t moment)
{
    char iso[21];
    clock_iso(moment, iso);
    struct json *json = json_new_string(str_of(iso));
    struct node *node = expression_node_of_json(json);
    json_free(json);
    return node;
}

/* .Name.'Other Name': methods would have to be run, so they are refused. */
static bool read_path(struct parse *parse, struct node *node)
{
    struct reader *reader = &parse->reader;
    while (reader_peek(reader, 0) == '.') {
        size_t at = ++reader->at;
        struct json *quoted = NULL;
        if (literal_at_quote(reader) && !literal_read_quoted(reader, &quoted, parse->err)) {
            return false;
        }
        struct str name = quoted ? json_string(quoted) : read_word(parse);
        bool good = name.len > 0 && node->path_length < PATH_MOST;
        if (good) {
            node->path[node->path_length++] = str_dup(name);
        }
        json_free(quoted);
        if (!good) {
            return refuse(parse, at, "a property's name is expected behind the dot") != NULL;
        }
        if (reader_peek(reader, 0) == '(') {
            return refuse(parse, at, "methods are not known here; -like, -match and -eq do most of their work") != NULL;
        }
    }
    return true;
}

static struct node *read_dollar(struct parse *parse)
{
    struct reader *reader = &parse->reader;
    size_t at = reader->at++;
    struct str name = read_word(parse);
    if (!str_is(name, "_") && !str_is_nocase(name, "PSItem")) {
        struct literal literal = { 0 };
        reader->at = at;
        if (!literal_read(reader, &literal, parse->err)) {
            return NULL;
        }
        struct node *node = expression_node_of_json(literal.json);
        json_free(literal.json);
        return node;
    }
    struct node *node = node_new(NODE_OBJECT);
    if (!read_path(parse, node)) {
        expression_node_free(node);
        return NULL;
    }
    node->kind = node->path_length ? NODE_PROPERTY : NODE_OBJECT;
    return node;
}

static struct node *read_operand(struct parse *parse);
static struct node *read_literal(struct parse *parse);

/* [math]::Round($_.Size): the place is the type's. */
static struct node *refuse_method(struct parse *parse)
{
    reader_fail(&parse->reader, parse->reader.at, parse->err, "methods of .NET are not known here");
    err_advise(parse->err, "Put out the property as it is; sizes and dates compare and sort by what they mean.");
    return NULL;
}

/* What is cast is no literal: a property, or something in brackets. */
static bool casts_expression(struct reader ahead)
{
    while (!reader_end(&ahead) && reader_peek(&ahead, 0) != ']') {
        ahead.at++;
    }
    ahead.at++;
    reader_skip(&ahead, true);
    struct str rest = str_from(ahead.text, ahead.at);
    return str_starts(rest, STR("$_")) || str_starts_nocase(rest, STR("$PSItem")) || str_starts(rest, STR("("));
}

/* Of a property the cast changes nothing, since values are compared by what they hold; a literal is converted. */
static struct node *read_cast(struct parse *parse)
{
    static const char *const types[] = { "datetime", "string", "int", "int32", "int64", "long", "double", "bool", "guid", "timespan" };
    struct reader *reader = &parse->reader;
    int64_t moment;
    if (literal_at_clock(reader)) {
        return literal_read_moment(reader, &moment, parse->err) ? node_of_moment(moment) : NULL;
    }
    if (literal_at_bytes(reader)) {
        return refuse_method(parse);
    }
    if (!casts_expression(*reader)) {
        return read_literal(parse);
    }
    size_t at = reader->at++, found = 0;
    struct str type = read_word(parse);
    while (found < sizeof types / sizeof *types && !str_is_nocase(type, types[found])) {
        found++;
    }
    if (found == sizeof types / sizeof *types || reader_peek(reader, 0) != ']' || parse->depth >= NESTING_MOST) {
        return refuse(parse, at, "of casts only [datetime], [timespan], [string], [int], [long], [double], [bool] and [guid] are known");
    }
    reader->at++;
    parse->depth++;
    struct node *node = read_operand(parse);
    parse->depth--;
    return node;
}

static struct node *read_condition(struct parse *parse);

static struct node *read_bracket(struct parse *parse)
{
    struct reader *reader = &parse->reader;
    size_t at = reader->at++;
    int64_t moment;
    reader_skip(reader, true);
    if (literal_at_word(reader, "Get-Date")) {
        return literal_read_moment(reader, &moment, parse->err) ? node_of_moment(moment) : NULL;
    }
    if (literal_at_word(reader, "Get-Content") || literal_at_word(reader, "gc")) {
        reader->at = at;
        return read_literal(parse);
    }
    struct node *node = read_condition(parse);
    reader_skip(reader, true);
    if (node && reader_peek(reader, 0) != ')') {
        expression_node_free(node);
        return refuse(parse, at, "the bracket that opens here is never closed");
    }
    reader->at += node != NULL;
    return node;
}

static bool is_statement(struct str word)
{
    static const char *const words[] = { "if", "else", "for", "foreach", "while", "do", "switch", "return", "try", "throw", "break", "continue" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_is_nocase(word, words[i])) {
            return true;
        }
    }
    return false;
}

/* A bare word stands for a property to some and for a text to others: both are said. */
static struct node *refuse_literal(struct parse *parse, size_t at)
{
    struct reader *reader = &parse->reader;
    size_t end = reader->at;
    reader->at = at;
    struct str word = isalpha((unsigned char)reader_peek(reader, 0)) ? read_word(parse) : STR("");
    struct err inner = parse->err ? *parse->err : (struct err){ 0 };
    if (is_statement(word)) {
        reader_fail(reader, at, parse->err, "there are no branches and loops in a block");
        err_advise(parse->err, "Where-Object { ... } chooses objects, ForEach-Object { Get-X -Y $_.Name } runs a cmdlet for each.");
    } else if (word.len && reader->at == end && strstr(inner.text, "needs quotes")) {
        reader_fail(reader, at, parse->err, "a bare word is neither a property nor a text");
        err_advise(parse->err, "The property is $_.%.*s, the text '%.*s'.", STR_ARG(str_take(word, 60)), STR_ARG(str_take(word, 60)));
    } else if (parse->err) {
        err_advise(parse->err, "%s", *inner.advice ? inner.advice : "A property is written $_.Name.");
    }
    reader->at = end;
    return NULL;
}

/* Texts, numbers and lists of them, read as in an expression: a bare word is none. */
static struct node *read_literal(struct parse *parse)
{
    struct reader *reader = &parse->reader;
    struct literal literal = { 0 };
    size_t at = reader->at;
    reader->depth++;
    bool good = literal_read(reader, &literal, parse->err);
    reader->depth--;
    if (!good) {
        return refuse_literal(parse, at);
    }
    struct node *node = expression_node_of_json(literal.json);
    json_free(literal.json);
    return node;
}

static struct node *read_operand(struct parse *parse)
{
    struct reader *reader = &parse->reader;
    reader_skip(reader, true);
    char c = reader_peek(reader, 0);
    switch (c) {
    case '\0':
        return refuse(parse, reader->at, "a value is expected here");
    case '$':
        return read_dollar(parse);
    case '(':
        return read_bracket(parse);
    case '[':
        return read_cast(parse);
    default:
        return read_literal(parse);
    }
}

/* The name of an operator that stands here, without its dash; empty when there is none. */
static struct str peek_operator(struct parse *parse, size_t *length)
{
    struct reader *reader = &parse->reader;
    reader_skip(reader, true);
    size_t dash = reader_dash(reader), at = reader->at;
    if (dash == 0 || !isalpha((unsigned char)reader_peek(reader, dash))) {
        return STR("");
    }
    reader->at += dash;
    struct str name = read_word(parse);
    *length = reader->at - at;
    reader->at = at;
    return name;
}

static struct node *read_unary(struct parse *parse);

static struct node *read_comparison(struct parse *parse)
{
    struct node *left = read_unary(parse), *node = NULL;
    enum operator operator;
    bool exact_case;
    size_t length = 0, at;
    struct str name = left ? peek_operator(parse, &length) : STR("");
    if (!left || !name.len || !operator_by_name(name, &operator, &exact_case)) {
        return left;
    }
    parse->reader.at += length;
    reader_skip(&parse->reader, true);
    at = parse->reader.at;
    struct node *right = read_unary(parse);
    if (right) {
        node = node_new(NODE_COMPARISON);
        node->left = left;
        node->right = right;
        node->comparison = comparison_new(operator, exact_case, right->kind == NODE_VALUE ? &right->value : NULL, parse->err);
        bool expression = operator == OPERATOR_MATCH || operator == OPERATOR_NOTMATCH;
        if (!node->comparison || (expression && right->kind != NODE_VALUE)) {
            struct err inner = parse->err ? *parse->err : (struct err){ 0 };
            reader_fail(&parse->reader, at, parse->err, "%s", node->comparison ? "-match takes a text" : inner.text);
            err_advise(parse->err, "%s", inner.advice);
            expression_node_free(node);
            return NULL;
        }
        return node;
    }
    expression_node_free(left);
    return node;
}

/* -not binds to the value behind it, and not to the comparison: -not $_.A -eq 'x' is (-not $_.A) -eq 'x'. */
static struct node *read_unary(struct parse *parse)
{
    struct reader *reader = &parse->reader;
    size_t length = 0;
    bool word = str_is_nocase(peek_operator(parse, &length), "not");
    if (!word && reader_peek(reader, 0) != '!') {
        return read_operand(parse);
    }
    if (parse->depth >= NESTING_MOST) {
        return refuse(parse, reader->at, "the expression is nested too deep");
    }
    reader->at += word ? length : 1;
    parse->depth++;
    struct node *inner = read_unary(parse), *node = inner ? node_new(NODE_NOT) : NULL;
    parse->depth--;
    if (node) {
        node->left = inner;
    }
    return node;
}

static bool joins(struct str name, enum node_kind *kind)
{
    static const struct { const char *name; enum node_kind kind; } words[] = {
        { "and", NODE_AND }, { "or", NODE_OR }, { "xor", NODE_XOR },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_is_nocase(name, words[i].name)) {
            *kind = words[i].kind;
            return true;
        }
    }
    return false;
}

static struct node *read_condition(struct parse *parse)
{
    if (++parse->depth > NESTING_MOST) {
        return refuse(parse, parse->reader.at, "the expression is nested too deep");
    }
    struct node *left = read_comparison(parse);
    enum node_kind kind;
    size_t length = 0;
    while (left && joins(peek_operator(parse, &length), &kind)) {
        parse->reader.at += length;
        struct node *right = read_comparison(parse), *node = right ? node_new(kind) : NULL;
        if (!node) {
            expression_node_free(left);
            left = NULL;
            break;
        }
        node->left = left;
        node->right = right;
        left = node;
    }
    parse->depth--;
    return left;
}

/* Line ends and blanks in front, so that a place in the block is the place in the line it came from. */
static char *padded(const struct json *block)
{
    struct buf text = BUF_INIT(BUF_LARGE);
    int64_t line = 1, column = 1;
    bool placed = json_int64(json_get(block, BLOCK_LINE), &line) && json_int64(json_get(block, BLOCK_COLUMN), &column);
    buf_repeat(&text, '\n', placed && line > 0 ? (size_t)line - 1 : 0);
    buf_repeat(&text, ' ', placed && column > 0 ? (size_t)column - 1 : 0);
    buf_add(&text, json_string(json_get(block, BLOCK_TEXT)));
    return buf_take(&text);
}

struct expression *expression_new(const struct json *block, struct err *err)
{
    char *text = padded(block);
    struct parse parse = { .reader = reader_of(str_of(text)), .err = err };
    reader_skip(&parse.reader, true);
    struct node *root = reader_end(&parse.reader) ? refuse(&parse, parse.reader.at, "the block is empty") : read_condition(&parse);
    if (root) {
        reader_skip(&parse.reader, true);
        if (!reader_end(&parse.reader)) {
            refuse(&parse, parse.reader.at, "this is not understood here");
            expression_node_free(root);
            root = NULL;
        }
    }
    free(text);
    if (!root) {
        return NULL;
    }
    struct expression *expression = MEM_NEW(struct expression);
    expression->root = root;
    return expression;
}

struct expression *expression_of_property(struct str path)
{
    struct expression *expression = MEM_NEW(struct expression);
    struct node *node = node_new(NODE_PROPERTY);
    struct str name;
    for (bool more = true; more && node->path_length < PATH_MOST;) {
        more = str_cut(&path, '.', &name);
        node->path[node->path_length++] = str_dup(name);
    }
    expression->root = node;
    return expression;
}

void expression_free(struct expression *expression)
{
    if (expression) {
        expression_node_free(expression->root);
        free(expression);
    }
}
