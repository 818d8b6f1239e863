#include "pipeline/statement.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/secret.h"
#include "base/text.h"
#include "catalogue/cmdlet_copy.h"
#include "catalogue/command_line.h"
#include "catalogue/literal_cast.h"
#include "catalogue/literal_command.h"
#include "catalogue/value.h"
#include "pipeline/local.h"
#include "pipeline/local_cmdlets.h"
#include "pipeline/output.h"

#define STAGES_MOST 64
#define WORDS_MOST 256

struct parse {
    struct reader *reader;
    const struct language *language;
    struct statement *statement;
    bool ended;                 /* by an output cmdlet: only another may follow */
    bool as_list;               /* what stands alone here is long: a list, not a table */
    struct err *err;
};

/* ---- places ---- */

/* An error of a part that knows no place gets that of its stage. */
static bool at_place(struct parse *parse, size_t at)
{
    struct err *err = parse->err;
    if (err && !str_starts(str_of(err->text), STR("column ")) && !str_starts(str_of(err->text), STR("line "))) {
        struct err inner = *err;
        reader_fail(parse->reader, at, err, "%s", inner.text);
        err_advise(err, "%s", inner.advice);
        err_code(err, inner.code);
        err_field(err, inner.field);
        err->kind = inner.kind;     /* what is known and was not offered is not permitted, and no typing error */
    }
    return false;
}

static bool ends_line(const struct reader *reader)
{
    char c = reader_peek(reader, 0);
    return reader_end(reader) || c == '\n' || c == '\r' || c == '#';
}

/* PowerShell also goes on when the next line begins with the bar. */
static bool bar_on_next_line(struct reader *reader)
{
    struct reader ahead = *reader;
    reader_skip(&ahead, true);
    bool bar = reader_peek(&ahead, 0) == '|' && reader_peek(&ahead, 1) != '|';
    if (bar) {
        *reader = ahead;
    }
    return bar;
}

/* ---- Connect-IPPSSession ---- */

static void add_word(struct statement *statement, char *word)
{
    statement->words[statement->word_count++] = word;
}

static void put_value(const struct json *json, struct buf *word)
{
    if (json_kind(json) == JSON_BOOL) {
        buf_text(word, json_bool(json, false) ? "$true" : "$false");
    } else if (json_kind(json) == JSON_ARRAY) {
        for (const struct json *item = json_first(json); item; item = json_next(item)) {
            buf_add(word, json_string(item));
            buf_text(word, json_next(item) ? "," : "");
        }
    } else {
        buf_add(word, json_string(json));
    }
}

static bool read_value_word(struct parse *parse, struct buf *word)
{
    struct reader *reader = parse->reader;
    struct literal literal = { 0 };
    size_t start = reader->at;
    if (!literal_read(reader, &literal, parse->err)) {
        return false;
    }
    /* A hash table goes on as it was written: the option reads it itself. */
    if (literal.secret && json_kind(literal.json) == JSON_OBJECT) {
        struct str user = json_string(json_get(literal.json, "UserName"));
        /* A name of another kind would be taken for the password. */
        buf_add(word, memchr(user.data, '@', user.len) ? user : STR("prompt"));
    } else if (json_kind(literal.json) == JSON_OBJECT) {
        buf_add(word, (struct str){ reader->text.data + start, reader->at - start });
    } else if (literal.word.len) {
        buf_add(word, literal.word);
    } else {
        put_value(literal.json, word);
    }
    json_free_secret(literal.json);
    return true;
}

/* -Name, -Name:value, value: as a shell would have given them. */
static bool read_connect_word(struct parse *parse)
{
    struct reader *reader = parse->reader;
    struct buf word = BUF_INIT(BUF_LARGE);
    size_t dash = reader_dash(reader);
    bool value = dash == 0 || !isalpha((unsigned char)reader_peek(reader, dash));
    if (!value) {
        reader->at += dash;
        struct str name = command_read_name(reader);
        buf_format(&word, "-%.*s", STR_ARG(name));
        value = reader_peek(reader, 0) == ':';
        if (value) {
            buf_char(&word, ':');
            reader->at++;
            reader_skip(reader, false);
        }
    }
    bool good = !value || read_value_word(parse, &word);
    if (good && parse->statement->word_count >= WORDS_MOST) {
        good = reader_fail(reader, reader->at, parse->err, "more than %d arguments", WORDS_MOST);
    }
    if (good) {
        add_word(parse->statement, buf_take(&word));
    }
    secret_wipe(word.data, word.len);
    buf_free(&word);
    return good;
}

