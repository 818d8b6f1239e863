/* Cmdlets that answer from what is known here: the catalogue and the connections. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/wildcard.h"
#include "catalogue/known_cmdlets.h"
#include "catalogue/literal_bytes.h"
#include "catalogue/syntax.h"
#include "pipeline/local.h"
#include "pipeline/local_cmdlets.h"
#include "pipeline/statement.h"

static void add_text(struct json *object, const char *name, struct str text)
{
    json_add(object, name, json_new_string(text));
}

/* ---- Get-Command ---- */

static bool fits(struct str pattern, struct str text)
{
    return pattern.len == 0 || wildcard_matches(pattern, text, false);
}

static bool has_parameter(const struct cmdlet *cmdlet, struct str pattern)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        if (fits(pattern, str_of(cmdlet->parameters[i].name))) {
            return true;
        }
    }
    return pattern.len == 0;
}

static void add_command(struct json *array, const struct cmdlet *cmdlet, const char *source)
{
    struct json *object = json_new_object();
    add_text(object, "CommandType", STR("Function"));
    add_text(object, "Name", str_of(cmdlet->shown));
    add_text(object, "Source", str_of(source));
    add_text(object, "Area", str_of(cmdlet->area));
    json_add(object, "Parameters", json_new_int((int64_t)cmdlet->parameter_count));
    json_add(array, NULL, object);
}

static void add_commands(struct json *array, const struct catalogue *catalogue, const struct invocation *invocation, const char *source)
{
    struct str name = local_text(invocation, "Name"), verb = local_text(invocation, "Verb"), noun = local_text(invocation, "Noun");
    struct str parameter = local_text(invocation, "ParameterName");
    for (size_t i = 0; catalogue && i < catalogue->count; i++) {
        const struct cmdlet *cmdlet = &catalogue->cmdlets[i];
        bool named = fits(name, str_of(cmdlet->shown)) || fits(name, str_of(cmdlet->name));
        bool nouned = fits(noun, cmdlet->noun) || fits(noun, str_from(str_of(cmdlet->shown), cmdlet->verb.len + 1));
        if (named && nouned && fits(verb, cmdlet->verb) && has_parameter(cmdlet, parameter)) {
            add_command(array, cmdlet, source);
        }
    }
}

/* Of every connection, as PowerShell lists them. */
static void add_all_commands(struct json *array, const struct language *language, const struct invocation *invocation)
{
    add_commands(array, language->catalogue, invocation, "Security & Compliance");
    for (size_t i = 0; i < language->other_count; i++) {
        add_commands(array, language->others[i].catalogue, invocation, "Security & Compliance");
    }
}

static struct json *get_command(const struct invocation *invocation, const struct language *language, struct err *err)
{
    struct json *array = json_new_array();
    struct str name = local_text(invocation, "Name");
    add_all_commands(array, language, invocation);
    /* The local ones only for whoever names them: the question nearly always is what the service has. */
    if (name.len && !(name.data[0] == '*')) {
        add_commands(array, language->local, invocation, "purvey");
    }
    const struct linked meant = language_meant(language, name);
    bool may_be_empty = name.len == 0 || wildcard_has_any(name) || !meant.catalogue;
    if (json_count(array) || may_be_empty || catalogue_require(meant.catalogue, name, err)) {
        return array;
    }
    json_free(array);
    return NULL;
}

/* ---- Get-Help ---- */

static void add_help(struct json *array, const struct cmdlet *cmdlet)
{
    struct json *object = json_new_object(), *sets = json_new_array();
    add_text(object, "Name", str_of(cmdlet->shown));
    add_text(object, "Area", str_of(cmdlet->area));
    for (size_t i = 0; i < cmdlet->set_count; i++) {
        struct buf line = BUF_INIT(BUF_SMALL);
        cmdlet_syntax(cmdlet, cmdlet->sets[i], &line);
        json_add(sets, NULL, json_new_string(buf_str(&line)));
        buf_free(&line);
    }
    json_add(object, "Syntax", sets);
    json_add(array, NULL, object);
}

static void add_values(struct json *object, const struct parameter *parameter)
{
    struct json *values = json_new_array();
    for (size_t i = 0; i < parameter->value_count; i++) {
        json_add(values, NULL, json_new_string(str_of(parameter->values[i])));
    }
    json_add(object, "Values", values);
}

