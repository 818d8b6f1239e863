/* One table says how each type is called and what to write for it. */
#include "ui/screens/parameter_text.h"

#include <inttypes.h>

#include "catalogue/common_parameters.h"

static const struct { const char *text, *example; } types[] = {
    [TYPE_UNTYPED] = { "value", "" },
    [TYPE_STRING] = { "text", "" },
    [TYPE_STRING_LIST] = { "list of texts, commas between", "" },
    [TYPE_BOOL] = { "true or false", "" },
    [TYPE_SWITCH] = { "switch", "" },
    [TYPE_INT] = { "whole number", "" },
    [TYPE_LONG] = { "whole number", "" },
    [TYPE_DOUBLE] = { "number", "" },
    [TYPE_GUID] = { "GUID", "00000000-0000-0000-0000-000000000000" },
    [TYPE_DATETIME] = { "date", "2026-01-31 14:00 (UTC), 7d, today" },
    [TYPE_TIMESPAN] = { "length of time", "7.00:00:00" },
    [TYPE_URI] = { "address", "https://..." },
    [TYPE_CULTURE] = { "language", "en-US" },
    [TYPE_BYTES] = { "file", "path of a file" },
    [TYPE_BYTES_LIST] = { "list of files", "paths of files, commas between" },
    [TYPE_SECURE_STRING] = { "password", "" },
    [TYPE_CREDENTIAL] = { "user name and password", "" },
    [TYPE_HASHTABLE] = { "hash table", "@{name='value'}" },
    [TYPE_HASHTABLE_LIST] = { "list of hash tables", "@{name='a'}, @{name='b'}" },
    [TYPE_OBJECT_LIST] = { "list, commas between", "" },
    [TYPE_VERSION] = { "version", "1.0.0.0" },
    [TYPE_OTHER] = { "value", "" },
};

/* What the reference says of a parameter to which the module file gives no type. */
static const struct { enum parameter_form form; const char *text, *example; } forms[] = {
    { FORM_INT, "whole number", "" },
    { FORM_INT_OR_UNLIMITED, "whole number or Unlimited", "" },
    { FORM_IDENTITY, "name or id", "" },
    { FORM_IDENTITY_LIST, "list of names or ids", "" },
    { FORM_TIMESPAN, "length of time", "7.00:00:00" },
    { FORM_GUID, "GUID", "00000000-0000-0000-0000-000000000000" },
    { FORM_SIZE, "size", "10MB" },
    { FORM_EMAIL, "mail address", "user@contoso.com" },
    { FORM_EMAIL_LIST, "list of mail addresses", "" },
    { FORM_CULTURE, "language", "en-US" },
    { FORM_HASHTABLE, "hash table", "@{name='value'}" },
    { FORM_HASHTABLE_LIST, "list of hash tables", "@{name='a'}, @{name='b'}" },
    { FORM_TEXT, "text", "" },
    { FORM_BOOL, "true or false", "" },
    { FORM_BOOL_OR_NULL, "true, false or $null", "" },
};
#define FORM_COUNT (sizeof forms / sizeof forms[0])

/* FORM_COUNT: nothing is known, or the type is. */
static size_t form_row(const struct parameter *parameter)
{
    size_t row = parameter->type == TYPE_UNTYPED ? 0 : FORM_COUNT;
    while (row < FORM_COUNT && forms[row].form != parameter->form)
        row++;
    return row;
}

bool parameter_is_list(const struct parameter *parameter)
{
    return parameter->many || parameter->type == TYPE_STRING_LIST || parameter->type == TYPE_OBJECT_LIST || parameter->type == TYPE_BYTES_LIST;
}

/* A type of the service's own is better named as it is than not at all. */
const char *parameter_type_text(const struct parameter *parameter)
{
    size_t row = form_row(parameter);
    if (row < FORM_COUNT)
        return forms[row].text;
    if (parameter->type == TYPE_UNTYPED && parameter->many)
        return types[TYPE_OBJECT_LIST].text;
    if (parameter->type == TYPE_UNTYPED && str_is_nocase(str_of(parameter->name), "Identity"))
        return "name or id";
    if (parameter->type == TYPE_OTHER && parameter->type_name[0])
        return parameter->type_name;
    return types[parameter->type].text;
}