static bool read_connect(struct parse *parse)
{
    parse->statement->kind = STATEMENT_CONNECT;
    parse->statement->words = mem_array(WORDS_MOST + 1, sizeof *parse->statement->words);
    for (;;) {
        reader_skip(parse->reader, false);
        if (ends_line(parse->reader) || strchr(";|>})", reader_peek(parse->reader, 0))) {
            return true;
        }
        if (!read_connect_word(parse)) {
            return false;
        }
    }
}

/* ---- stages ---- */

static bool read_bracketed(struct parse *parse);
static bool read_variable(struct parse *parse, struct str name);

static bool read_values(struct parse *parse)
{
    struct literal literal = { 0 };
    struct reader inside = *parse->reader;
    inside.at++;
    bool content = literal_at_word(&inside, "Get-Content") || literal_at_word(&inside, "gc");
    if (reader_peek(parse->reader, 0) == '(' && isalpha((unsigned char)reader_peek(parse->reader, 1)) && !content) {
        return read_bracketed(parse);
    }
    parse->reader->depth++;
    bool good = literal_read(parse->reader, &literal, parse->err);
    parse->reader->depth--;
    if (!good) {
        return false;
    }
    struct stage *stage = pipeline_add(parse->statement->pipeline, STAGE_VALUES);
    stage->values = literal.json;
    if (json_kind(literal.json) != JSON_ARRAY) {
        stage->values = json_new_array();
        json_add(stage->values, NULL, literal.json);
    }
    return true;
}

static struct invocation *read_local_call(struct parse *parse, const char *name, bool piped)
{
    const struct cmdlet *cmdlet = catalogue_find(parse->language->local, str_of(name));
    parse->reader->blocks = true;
    struct invocation *invocation = command_read(parse->reader, cmdlet, piped, parse->err);
    parse->reader->blocks = false;
    return invocation;
}

static bool needs_input(struct parse *parse, size_t at, const char *name, bool piped)
{
    if (piped) {
        return true;
    }
    reader_fail(parse->reader, at, parse->err, "%s takes objects from the cmdlet before it", name);
    err_advise(parse->err, "Write Get-Something | %s ...", name);
    return false;
}

/* The step is made once to see that it can be made; the running one is made when the pipeline runs. */
static bool add_step(struct parse *parse, size_t at, struct invocation *invocation, bool piped)
{
    struct local local = { 0 };
    if (!needs_input(parse, at, invocation->cmdlet, piped) || !local_open(&local, invocation, parse->err)) {
        const struct argument *wrong = invocation_get(invocation, parse->err->field);
        at = wrong && wrong->place ? wrong->place - 1 : at;
        invocation_free(invocation);
        return at_place(parse, at);
    }
    local_close(&local);
    pipeline_add(parse->statement->pipeline, STAGE_LOCAL)->invocation = invocation;
    return true;
}

static bool has_worked_out(const struct json *value)
{
    bool found = json_kind(value) == JSON_OBJECT;
    for (const struct json *item = json_kind(value) == JSON_ARRAY ? json_first(value) : NULL; item && !found; item = json_next(item)) {
        found = json_kind(item) == JSON_OBJECT;
    }
    return found;
}

/* Format-Table Name, @{Label='x'; Expression={$_.Y}} is Select-Object with the same list, and a table of all of it. */
static bool select_worked_out(struct parse *parse, size_t at, struct invocation *invocation)
{
    const struct argument *property = invocation_get(invocation, "Property");
    bool formats = str_starts_nocase(str_of(invocation->cmdlet), STR("Format-"));
    if (!formats || !property || !has_worked_out(property->value)) {
        return true;
    }
    struct invocation *select = invocation_new("Select-Object");
    invocation_set(select, "Property", property->kind, property->type, json_copy(property->value));
    invocation_unset(invocation, "Property");
    return add_step(parse, at, select, true);
}

static bool add_output(struct parse *parse, size_t at, struct invocation *invocation, bool piped)
{
    bool good = needs_input(parse, at, invocation->cmdlet, piped) && select_worked_out(parse, at, invocation)
        && output_take(&parse->statement->pipeline->output, invocation, parse->err);
    invocation_free(invocation);
    parse->ended = true;
    return good || at_place(parse, at);
}

