/* What was learned goes into the catalogue at once and into a file of JSON lines, one for each parameter. The file is only
   a convenience: whatever is wrong with it, the connection goes on without. */
#include "catalogue/learned_values.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/private_file.h"

#define FILE_MAX ((size_t)256 * 1024)       /* the oldest lines go first */
#define NAME_LONGEST 64

/* ---- into the catalogue ---- */

static struct cmdlet *find_cmdlet(struct catalogue *catalogue, struct str name)
{
    const struct cmdlet *found = catalogue_find(catalogue, name);
    return found ? &catalogue->cmdlets[found - catalogue->cmdlets] : NULL;
}

static struct parameter *find_parameter(struct cmdlet *cmdlet, struct str name)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        if (str_is_nocase(name, cmdlet->parameters[i].name))
            return &cmdlet->parameters[i];
    return NULL;
}

/* What the module file says itself stays, and a number does not become a choice. */
static bool may_learn(const struct parameter *parameter)
{
    bool open = parameter->value_count == 0 || parameter->values_from != VALUES_OF_MODULE;
    return open && (parameter->type == TYPE_UNTYPED || parameter->type == TYPE_STRING || parameter->type == TYPE_STRING_LIST
                    || parameter->type == TYPE_OBJECT_LIST);
}

static bool has_value(const struct parameter *parameter, struct str name)
{
    for (size_t i = 0; i < parameter->value_count; i++)
        if (str_is_nocase(name, parameter->values[i]))
            return true;
    return false;
}

static bool says_nothing_new(const struct parameter *parameter, const struct learned_text *learned)
{
    for (size_t i = 0; i < learned->count; i++)
        if (!has_value(parameter, learned->names[i]))
            return false;
    return !learned->whole || parameter->value_count == learned->count;
}

static void forget_values(struct parameter *parameter)
{
    for (size_t i = 0; i < parameter->value_count; i++)
        free(parameter->values[i]);
    free(parameter->values);
    parameter->values = NULL;
    parameter->value_count = 0;
}

/* $null and its like are PowerShell's and in no list of the service's, but they go on working. */
static void keep_dollars(const struct parameter *parameter, struct learned_text *learned)
{
    for (size_t i = 0; i < parameter->value_count && learned->count < LEARNED_NAMES_MAX; i++)
        if (parameter->values[i][0] == '$')
            learned->names[learned->count++] = str_of(parameter->values[i]);
}

/* A whole list takes the place of what was known; a part of one is added to it. Neither closes the parameter: a value that
   the service takes since then would be refused here for ever, with nobody to teach a better list. */
static bool teach(struct parameter *parameter, struct learned_text learned)
{
    if (learned.whole)
        keep_dollars(parameter, &learned);
    if (says_nothing_new(parameter, &learned))
        return false;
    size_t kept = learned.whole ? 0 : parameter->value_count;
    char **values = mem_array(kept + learned.count, sizeof *values);
    size_t count = 0;
    for (; count < kept; count++)
        values[count] = mem_text(parameter->values[count]);
    for (size_t i = 0; i < learned.count; i++)
        if (learned.whole || !has_value(parameter, learned.names[i]))
            values[count++] = str_dup(learned.names[i]);
    forget_values(parameter);
    parameter->values = values;
    parameter->value_count = count;
    parameter->values_closed = false;
    parameter->values_from = VALUES_LEARNED;
    return true;
}

/* ---- the file ---- */

/* Names out of a file are held to what the reader of texts accepts. */
static bool is_name(struct str name)
{
    if (name.len == 0 || name.len > NAME_LONGEST)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.$", name.data[i]) == NULL
            || name.data[i] == '\0')
            return false;
    return true;
}

char *learned_values_place(const char *tenant)
{
    /* A GUID or a domain; it comes out of a token, so no slash of it may lead elsewhere. */
    if (!is_name(str_of(tenant)))
        return NULL;
    char *name = mem_format("learned-%s", tenant), *path = private_file_place(name);
    free(name);
    return path;
}

/* ---- its lines ---- */

static void apply_line(struct catalogue *catalogue, const struct json *line)
{
    struct learned_text learned = { .whole = json_bool(json_get(line, "whole"), false) };
    struct cmdlet *cmdlet = find_cmdlet(catalogue, json_string(json_get(line, "cmdlet")));
    struct parameter *parameter = cmdlet ? find_parameter(cmdlet, json_string(json_get(line, "parameter"))) : NULL;
    if (!parameter || !may_learn(parameter))
        return;
    for (const struct json *value = json_first(json_get(line, "values")); value; value = json_next(value))
        if (learned.count < LEARNED_NAMES_MAX && is_name(json_string(value)))
            learned.names[learned.count++] = json_string(value);
    if (learned.count > 0)
        teach(parameter, learned);
}

