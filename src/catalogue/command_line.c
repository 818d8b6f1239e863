/* One pass over the line gathers named parameters and loose values; only when all names are known can the loose values find
   their positions, since the parameter set decides who has which. Every refusal names the column, because the same line
   may come from a script where no cursor stands. */
#include "catalogue/command_line.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "catalogue/common_parameters.h"
#include "catalogue/literal.h"
#include "catalogue/parameter_sets.h"
#include "catalogue/value.h"

#define ARGUMENTS_MOST 512

/* A value without a name, kept until the named ones have said which parameter sets are left. */
struct loose {
    struct literal literal;
    size_t at;
};

struct parse {
    struct reader *reader;
    const struct cmdlet *cmdlet;
    struct invocation *invocation;
    const struct parameter *taken[ARGUMENTS_MOST];
    bool from_file[ARGUMENTS_MOST];     /* of taken: splatted, so that a typed one wins */
    bool splatting;
    size_t taken_count;
    uint64_t sets;
    struct loose loose[ARGUMENTS_MOST];
    size_t loose_count;
};

static bool at_line_end(const struct reader *reader)
{
    char c = reader_peek(reader, 0);
    return reader_end(reader) || c == '\n' || c == '\r';
}

static bool ends_parameter_name(char c)
{
    return !(isalnum((unsigned char)c) || c == '_');
}

/* "-Name" stands here: a dash and a letter. A dash and a digit are a negative number. */
static bool at_parameter(const struct reader *reader)
{
    size_t dash = reader_dash(reader);
    char c = reader_peek(reader, dash);
    return dash > 0 && (isalpha((unsigned char)c) || c == '_');
}

/* Half of a pipeline must never run: what stands before the bar could be all the objects there are. */
static bool refuse_operator(const struct reader *reader, struct err *err)
{
    char c = reader_peek(reader, 0);
    reader_fail(reader, reader->at, err, "'%c' cannot stand here: one cmdlet is expected", c);
    err_advise(err, c == '|' ? "Pipelines go on the : line, or to purvey run."
                             : "Put each cmdlet on a line of its own; text with such a character needs quotes.");
    return false;
}

static bool read_literal(struct parse *parse, struct literal *literal, struct err *err)
{
    return literal_read(parse->reader, literal, err);
}

static bool needs_value(const struct parse *parse, size_t at, const char *name, struct err *err)
{
    reader_fail(parse->reader, at, err, "-%s needs a value", name);
    err_field(err, name);
    return false;
}

/* -Switch, -Switch:$false; a value after a blank is not the switch's. */
static bool read_switch(struct parse *parse, const char *name, bool colon, bool *on, struct err *err)
{
    size_t at = parse->reader->at;
    struct literal literal = { 0 };
    *on = true;
    if (!colon)
        return true;
    if (!read_literal(parse, &literal, err))
        return false;
    int64_t number;
    bool numbered = json_int64(literal.json, &number);
    bool good = json_kind(literal.json) == JSON_BOOL || numbered;
    *on = numbered ? number != 0 : json_bool(literal.json, false);
    json_free(literal.json);
    if (good)
        return true;
    reader_fail(parse->reader, at, err, "-%s is a switch: it takes only $true or $false after the colon", name);
    err_field(err, name);
    return false;
}

/* After a colon even something that looks like a parameter is the value. */
static bool value_follows(struct parse *parse, bool colon)
{
    if (!colon)
        reader_skip(parse->reader, false);
    const struct reader *reader = parse->reader;
    return !at_line_end(reader) && reader_peek(reader, 0) != '#' && (colon || !at_parameter(reader));
}

/* An error of a value gets the column in front, unless the reader has put one there already. */
static bool at_column(const struct parse *parse, size_t at, struct err *err)
{
    struct str text = str_of(err != NULL ? err->text : "");
    if (err != NULL && !str_starts(text, STR("column ")) && !str_starts(text, STR("line "))) {
        struct err inner = *err;
        reader_fail(parse->reader, at, err, "%s", inner.text);
        if (inner.advice[0] != '\0')
            err_advise(err, "%s", inner.advice);
        err_field(err, inner.field);
        err->kind = inner.kind;
    }
    return false;
}