static bool add_source(struct parse *parse, size_t at, struct invocation *invocation, bool piped)
{
    struct json *values = NULL;
    if (piped) {
        reader_fail(parse->reader, at, parse->err, "%s can only stand at the beginning", invocation->cmdlet);
    } else {
        values = source_values(invocation, parse->language, parse->err);
    }
    bool help = str_is_nocase(str_of(invocation->cmdlet), "Get-Help") || str_is_nocase(str_of(invocation->cmdlet), "Get-ConnectionInformation");
    if (!values) {
        invocation_free(invocation);
        return at_place(parse, at);
    }
    struct stage *stage = pipeline_add(parse->statement->pipeline, STAGE_VALUES);
    stage->values = values;
    stage->invocation = invocation;
    parse->as_list = help;
    return true;
}

/* Where-Object A -eq 1 -and B -eq 2: the short form has one condition. */
static void advise_block(struct err *err, const char *name)
{
    bool joins = strstr(err->text, "no parameter -and ") || strstr(err->text, "no parameter -or ");
    if (joins && str_is(str_of(name), "Where-Object")) {
        err_advise(err, "Two conditions stand in a block: Where-Object { $_.A -eq 1 -and $_.B -eq 2 }");
    }
}

/* Connections are told apart by their prefix here; they have no ids that a line could carry. */
static bool take_disconnect(struct parse *parse, size_t at, struct invocation *invocation)
{
    struct statement *statement = parse->statement;
    const struct argument *prefix = invocation_get(invocation, "ModulePrefix");
    bool good = !invocation_get(invocation, "ConnectionId"), list = prefix && json_kind(prefix->value) == JSON_ARRAY;
    statement->kind = STATEMENT_DISCONNECT;
    if (prefix) {
        statement->words = mem_array(json_count(prefix->value) + 1, sizeof *statement->words);
    }
    for (const struct json *item = !prefix ? NULL : list ? json_first(prefix->value) : prefix->value; item; item = list ? json_next(item) : NULL) {
        statement->words[statement->word_count++] = str_dup(json_string(item));
    }
    invocation_free(invocation);
    if (!good) {
        reader_fail(parse->reader, at, parse->err, "a connection has no -ConnectionId here");
        err_advise(parse->err, "-ModulePrefix names one of several; without it all are ended.");
    }
    return good;
}

static bool read_local(struct parse *parse, size_t at, const char *name, enum local_kind kind, bool piped)
{
    if (parse->ended && kind != LOCAL_OUTPUT) {
        return reader_fail(parse->reader, at, parse->err, "nothing can follow here but Out-File: the objects have become text");
    }
    if (kind == LOCAL_IGNORED) {
        parse->statement->kind = STATEMENT_NOTHING;
        while (!ends_line(parse->reader) && reader_peek(parse->reader, 0) != ';') {
            parse->reader->at++;
        }
        return true;
    }
    if (kind == LOCAL_CONNECT) {
        return piped ? reader_fail(parse->reader, at, parse->err, "%s can only stand at the beginning", name) : read_connect(parse);
    }
    struct invocation *invocation = read_local_call(parse, name, piped);
    if (!invocation) {
        advise_block(parse->err, name);
        return at_place(parse, at);
    }
    switch (kind) {
    case LOCAL_STEP:
        return add_step(parse, at, invocation, piped);
    case LOCAL_OUTPUT:
        return add_output(parse, at, invocation, piped);
    case LOCAL_SOURCE:
        return add_source(parse, at, invocation, piped);
    default:
        return take_disconnect(parse, at, invocation);
    }
}

static bool is_keyword(struct str name)
{
    static const char *const keywords[] = { "if", "else", "elseif", "for", "foreach", "while", "do", "until", "switch", "function", "filter", "try", "catch",
                                            "finally", "throw", "return", "param", "begin", "process", "end", "exit", "break", "continue", "using", "class" };
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (str_is_nocase(name, keywords[i])) {
            return true;
        }
    }
    return false;
}

static bool refuse_keyword(struct parse *parse, size_t at, struct str name)
{
    reader_fail(parse->reader, at, parse->err, "'%.*s' is not possible here: there are no loops, branches and functions", STR_ARG(name));
    err_advise(parse->err, "Possible: cmdlets joined by |, Where-Object { ... } to choose, ForEach-Object Name to take a property, "
                           "ForEach-Object { Get-X -Y $_.Name } to run a cmdlet for each. A shell can do the rest.");
    return false;
}