static void add_parameter_help(struct json *array, const struct cmdlet *cmdlet, struct str pattern)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        const struct parameter *parameter = &cmdlet->parameters[i];
        if (!fits(pattern, str_of(parameter->name))) {
            continue;
        }
        struct json *object = json_new_object();
        add_text(object, "Name", str_of(parameter->name));
        add_text(object, "Type", str_of(*parameter->type_name ? parameter->type_name : "value"));
        json_add(object, "Mandatory", json_new_bool(parameter->uses[0].mandatory));
        json_add(object, "Position", parameter->uses[0].position < 0 ? json_new_string(STR("named")) : json_new_int(parameter->uses[0].position));
        json_add(object, "PipelineInput", json_new_bool(parameter->uses[0].from_pipeline || parameter->uses[0].from_pipeline_by_name));
        add_values(object, parameter);
        json_add(array, NULL, object);
    }
}

static const struct cmdlet *find_cmdlet(const struct language *language, struct str name, struct err *err)
{
    enum local_kind kind;
    const char *local = local_name(name, &kind);
    const struct cmdlet *cmdlet = local ? catalogue_find(language->local, str_of(local)) : NULL;
    if (cmdlet) {
        return cmdlet;
    }
    const struct linked meant = language_meant(language, name);
    if (!meant.catalogue) {
        err_set(err, ERR_INPUT, "%.*s needs a connection first", STR_ARG(str_take(name, 100)));
        return NULL;
    }
    return catalogue_require(meant.catalogue, name, err);
}

static struct json *get_help(const struct invocation *invocation, const struct language *language, struct err *err)
{
    struct str name = local_text(invocation, "Name"), parameter = local_text(invocation, "Parameter");
    struct json *array = json_new_array();
    if (name.len == 0 || wildcard_has_any(name)) {
        add_all_commands(array, language, invocation);
        return array;
    }
    const struct cmdlet *cmdlet = find_cmdlet(language, name, err);
    if (!cmdlet) {
        json_free(array);
        return NULL;
    }
    if (parameter.len) {
        add_parameter_help(array, cmdlet, parameter);
    } else {
        add_help(array, cmdlet);
        if (invocation_is_on(invocation, "Full") || invocation_is_on(invocation, "Detailed")) {
            add_parameter_help(array, cmdlet, STR("*"));
        }
    }
    if (json_count(array) > 0) {
        return array;
    }
    json_free(array);
    if (!known_parameter_refused(cmdlet, parameter, err)) {
        err_set(err, ERR_INPUT, "%s has no parameter %.*s for this account", cmdlet->shown, STR_ARG(str_take(parameter, 60)));
        err_advise(err, "purvey help %s lists them, also those that were not offered.", cmdlet->shown);
    }
    return NULL;
}

/* ---- the rest ---- */

static struct json *get_connection_information(const struct invocation *invocation, const struct language *language, struct err *err)
{
    (void)err;
    struct json *all = language->connections ? language->connections(language->context) : json_new_array(), *chosen = json_new_array();
    struct str prefix = local_text(invocation, "ModulePrefix");
    for (const struct json *item = json_first(all); item; item = json_next(item)) {
        if (fits(prefix, json_string(json_get(item, "ModulePrefix")))) {
            json_add(chosen, NULL, json_copy(item));
        }
    }
    json_free(all);
    return chosen;
}

/* The lines of a file, or all of it as one text. */
static struct json *get_content(const struct invocation *invocation, const struct language *language, struct err *err)
{
    struct str path = local_text(invocation, "Path");
    path = path.len ? path : local_text(invocation, "LiteralPath");
    (void)language;
    if (path.len == 0) {
        err_set(err, ERR_INPUT, "Get-Content needs the path of one file");
        return NULL;
    }
    struct json *text = file_as_text(path, invocation_is_on(invocation, "Raw"), err);
    if (!text || json_kind(text) == JSON_ARRAY) {
        return text;
    }
    struct json *array = json_new_array();
    json_add(array, NULL, text);
    return array;
}

static struct json *write_output(const struct invocation *invocation, const struct language *language, struct err *err)
{
    (void)language;
    (void)err;
    const struct argument *argument = invocation_get(invocation, "InputObject");
    argument = argument ? argument : invocation_get(invocation, "Object");
    if (argument && json_kind(argument->value) == JSON_ARRAY) {
        return json_copy(argument->value);
    }
    struct json *array = json_new_array();
    json_add(array, NULL, argument ? json_copy(argument->value) : json_new_null());
    return array;
}

static const struct { const char *name; struct json *(*values)(const struct invocation *, const struct language *, struct err *); } sources[] = {
    { "Get-Command", get_command },
    { "Get-Help", get_help },
    { "Get-ConnectionInformation", get_connection_information },
    { "Get-Content", get_content },
    { "Write-Output", write_output },
    { "Write-Host", write_output },
};

struct json *source_values(const struct invocation *invocation, const struct language *language, struct err *err)
{
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        if (str_is_nocase(str_of(invocation->cmdlet), sources[i].name)) {
            return sources[i].values(invocation, language, err);
        }
    }
    err_set(err, ERR_INPUT, "%s gives no objects here", invocation->cmdlet);
    return NULL;
}