/* Its value is checked when there is one; a password never comes out of an object. */
static bool bind_object_value(struct parse *parse, const struct parameter *parameter, struct literal *literal, size_t at, struct err *err)
{
    if (parameter_is_secret(parameter->type)) {
        json_free(literal->json);
        literal->json = NULL;
        reader_fail(parse->reader, at, err, "-%s takes a password, and no property of an object", parameter->name);
        return false;
    }
    invocation_set_block(parse->invocation, parameter->name, parameter->type, literal->json);
    invocation_place(parse->invocation, parameter->name, at);
    literal->json = NULL;
    return true;
}

/* The literal is used up, whether it fits or not. */
static bool bind(struct parse *parse, const struct parameter *parameter, struct literal *literal, size_t at, struct err *err)
{
    struct value value;
    if (parse->reader->object_values && json_get(literal->json, BLOCK_TEXT) != NULL)
        return bind_object_value(parse, parameter, literal, at, err);
    if (!value_from_literal(parameter, literal, &value, err))
        return at_column(parse, at, err);
    invocation_set(parse->invocation, parameter->name, value.kind, value.type, value.json);
    invocation_place(parse->invocation, parameter->name, at);
    return true;
}

/* Whether the parameter came out of a file, in which case it does no more: what is typed beside it wins. */
static bool overrides_file(struct parse *parse, const struct parameter *parameter)
{
    for (size_t i = 0; i < parse->taken_count && !parse->splatting; i++)
        if (parse->taken[i] == parameter && parse->from_file[i]) {
            parse->from_file[i] = false;
            return true;
        }
    return false;
}

/* Giving a parameter twice is an error in PowerShell too; silently keeping the last one would hide a typing
   mistake. */
static bool take(struct parse *parse, const struct parameter *parameter, size_t at, struct err *err)
{
    if (overrides_file(parse, parameter))
        return true;
    if (invocation_get(parse->invocation, parameter->name) != NULL) {
        reader_fail(parse->reader, at, err, "-%s is given twice", parameter->name);
        err_field(err, parameter->name);
        return false;
    }
    if (parse->taken_count >= ARGUMENTS_MOST)
        return reader_fail(parse->reader, at, err, "more than %d parameters", ARGUMENTS_MOST);
    /* Kept besides the invocation: positions are filled from what is not in this list. */
    parse->from_file[parse->taken_count] = parse->splatting;
    parse->taken[parse->taken_count++] = parameter;
    parse->sets &= sets_of(parse->cmdlet, parameter);
    return true;
}

/* A switch never takes the next word, so that "-Force x" leaves x to a position. */
static bool read_declared(struct parse *parse, const struct parameter *parameter, size_t at, bool colon, struct err *err)
{
    struct literal literal = { 0 };
    bool on;
    if (!take(parse, parameter, at, err))
        return false;
    if (parameter->type == TYPE_SWITCH) {
        if (!read_switch(parse, parameter->name, colon, &on, err))
            return false;
        invocation_set(parse->invocation, parameter->name, ARG_SWITCH, TYPE_SWITCH, json_new_bool(on));
        invocation_place(parse->invocation, parameter->name, at);
        return true;
    }
    if (!value_follows(parse, colon))
        return needs_value(parse, at, parameter->name, err);
    /* The value's own column: that is where a wrong one has to be corrected. */
    size_t value_at = parse->reader->at;
    parse->reader->block_texts = true;
    bool good = read_literal(parse, &literal, err) || at_column(parse, value_at, err);
    parse->reader->block_texts = false;
    return good && bind(parse, parameter, &literal, value_at, err);
}