static bool read_cmdlet(struct parse *parse, size_t at, struct str name, bool piped, bool each)
{
    struct linked meant;
    if (parse->ended) {
        return reader_fail(parse->reader, at, parse->err, "nothing can follow here but Out-File: the objects have become text");
    }
    const struct cmdlet *cmdlet = language_require(parse->language, name, &meant, parse->err);
    parse->reader->object_values = each;
    struct invocation *invocation = cmdlet ? command_read(parse->reader, cmdlet, piped && !each, parse->err) : NULL;
    parse->reader->object_values = false;
    if (!invocation) {
        return at_place(parse, at);
    }
    struct stage *stage = pipeline_add(parse->statement->pipeline, STAGE_CMDLET);
    stage->invocation = invocation;
    stage->each = each;
    stage->definition = piped ? catalogue_of_one(cmdlet) : NULL;
    stage->connection = meant.connection;
    stage->getter = invocation->what_if ? language_getter(meant.catalogue, cmdlet) : NULL;
    stage->should_process = cmdlet->should_process;
    stage->impact = cmdlet->impact;
    return true;
}

/* What a person may have meant with a $ in front, which is the commonest thing that is not here. */
static bool refuse_start(struct parse *parse, size_t at)
{
    char c = reader_peek(parse->reader, 0);
    if (c == '$') {
        static const struct { const char *name, *advice; } names[] = {
            { "$null", "What a cmdlet gives is thrown away by | Out-Null." },
            { "$ErrorActionPreference", "Give each cmdlet -ErrorAction Stop; a run stops at the first cmdlet that fails anyway." },
            { "$WarningPreference", "Give each cmdlet -WarningAction SilentlyContinue." },
            { "$ConfirmPreference", "Give each cmdlet that asks -Confirm:$false." },
            { "$", "Join the cmdlets with | instead, keep what one gives with -OutVariable NAME, or take parameters from a file: Get-X @file.json" },
        };
        size_t i = 0;
        while (!str_starts_nocase(str_from(parse->reader->text, at), str_of(names[i].name))) {
            i++;
        }
        reader_fail(parse->reader, at, parse->err, "variables are not known here");
        err_advise(parse->err, "%s", names[i].advice);
        return false;
    }
    reader_fail(parse->reader, at, parse->err, "expected the name of a cmdlet");
    err_advise(parse->err, "Possible: cmdlets joined by |, texts in quotes piped to one, comments. No functions, loops or expressions.");
    return false;
}

/* { Get-X ... }: a cmdlet of the service and no expression. *start: where its name stands. */
static bool at_cmdlet_block(const struct reader *reader, size_t *start)
{
    struct reader ahead = *reader;
    enum local_kind kind;
    reader_skip(&ahead, false);
    size_t dash = reader_dash(&ahead);
    if (dash) {
        ahead.at += dash;
        if (!str_is_nocase(command_read_name(&ahead), "Process")) {
            return false;
        }
        reader_skip(&ahead, false);
    }
    if (reader_peek(&ahead, 0) != '{') {
        return false;
    }
    ahead.at++;
    reader_skip(&ahead, true);
    if (start) {
        *start = ahead.at;
    }
    struct str name = command_read_name(&ahead);
    return name.len && isalpha((unsigned char)name.data[0]) && memchr(name.data, '-', name.len) && !local_name(name, &kind);
}

/* ForEach-Object { Get-X -Case $_.Name }: a stage as if it stood there by itself, but with values out of each object, also for
   parameters that take nothing from a pipeline. */
static bool read_each(struct parse *parse)
{
    struct reader *reader = parse->reader;
    size_t start = reader->at;
    if (!at_cmdlet_block(reader, &start)) {
        return false;
    }
    reader->at = start;
    if (!read_cmdlet(parse, start, command_read_name(reader), true, true)) {
        return false;
    }
    do {
        reader_skip(reader, true);
    } while (reader_peek(reader, 0) == ';' && ++reader->at);
    if (reader_peek(reader, 0) == '}') {
        reader->at++;
        return true;
    }
    reader_fail(reader, reader->at, parse->err, "one cmdlet is all that a block can hold: '}' is expected here");
    err_advise(parse->err, "What its objects go to stands behind the block: ... | ForEach-Object { Get-X -Y $_.Name } | Select-Object Name");
    return false;
}

