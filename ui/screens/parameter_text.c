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
    [TYPE_SECURE_STRING] = { "password", "" },
    [TYPE_CREDENTIAL] = { "user name and password", "" },
    [TYPE_HASHTABLE] = { "hash table", "@{name='value'}" },
    [TYPE_HASHTABLE_LIST] = { "list of hash tables", "@{name='a'}, @{name='b'}" },
    [TYPE_OBJECT_LIST] = { "list, commas between", "" },
    [TYPE_VERSION] = { "version", "1.0.0.0" },
    [TYPE_OTHER] = { "value", "" },
};

bool parameter_is_list(const struct parameter *parameter)
{
    return parameter->many || parameter->type == TYPE_STRING_LIST || parameter->type == TYPE_OBJECT_LIST;
}

/* A type of the service's own is better named as it is than not at all. */
const char *parameter_type_text(const struct parameter *parameter)
{
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
    return types[parameter->type].example;
}

bool parameter_is_common(const struct parameter *parameter)
{
    return common_parameter_find(str_of(parameter->name), true) != NULL;
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
    if (parameter->max_length >= 0)
        buf_format(out, "; at most %d characters", parameter->max_length);
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
    if (use && use->position >= 0)
        buf_format(out, "; position %d", use->position);
    if (use && (use->from_pipeline || use->from_pipeline_by_name))
        buf_text(out, "; from the pipeline");
    for (size_t i = 0; i < parameter->alias_count; i++)
        buf_format(out, "%s-%s", i > 0 ? ", " : "; also ", parameter->aliases[i]);
}

const char *parameter_set_text(const char *set)
{
    return strcmp(set, ALL_PARAMETER_SETS) == 0 ? "All" : set;
}