/* Variables that collect output do not exist here, but their names are kept for the printed line. */
static bool read_common_text(struct parse *parse, const struct common_parameter *common, size_t at, struct err *err)
{
    struct literal literal = { 0 };
    if (!read_literal(parse, &literal, err))
        return false;
    struct str text = json_string(literal.json);
    bool good = text.len > 0 || reader_fail(parse->reader, at, err, "-%s takes a text", common->name);
    if (good && !common_parameter_settle(common, &text, err))
        good = at_column(parse, at, err);
    if (good)
        invocation_set(parse->invocation, common->name, ARG_TEXT, TYPE_STRING, json_new_string(text));
    json_free(literal.json);
    return good;
}

/* -Confirm and -WhatIf only belong to cmdlets that ask before they act; the others exist everywhere. */
static bool read_common(struct parse *parse, const struct common_parameter *common, size_t at, bool colon, struct err *err)
{
    bool on;
    if (common->needs_should_process && !parse->cmdlet->should_process)
        return reader_fail(parse->reader, at, err, "%s has no parameter -%s", parse->cmdlet->shown, common->name);
    if (invocation_get(parse->invocation, common->name) != NULL)
        return reader_fail(parse->reader, at, err, "-%s is given twice", common->name);
    if (!common->is_switch) {
        if (!value_follows(parse, colon))
            return needs_value(parse, at, common->name, err);
        return read_common_text(parse, common, at, err);
    }
    if (!read_switch(parse, common->name, colon, &on, err))
        return false;
    invocation_set(parse->invocation, common->name, ARG_SWITCH, TYPE_SWITCH, json_new_bool(on));
    return true;
}

/* Kept beside the arguments, so that no session can send it: the service would carry the cmdlet out for real (pains 4). */
static bool read_what_if(struct parse *parse, size_t at, bool colon, struct err *err)
{
    if (parse->invocation->read_only) {
        reader_fail(parse->reader, at, err, "%s changes nothing, so -WhatIf means nothing to it", parse->cmdlet->shown);
        err_field(err, "WhatIf");
        return false;
    }
    return read_switch(parse, "WhatIf", colon, &parse->invocation->what_if, err);
}

/* A beginning of several, the common ones among them: all are named, -WhatIf too. */
static bool ambiguous_common(const struct parse *parse, struct str name, struct err *err)
{
    struct buf list = BUF_INIT(BUF_SMALL);
    const struct common_parameter *common;
    size_t count = 0;
    for (size_t i = 0; name.len > 0 && i < parse->cmdlet->parameter_count; i++)
        if (str_starts_nocase(str_of(parse->cmdlet->parameters[i].name), name))
            buf_format(&list, "%s-%s", count++ > 0 ? ", " : "", parse->cmdlet->parameters[i].name);
    for (size_t i = 0; (common = common_parameter_at(i)) != NULL; i++)
        if (name.len > 0 && str_starts_nocase(str_of(common->name), name) && (!common->needs_should_process || parse->cmdlet->should_process))
            buf_format(&list, "%s-%s", count++ > 0 ? ", " : "", common->name);
    if (count > 0 && str_starts_nocase(STR("WhatIf"), name) && !parse->invocation->read_only) {
        buf_text(&list, ", -WhatIf");
        count++;
    }
    if (count > 1) {
        err_set(err, ERR_INPUT, "-%.*s is ambiguous for %s", STR_ARG(name), parse->cmdlet->shown);
        err_advise(err, "It could be %s.", buf_cstr(&list));
    }
    buf_free(&list);
    return count > 1;
}