/* $null | Get-X; an assignment is none. */
static bool starts_constant(const struct reader *reader)
{
    struct reader ahead = *reader;
    struct literal literal = { 0 };
    bool constant = reader_peek(reader, 0) == '$' && literal_read(&ahead, &literal, NULL);
    json_free(literal.json);
    reader_skip(&ahead, false);
    return constant && reader_peek(&ahead, 0) == '|';
}

static struct str take_member(struct reader *reader)
{
    size_t start = ++reader->at;
    while (isalnum((unsigned char)reader_peek(reader, 0)) || reader_peek(reader, 0) == '_') {
        reader->at++;
    }
    return (struct str){ reader->text.data + start, reader->at - start };
}

/* $x of an -OutVariable; $x = ... is none, nor is what PowerShell itself keeps under a name. */
static struct str variable_at(const struct reader *reader)
{
    static const char *const others[] = { "_", "PSItem", "null", "true", "false", "env", "ErrorActionPreference", "WarningPreference", "ConfirmPreference" };
    struct reader ahead = *reader;
    struct str name = STR("");
    if (reader_peek(reader, 0) == '$') {
        name = take_member(&ahead);
        reader_skip(&ahead, false);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        name = str_is_nocase(name, others[i]) ? STR("") : name;
    }
    bool ends = reader_end(&ahead) || strchr(".|;)[#\r\n", reader_peek(&ahead, 0));
    return ends ? name : STR("");
}

static bool starts_value(const struct reader *reader)
{
    char c = reader_peek(reader, 0), next = reader_peek(reader, 1);
    return literal_at_quote(reader) || isdigit((unsigned char)c) || (c == '@' && (next == '(' || next == '\'' || next == '"')) || c == '(' || starts_constant(reader);
}

static bool read_stage(struct parse *parse)
{
    struct reader *reader = parse->reader;
    struct pipeline *pipeline = parse->statement->pipeline;
    bool piped = pipeline->count > 0 || parse->ended;
    enum local_kind kind;
    reader_skip(reader, true);
    size_t at = reader->at;
    if (pipeline->count >= STAGES_MOST) {
        return reader_fail(reader, at, parse->err, "more than %d cmdlets in one pipeline", STAGES_MOST);
    }
    struct str variable = variable_at(reader);
    if (!piped && variable.len) {
        return read_variable(parse, variable);
    }
    if (!piped && starts_value(reader)) {
        return read_values(parse);
    }
    struct str name = command_read_name(reader);
    if (name.len == 0) {
        return refuse_start(parse, at);
    }
    if (name.len > 1 && name.data[0] == '-') {
        reader_fail(reader, at, parse->err, "a parameter stands at the beginning of a command");
        err_advise(parse->err, "A line goes on when the one before it ends with a backquote, and no comment is between them.");
        return false;
    }
    const char *local = local_name(name, &kind);
    /* foreach is a keyword at the beginning and an alias behind a bar. */
    if (is_keyword(name) && !(local && piped)) {
        return refuse_keyword(parse, at, name);
    }
    if (piped && local && str_is(str_of(local), "ForEach-Object") && at_cmdlet_block(reader, NULL)) {
        return read_each(parse);
    }
    return local ? read_local(parse, at, local, kind, piped) : read_cmdlet(parse, at, name, piped, false);
}

static bool add_member(struct parse *parse, size_t at, const char *cmdlet, struct str member)
{
    struct invocation *invocation = invocation_new(cmdlet);
    if (member.len) {
        invocation_set(invocation, "MemberName", ARG_TEXT, TYPE_STRING, json_new_string(member));
    }
    return add_step(parse, at, invocation, true);
}

/* .Name of what the brackets gave is that of each object, .Count at the end how many they are. */
static bool read_members(struct parse *parse)
{
    struct reader *reader = parse->reader;
    struct buf path = BUF_INIT(BUF_SMALL);
    size_t at = reader->at;
    bool good = true, counts = false;
    while (good && reader_peek(reader, 0) == '.') {
        struct str name = take_member(reader);
        counts = reader_peek(reader, 0) != '.' && (str_is_nocase(name, "Count") || str_is_nocase(name, "Length"));
        good = name.len > 0 && reader_peek(reader, 0) != '(';
        if (!good) {
            reader_fail(reader, reader->at, parse->err, "only the name of a property can stand here");
        } else if (!counts) {
            buf_format(&path, "%s%.*s", path.len ? "." : "", STR_ARG(name));
        }
    }
    good = good && (path.len == 0 || add_member(parse, at, "ForEach-Object", buf_str(&path))) &&
           (!counts || (add_member(parse, at, "Measure-Object", STR("")) && add_member(parse, at, "ForEach-Object", STR("Count"))));
    buf_free(&path);
    return good;
}