static bool is_about(struct str line, const char *cmdlet, const char *parameter)
{
    struct json *json = json_parse(line, NULL);
    bool same = str_is_nocase(json_string(json_get(json, "cmdlet")), cmdlet)
        && str_is_nocase(json_string(json_get(json, "parameter")), parameter);
    json_free(json);
    return same;
}

static void print_line(const struct cmdlet *cmdlet, const struct parameter *parameter, bool whole, struct buf *out)
{
    struct json *line = json_new_object(), *values = json_new_array();
    json_add_text(line, "cmdlet", cmdlet->name);
    json_add_text(line, "parameter", parameter->name);
    for (size_t i = 0; i < parameter->value_count; i++)
        json_add(values, NULL, json_new_string(str_of(parameter->values[i])));
    json_add(line, "values", values);
    json_add(line, "whole", json_new_bool(whole));
    json_print(line, false, out);
    buf_char(out, '\n');
    json_free(line);
}

/* The newest lesson stands last; of the old ones those stay that fit. Two at once may lose one: it is learned again. */
static void keep(const char *path, const struct cmdlet *cmdlet, const struct parameter *parameter, bool whole)
{
    struct buf old = BUF_INIT(FILE_MAX), fresh = BUF_INIT(2 * FILE_MAX);
    private_file_read(path, &old, NULL);
    struct str rest = buf_str(&old), line;
    while (rest.len > 0) {
        str_cut(&rest, '\n', &line);
        if (line.len > 0 && !is_about(line, cmdlet->name, parameter->name))
            buf_format(&fresh, "%.*s\n", STR_ARG(line));
    }
    print_line(cmdlet, parameter, whole, &fresh);
    struct str text = buf_str(&fresh);
    while (text.len > FILE_MAX)
        str_cut(&text, '\n', &line);
    private_file_write(path, text);
    buf_free(&old);
    buf_free(&fresh);
}

void learned_values_read(struct catalogue *catalogue, struct str text)
{
    struct str line;
    while (text.len > 0) {
        str_cut(&text, '\n', &line);
        struct json *json = json_parse(line, NULL);
        apply_line(catalogue, json);
        json_free(json);
    }
}

void learned_values_use(struct catalogue *catalogue, const char *path)
{
    struct buf text = BUF_INIT(FILE_MAX);
    free(catalogue->learned_path);
    catalogue->learned_path = mem_text(path);
    if (path)
        private_file_read(path, &text, NULL);
    learned_values_read(catalogue, buf_str(&text));
    buf_free(&text);
}

/* ---- from a refusal ---- */

/* The first quoted word, or word with a dash, that is a parameter of the cmdlet, in any language. */
static struct parameter *parameter_in_text(struct cmdlet *cmdlet, struct str text)
{
    for (size_t at = 1; at < text.len; at++) {
        unsigned char before = (unsigned char)text.data[at - 1];
        if (before != '\'' && before != '"' && before != '-' && before < 0x80)
            continue;
        size_t length = 0;
        while (at + length < text.len && strchr("'\" ,.:;)", text.data[at + length]) == NULL
               && (unsigned char)text.data[at + length] < 0x80)
            length++;
        struct parameter *parameter = find_parameter(cmdlet, (struct str){ text.data + at, length });
        if (parameter)
            return parameter;
    }
    return NULL;
}

bool known_values_learn(struct catalogue *catalogue, struct str cmdlet_name, struct str parameter_name, struct str text)
{
    struct learned_text learned;
    struct cmdlet *cmdlet = find_cmdlet(catalogue, cmdlet_name);
    struct parameter *parameter = cmdlet && parameter_name.len > 0 ? find_parameter(cmdlet, parameter_name) : NULL;
    if (cmdlet && !parameter)
        parameter = parameter_in_text(cmdlet, text);
    if (!parameter || !may_learn(parameter) || !learned_text_read(text, &learned) || !teach(parameter, learned))
        return false;
    if (catalogue->learned_path)
        keep(catalogue->learned_path, cmdlet, parameter, learned.whole);
    return true;
}