/* The cmdlet's own parameters come first, as in PowerShell; a common one by prefix only when none of them fits. */
static bool read_parameter(struct parse *parse, struct err *err)
{
    struct reader *reader = parse->reader;
    size_t at = reader->at, start;
    struct err unknown;
    reader->at += reader_dash(reader);
    start = reader->at;
    while (!reader_end(reader) && !ends_parameter_name(reader_peek(reader, 0)))
        reader->at++;
    struct str name = { reader->text.data + start, reader->at - start };
    bool colon = reader_peek(reader, 0) == ':';
    char next = reader_peek(reader, 0);
    /* "-Name: value" and "-Name:value" are the same to PowerShell. */
    if (colon) {
        reader->at++;
        reader_skip(reader, false);
    } else if (next != '\0' && !isspace((unsigned char)next) && strchr("`|;&,", next) == NULL) {
        return reader_fail(reader, reader->at, err, "'%c' cannot be part of a parameter's name", next);
    }
    /* Both are looked up before either is chosen: a beginning may fit one of each. */
    const struct common_parameter *common = common_parameter_find(name, true);
    const struct parameter *parameter = cmdlet_parameter(parse->cmdlet, name, &unknown);
    if (is_what_if(name) && (parameter == NULL || is_what_if(str_of(parameter->name))))
        return read_what_if(parse, at, colon, err);
    /* An ambiguous beginning is told as such and never lent to a common parameter. */
    if (common == NULL && parameter == NULL && str_starts(str_of(unknown.advice), STR("It could be")) == false)
        common = common_parameter_find(name, false);
    if (parameter != NULL && (common == NULL || str_is_nocase(name, parameter->name)))
        return read_declared(parse, parameter, at, colon, err);
    if (common != NULL)
        return read_common(parse, common, at, colon, err);
    if (ambiguous_common(parse, name, err))
        return at_column(parse, at, err);
    if (err != NULL)
        *err = unknown;
    return at_column(parse, at, err);
}

static bool read_loose(struct parse *parse, struct err *err)
{
    /* The array is fixed; a line with more values than this was not typed by a person. */
    if (parse->loose_count >= ARGUMENTS_MOST)
        return reader_fail(parse->reader, parse->reader->at, err, "more than %d values", ARGUMENTS_MOST);
    struct loose *loose = &parse->loose[parse->loose_count];
    *loose = (struct loose){ .at = parse->reader->at };
    if (!read_literal(parse, &loose->literal, err))
        return false;
    parse->loose_count++;
    return true;
}

/* ---- splatting: @FILE.json ---- */

#define SPLAT_MOST ((size_t)4 * 1024 * 1024)

/* "@(", "@{" and here-strings are values; @ and a name or a quoted name is a file of parameters. */
static bool at_splat(const struct reader *reader)
{
    char next = reader_peek(reader, 1);
    return reader_peek(reader, 0) == '@' && next != '\0' && !isspace((unsigned char)next) && strchr("({'\"", next) == NULL
        && (unsigned char)next != 0xE2;
}

static bool read_file(struct str path, struct buf *text, struct err *err)
{
    char *name = str_dup(path), chunk[8192];
    FILE *file = fopen(name, "re");
    size_t got;
    if (file == NULL) {
        err_errno(err, "cannot read the parameters in %s", name);
        err_advise(err, "@FILE takes the parameters from a JSON file; there are no variables here.");
        if (err != NULL)
            err->kind = ERR_INPUT;
        free(name);
        return false;
    }
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_add(text, (struct str){ chunk, got });
    bool whole = ferror(file) == 0 && !text->overflowed;
    fclose(file);
    free(name);
    return whole || err_set(err, ERR_INPUT, "the file of parameters cannot be read to its end, or is larger than 4 MiB");
}

/* Typed in front of the file; from two files at once would be a mistake. */
static bool typed_before(const struct parse *parse, const struct parameter *parameter)
{
    for (size_t i = 0; i < parse->taken_count; i++)
        if (parse->taken[i] == parameter)
            return !parse->from_file[i];
    return false;
}