static bool refuse_number(struct parse *parse)
{
    if (reader_peek(parse->reader, 0) != '[') {
        return true;
    }
    reader_fail(parse->reader, parse->reader->at, parse->err, "elements cannot be taken by their number here");
    err_advise(parse->err, "The first is ... | Select-Object -First 1, another one -Index 2.");
    return false;
}

static bool read_variable(struct parse *parse, struct str name)
{
    pipeline_add(parse->statement->pipeline, STAGE_VALUES)->variable = str_dup(name);
    parse->reader->at += 1 + name.len;
    return read_members(parse) && refuse_number(parse);
}

/* (Get-X | ...).Name: the pipeline in the brackets, and a property of what it gives. */
static bool read_bracketed(struct parse *parse)
{
    struct reader *reader = parse->reader;
    size_t start = reader->at;
    char c;
    do {
        reader->at++;
        if (!read_stage(parse)) {
            return false;
        }
        reader_skip(reader, true);
        c = reader_peek(reader, 0);
    } while (c == '|' && reader_peek(reader, 1) != '|');
    if (c != ')' || parse->ended || parse->statement->kind != STATEMENT_PIPELINE) {
        reader_fail(reader, c == ')' ? start : reader->at, parse->err, c == ')' ? "only cmdlets that give objects can stand in brackets" : "expected ')'");
        return false;
    }
    reader->at++;
    return read_members(parse) && refuse_number(parse);
}

/* > FILE and >> FILE: Out-File, written shorter. */
static bool read_redirection(struct parse *parse)
{
    struct reader *reader = parse->reader;
    struct pipeline_output *output = &parse->statement->pipeline->output;
    struct literal path = { 0 };
    size_t at = reader->at++;
    bool append = reader_peek(reader, 0) == '>';
    reader->at += append;
    reader_skip(reader, false);
    if (output->path || ends_line(reader)) {
        return reader_fail(reader, at, parse->err, output->path ? "the result goes to a file already" : "expected the name of a file behind >");
    }
    if (!literal_read(reader, &path, parse->err)) {
        return false;
    }
    struct str name = path.word.len ? path.word : json_string(path.json);
    output->path = name.len ? str_dup(name) : NULL;
    output->append = append;
    json_free(path.json);
    return output->path || reader_fail(reader, at, parse->err, "expected the name of a file behind >");
}

/* 2>$null, 3>&1, *>all.txt: warnings and errors are no objects here. */
static bool at_stream(const struct reader *reader)
{
    char c = reader_peek(reader, 0);
    return (isdigit((unsigned char)c) || c == '*') && reader_peek(reader, 1) == '>';
}

static bool refuse_stream(struct parse *parse)
{
    reader_fail(parse->reader, parse->reader->at, parse->err, "only the objects can go to a file here, not the streams of warnings and errors");
    err_advise(parse->err, "-ErrorAction and -WarningAction SilentlyContinue hide them; the shell's 2> takes what purvey run writes of them.");
    return false;
}

/* After a stage: true with *more when another one follows. */
static bool read_joint(struct parse *parse, bool *more)
{
    struct reader *reader = parse->reader;
    reader_skip(reader, false);
    if (at_stream(reader)) {
        return refuse_stream(parse);
    }
    while (reader_peek(reader, 0) == '>') {
        if (!read_redirection(parse)) {
            return false;
        }
        reader_skip(reader, false);
    }
    char c = reader_peek(reader, 0);
    *more = c == '|' || (ends_line(reader) && !reader_end(reader) && bar_on_next_line(reader));
    if (*more) {
        if (reader_peek(reader, 1) == '|' || parse->statement->kind != STATEMENT_PIPELINE) {
            return reader_fail(reader, reader->at, parse->err, "nothing can be piped here");
        }
        reader->at++;
        return true;
    }
    if (ends_line(reader) || c == ';') {
        reader->at += c == ';';
        return true;
    }
    return !literal_refuse_operator(reader, parse->err) && reader_fail(reader, reader->at, parse->err, "'%c' was not expected here", c);
}