const char *parameter_example(const struct parameter *parameter)
{
    size_t row = form_row(parameter);
    return row < FORM_COUNT ? forms[row].example : types[parameter->type].example;
}

/* For Microsoft's own use, says the reference; one that must be given is shown all the same. */
static bool is_reserved(const struct parameter *parameter)
{
    bool mandatory = false;
    for (size_t i = 0; i < parameter->use_count; i++)
        mandatory |= parameter->uses[i].mandatory;
    return (parameter->facts & (FACT_RESERVED | FACT_DEPRECATED)) && !mandatory;
}

bool parameter_is_common(const struct parameter *parameter)
{
    return common_parameter_find(str_of(parameter->name), true) != NULL || is_reserved(parameter);
}

bool parameter_is_offered(const struct parameter *parameter)
{
    return !is_what_if(str_of(parameter->name));
}

void parameter_values(const struct parameter *parameter, struct buf *out)
{
    for (size_t i = 0; i < parameter->value_count; i++)
        buf_format(out, "%s%s", i > 0 ? ", " : "", parameter->values[i]);
}

static void add_limits(const struct parameter *parameter, struct buf *out)
{
    if (parameter->has_range)
        buf_format(out, "; %" PRId64 " to %" PRId64, parameter->min, parameter->max);
    else if (parameter->known_min >= 0 && parameter->known_max >= 0)
        buf_format(out, "; %d to %d", parameter->known_min, parameter->known_max);
    int longest = parameter->max_length >= 0 ? parameter->max_length : parameter->known_max_length;
    if (longest >= 0)
        buf_format(out, "; at most %d characters", longest);
}

static void add_facts(const struct parameter *parameter, struct buf *out)
{
    static const struct { enum parameter_fact fact; const char *text; } words[] = {
        { FACT_KQL, "a KQL query" },
        { FACT_NULL_MEANS_ALL, "left out or $null: all of them" },
        { FACT_IRREVERSIBLE, "cannot be undone" },
        { FACT_REPLACES_LIST, "replaces the whole list" },
        { FACT_PREVIEW, "in preview" },
        { FACT_DEPRECATED, "no longer used" },
        { FACT_RESERVED, "for Microsoft's own use" },
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (parameter->facts & words[i].fact)
            buf_format(out, "; %s", words[i].text);
}

static void add_values(const struct parameter *parameter, struct buf *out)
{
    if (parameter->value_count == 0)
        return;
    buf_text(out, parameter->values_closed ? "; one of " : "; for example ");
    parameter_values(parameter, out);
}

void parameter_describe(const struct parameter *parameter, const struct parameter_use *use, struct buf *out)
{
    buf_text(out, parameter->help[0] ? parameter->help : parameter_type_text(parameter));
    add_limits(parameter, out);
    add_values(parameter, out);
    if (parameter->fallback.len > 0)
        buf_format(out, "; default %.*s", STR_ARG(parameter->fallback));
    add_facts(parameter, out);
    if (use && use->position >= 0)
        buf_format(out, "; position %d", use->position);
    if (use && (use->from_pipeline || use->from_pipeline_by_name))
        buf_text(out, "; from the pipeline");
    for (size_t i = 0; i < parameter->alias_count; i++)
        buf_format(out, "%s-%s", i > 0 ? ", " : "; also ", parameter->aliases[i]);
}

void parameter_known_text(const struct known_parameter *known, struct buf *out)
{
    char none[] = "";
    const struct parameter view = { .name = none, .type_name = none, .form = known->form };
    buf_format(out, "%.*s  %s", STR_ARG(known->name), known->form == FORM_SWITCH ? "switch" : parameter_type_text(&view));
    if (known->values.len > 0)
        buf_text(out, known->values_closed ? "; one of " : "; for example ");
    for (size_t i = 0; i < known->values.len; i++)
        buf_text(out, known->values.data[i] == '|' ? ", " : (char[]){ known->values.data[i], '\0' });
    if (known->fallback.len > 0)
        buf_format(out, "; default %.*s", STR_ARG(known->fallback));
    if (*known->role)
        buf_format(out, "  (with the role %s)", known->role);
}

const char *parameter_set_text(const char *set)
{
    return strcmp(set, ALL_PARAMETER_SETS) == 0 ? "All" : set;
}