/* Values of JSON: true and false are a switch's as well as a boolean's. */
static bool bind_member(struct parse *parse, const struct json *member, size_t at, struct err *err)
{
    struct err unknown;
    const char *name = json_name(member);
    const struct common_parameter *common = common_parameter_find(str_of(name), true);
    const struct parameter *parameter = cmdlet_parameter(parse->cmdlet, str_of(name), &unknown);
    if (is_what_if(str_of(name))) {
        parse->invocation->what_if = json_bool(member, true);
        return true;
    }
    if (parameter == NULL && common != NULL) {
        struct str value = json_string(member);
        bool on = common->is_switch && json_kind(member) == JSON_BOOL;
        if (!on && (json_kind(member) != JSON_STRING || !common_parameter_settle(common, &value, err)))
            return err_set(err, ERR_INPUT, "-%s takes another value", common->name);
        invocation_set(parse->invocation, common->name, on ? ARG_SWITCH : ARG_TEXT, on ? TYPE_SWITCH : TYPE_STRING,
                       on ? json_copy(member) : json_new_string(value));
        return true;
    }
    if (parameter == NULL) {
        *err = unknown;
        return false;
    }
    if (typed_before(parse, parameter))
        return true;
    if (!take(parse, parameter, at, err))
        return false;
    if (parameter->type == TYPE_SWITCH && json_kind(member) == JSON_BOOL) {
        invocation_set(parse->invocation, parameter->name, ARG_SWITCH, TYPE_SWITCH, json_copy(member));
        return true;
    }
    struct literal literal = { .json = json_copy(member) };
    return bind(parse, parameter, &literal, at, err);
}

static bool read_splat(struct parse *parse, struct err *err)
{
    struct reader *reader = parse->reader;
    struct buf text = BUF_INIT(SPLAT_MOST);
    struct err ignored = { 0 }, inner = { 0 };
    size_t start = reader->at++;
    struct literal path = { 0 };
    bool good = literal_read(reader, &path, err);
    if (good && json_kind(path.json) != JSON_STRING)
        good = reader_fail(reader, start, err, "expected the name of a JSON file behind @");
    good = good && read_file(json_string(path.json), &text, err);
    json_free(path.json);
    if (!good)
        return at_column(parse, start, err);
    struct json *members = json_parse(buf_str(&text), &inner);
    if (json_kind(members) != JSON_OBJECT)
        good = reader_fail(reader, start, err, "the file holds no JSON object of parameters%s%s", *inner.text ? ": " : "", inner.text);
    parse->splatting = true;
    for (const struct json *member = json_first(members); good && member != NULL; member = json_next(member))
        good = bind_member(parse, member, start, err != NULL ? err : &ignored);
    parse->splatting = false;
    json_free(members);
    buf_free(&text);
    return good || at_column(parse, start, err);
}

/* A blank is wanted between arguments: 'a'b would be two values in PowerShell and one in most shells. */
static bool read_arguments(struct parse *parse, struct err *err)
{
    struct reader *reader = parse->reader;
    for (;;) {
        size_t before = reader->at;
        reader_skip(reader, false);
        char c = reader_peek(reader, 0);
        /* 2>, *>: the redirection of a stream, and no value 2. */
        bool stream = (isdigit((unsigned char)c) || c == '*') && reader_peek(reader, 1) == '>';
        if (at_line_end(reader) || stream || strchr("#|;>})", c) != NULL)
            return true;
        if (c == '&' || c == '<')
            return refuse_operator(reader, err);
        /* ?{ ... } and %{ ... }: a block needs no blank before it. */
        bool block = reader->blocks && c == '{';
        if (reader->at == before && !block)
            return reader_fail(reader, reader->at, err, "expected a blank before this");
        if (at_splat(reader) ? !read_splat(parse, err) : at_parameter(reader) ? !read_parameter(parse, err) : !read_loose(parse, err))
            return false;
    }
}

/* A block where the local cmdlets take one. */
static bool is_block(const struct json *json)
{
    return json_get(json, BLOCK_TEXT) != NULL;
}

/* An error of an argument stands at its place, one of a missing parameter at the cmdlet's (the caller's). */
static bool validate(const struct parse *parse, bool piped, struct err *err)
{
    struct err told = { 0 };
    bool good = piped ? invocation_validate_piped(parse->invocation, parse->cmdlet, &told)
                      : invocation_validate(parse->invocation, parse->cmdlet, NULL, &told);
    const struct argument *wrong = good ? NULL : invocation_get(parse->invocation, told.field);
    if (wrong != NULL && wrong->place > 0)
        at_column(parse, wrong->place - 1, &told);
    if (!good && err != NULL)
        *err = told;
    return good;
}