static bool read_whole(struct parse *parse)
{
    bool more = true;
    while (more) {
        if (!read_stage(parse) || !read_joint(parse, &more)) {
            return false;
        }
    }
    struct pipeline *pipeline = parse->statement->pipeline;
    if (parse->as_list && pipeline->count == 1 && pipeline->output.form == OUTPUT_AS_ASKED) {
        pipeline->output.form = OUTPUT_LIST;
    }
    return true;
}

/* A single call is kept as it is understood; a line of several as it was typed. One that connects may hold secrets. */
static void set_text(struct statement *statement, struct str typed)
{
    struct pipeline *pipeline = statement->pipeline;
    bool single = pipeline->count == 1 && pipeline->stages[0].kind == STAGE_CMDLET && pipeline->output.form == OUTPUT_AS_ASKED && !pipeline->output.path;
    if (statement->kind == STATEMENT_CONNECT) {
        pipeline->text = mem_text("Connect-IPPSSession");
    } else if (single) {
        struct buf line = BUF_INIT(BUF_LARGE);
        command_line_print(pipeline->stages[0].invocation, &line);
        pipeline->text = buf_take(&line);
    } else {
        pipeline->text = str_dup(typed);
    }
}

struct statement *statement_read(struct reader *reader, const struct language *language, struct err *err)
{
    for (reader_skip(reader, true); reader_peek(reader, 0) == ';'; reader_skip(reader, true)) {
        reader->at++;
    }
    if (reader_end(reader)) {
        return NULL;
    }
    struct err ignored = { 0 };
    struct parse parse = { .reader = reader, .language = language, .statement = MEM_NEW(struct statement), .err = err ? err : &ignored };
    size_t start = reader->at;
    parse.statement->pipeline = pipeline_new();
    if (!read_whole(&parse)) {
        statement_free(parse.statement);
        return NULL;
    }
    struct str text = str_trim((struct str){ reader->text.data + start, reader->at - start });
    while (text.len && text.data[text.len - 1] == ';') {
        text = str_trim(str_take(text, text.len - 1));
    }
    set_text(parse.statement, text);
    return parse.statement;
}

void statement_free(struct statement *statement)
{
    if (!statement) {
        return;
    }
    for (size_t i = 0; i < statement->word_count; i++) {
        secret_wipe(statement->words[i], strlen(statement->words[i]));
        free(statement->words[i]);
    }
    free(statement->words);
    pipeline_free(statement->pipeline);
    free(statement);
}

bool statement_text_good(struct str text, struct err *err)
{
    if (text.len > STATEMENT_TEXT_MOST) {
        return err_set(err, ERR_INPUT, "the text is longer than %zu MiB", STATEMENT_TEXT_MOST >> 20);
    }
    bool good = text.len == 0 || (!memchr(text.data, '\0', text.len) && text_is_utf8(text));
    return good || err_set(err, ERR_INPUT, "the text is not valid UTF-8");
}

struct statement *statement_of_line(struct str line, const struct language *language, struct err *err)
{
    struct reader reader = reader_of(line);
    struct err first = { 0 };
    struct statement *statement = statement_text_good(line, &first) ? statement_read(&reader, language, &first) : NULL;
    if (!statement && first.kind == ERR_NONE) {
        err_set(&first, ERR_INPUT, "there is no command on this line");
    }
    reader_skip(&reader, true);
    if (statement && !reader_end(&reader)) {
        reader_fail(&reader, reader.at, &first, "a second statement: one at a time here");
        err_advise(&first, "Run them one after the other; purvey run --file takes a whole script.");
        statement_free(statement);
        statement = NULL;
    }
    if (!statement && err) {
        *err = first;
    }
    return statement;
}

struct pipeline *statement_pipeline(struct str line, const struct language *language, struct err *err)
{
    struct statement *statement = statement_of_line(line, language, err);
    struct pipeline *pipeline = NULL;
    if (statement && statement->kind != STATEMENT_PIPELINE) {
        err_set(err, ERR_INPUT, "%s cannot be used here", statement->pipeline->text);
    } else if (statement) {
        pipeline = statement->pipeline;
        statement->pipeline = NULL;
    }
    statement_free(statement);
    return pipeline;
}