static bool refuse_loose(const struct parse *parse, const struct loose *loose, struct err *err)
{
    struct str text = json_string(loose->literal.json);
    if (json_kind(loose->literal.json) == JSON_BOOL)
        text = json_bool(loose->literal.json, false) ? STR("$true") : STR("$false");
    reader_fail(parse->reader, loose->at, err, "%s has no place for the value %.*s", parse->cmdlet->shown,
                STR_ARG(str_take(text.len > 0 ? text : STR("here"), 60)));
    if (is_block(loose->literal.json))
        err_advise(err, "It takes no { script block }.");
    else if (json_kind(loose->literal.json) == JSON_BOOL)
        err_advise(err, "A switch takes its value after a colon: -Switch:$false.");
    else if (str_starts(loose->literal.word, STR("`")) && str_trim(text).len == 0)
        err_advise(err, "A backquote continues a line only as its last character: there is a blank behind it.");
    else
        err_advise(err, "Name the parameter it is for; a text with blanks needs quotes.");
    return false;
}

/* A bare $true or $false is a switch's value that lost its colon; bound by position it would become an identity. The
   local cmdlets compare with it instead: Where-Object Enabled -eq $false. */
static bool bind_loose(struct parse *parse, struct err *err)
{
    for (size_t i = 0; i < parse->loose_count; i++) {
        struct loose *loose = &parse->loose[i];
        /* Each value narrows the sets before the next position is chosen. */
        const struct parameter *parameter = sets_positional(parse->cmdlet, parse->sets, parse->taken, parse->taken_count);
        bool stray = json_kind(loose->literal.json) == JSON_BOOL && !parse->reader->blocks;
        /* When the names clash already, no value has a place; that is not what is wrong. */
        if (parse->sets == 0 && !validate(parse, true, err))
            return false;
        if (parameter == NULL || stray)
            return refuse_loose(parse, loose, err);
        if (!take(parse, parameter, loose->at, err) || !bind(parse, parameter, &loose->literal, loose->at, err))
            return false;
    }
    return true;
}

struct str command_read_name(struct reader *reader)
{
    size_t start = reader->at;
    while (!reader_end(reader) && (isalnum((unsigned char)reader_peek(reader, 0)) || strchr("-_?%", reader_peek(reader, 0)) != NULL))
        reader->at++;
    return (struct str){ reader->text.data + start, reader->at - start };
}

/* Named parameters first, then the loose values, then the whole: the order in which PowerShell binds. */
struct invocation *command_read(struct reader *reader, const struct cmdlet *cmdlet, bool piped, struct err *err)
{
    struct parse *parse = MEM_NEW(struct parse);
    parse->reader = reader;
    parse->cmdlet = cmdlet;
    parse->sets = sets_all(cmdlet);
    parse->invocation = invocation_of(cmdlet);
    bool good = read_arguments(parse, err) && bind_loose(parse, err) && validate(parse, piped, err);
    struct invocation *invocation = parse->invocation;
    /* Values that found their parameter are empty by now, the others are still ours. */
    for (size_t i = 0; i < parse->loose_count; i++)
        json_free(parse->loose[i].literal.json);
    free(parse);
    if (good)
        return invocation;
    invocation_free(invocation);
    return NULL;
}

/* NUL and broken UTF-8 cannot travel as JSON text, so they stop at the door. */
static bool check_line(struct str line, struct err *err)
{
    if (line.len > COMMAND_LINE_MAX)
        return err_set(err, ERR_INPUT, "the command is longer than %zu KiB", COMMAND_LINE_MAX / 1024);
    if (line.len > 0 && (memchr(line.data, '\0', line.len) != NULL || !text_is_utf8(line)))
        return err_set(err, ERR_INPUT, "the command is not valid UTF-8 text");
    return true;
}

/* No prefixes here: a cmdlet must be meant by its whole name to be run. */
static const struct cmdlet *read_cmdlet(struct reader *reader, const struct catalogue *catalogue, struct err *err)
{
    struct parse place = { .reader = reader };
    reader_skip(reader, true);
    size_t start = reader->at;
    struct str name = command_read_name(reader);
    if (name.len == 0 && reader_end(reader))
        err_set(err, ERR_INPUT, "there is no command on this line");
    else if (name.len == 0)
        reader_fail(reader, start, err, "expected the name of a cmdlet");
    if (name.len == 0)
        return NULL;
    const struct cmdlet *cmdlet = catalogue_require(catalogue, name, err);
    if (cmdlet == NULL)
        at_column(&place, start, err);
    return cmdlet;
}

struct invocation *command_line_parse(struct str line, const struct catalogue *catalogue, struct err *err)
{
    struct reader reader = reader_of(line);
    const struct cmdlet *cmdlet = check_line(line, err) ? read_cmdlet(&reader, catalogue, err) : NULL;
    struct invocation *invocation = cmdlet != NULL ? command_read(&reader, cmdlet, false, err) : NULL;
    reader_skip(&reader, true);
    if (invocation == NULL || reader_end(&reader))
        return invocation;
    refuse_operator(&reader, err);
    invocation_free(invocation);
    return NULL;
}

/* ---- printing ---- */

/* @() around lists of none or one, which would otherwise come back as a plain value. */
static void print_list(const struct json *list, struct buf *out)
{
    if (json_count(list) < 2) {
        literal_print(list, out);
        return;
    }
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item)) {
        if (json_kind(item) == JSON_STRING)
            literal_print_text(json_string(item), true, out);
        else
            literal_print(item, out);
        if (json_next(item) != NULL)
            buf_char(out, ',');
    }
}

/* Bytes print as base64 although a path would be shorter: the file may have changed since it was read. */
static void print_bytes(const struct json *base64, struct buf *out)
{
    buf_text(out, "([System.Convert]::FromBase64String('");
    buf_add(out, json_string(base64));
    buf_text(out, "'))");
}

/* @() around none; a single one becomes a list again where one is wanted. */
static void print_bytes_list(const struct json *list, struct buf *out)
{
    buf_text(out, json_count(list) == 0 ? "@()" : "");
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item)) {
        print_bytes(item, out);
        buf_text(out, json_next(item) != NULL ? "," : "");
    }
}

static void print_value(const struct argument *argument, struct buf *out)
{
    if (argument->from_object) {
        buf_add(out, json_string(json_get(argument->value, BLOCK_TEXT)));
        return;
    }
    switch (argument->kind) {
    case ARG_TEXT:
        literal_print_text(json_string(argument->value), true, out);
        break;
    case ARG_LIST:
        print_list(argument->value, out);
        break;
    case ARG_BYTES:
        print_bytes(argument->value, out);
        break;
    case ARG_BYTES_LIST:
        print_bytes_list(argument->value, out);
        break;
    default:
        literal_print(argument->value, out);
    }
}

/* Never in a line that is shown and kept: whoever runs it again is asked again. */
static void print_secret(const struct argument *argument, struct buf *out)
{
    struct str user = json_string(json_get_nocase(argument->value, "UserName"));
    if (argument->kind == ARG_NULL) {
        buf_text(out, "$null");
    } else if (argument->type != TYPE_CREDENTIAL) {
        buf_text(out, "prompt");
    } else {
        buf_text(out, "(Get-Credential");
        buf_text(out, user.len > 0 ? " " : "");
        if (user.len > 0)
            literal_print_text(user, false, out);
        buf_char(out, ')');
    }
}

/* In the order in which the values were given, so that an edited line does not jump about. */
void command_line_print(const struct invocation *invocation, struct buf *out)
{
    buf_text(out, invocation->shown);
    for (size_t i = 0; i < invocation->count; i++) {
        const struct argument *argument = &invocation->arguments[i];
        buf_format(out, " -%s", argument->name);
        if (argument->kind == ARG_SWITCH) {
            /* A switch that is on needs no value; off must be said, because it was given. */
            buf_text(out, json_bool(argument->value, true) ? "" : ":$false");
            continue;
        }
        buf_char(out, ' ');
        if (parameter_is_secret(argument->type))
            print_secret(argument, out);
        else
            print_value(argument, out);
    }
    buf_text(out, invocation->what_if ? " -WhatIf" : "");
}
