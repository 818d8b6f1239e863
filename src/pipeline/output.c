#include "pipeline/output.h"

#include <stdlib.h>

#include "base/mem.h"
#include "pipeline/local.h"

static bool refuse(const struct invocation *invocation, struct err *err, const char *text)
{
    return err_set(err, ERR_INPUT, "%s: %s", invocation->cmdlet, text);
}

/* Names and patterns; values that are worked out were selected before (statement.c). */
static bool take_columns(struct pipeline_output *output, const struct invocation *invocation, struct err *err)
{
    const struct argument *argument = invocation_get(invocation, "Property");
    const struct json *value = !argument ? NULL : json_kind(argument->value) == JSON_ARRAY ? json_first(argument->value) : argument->value;
    size_t count = argument && json_kind(argument->value) == JSON_ARRAY ? json_count(argument->value) : 1;
    if (!argument) {
        return true;
    }
    output->columns = mem_array(count + 1, sizeof *output->columns);
    for (; value; value = json_kind(argument->value) == JSON_ARRAY ? json_next(value) : NULL) {
        if (json_kind(value) != JSON_STRING || json_string(value).len == 0) {
            return refuse(invocation, err, "-Property takes names here");
        }
        output->columns[output->column_count++] = str_dup(json_string(value));
    }
    return true;
}

static bool take_table(struct pipeline_output *output, const struct invocation *invocation, struct err *err)
{
    output->form = OUTPUT_TABLE;
    output->no_header = invocation_is_on(invocation, "HideTableHeaders");
    return take_columns(output, invocation, err);
}

static bool take_list(struct pipeline_output *output, const struct invocation *invocation, struct err *err)
{
    output->form = OUTPUT_LIST;
    return take_columns(output, invocation, err);
}

static bool take_json(struct pipeline_output *output, const struct invocation *invocation, struct err *err)
{
    (void)err;
    output->form = OUTPUT_JSON;
    output->as_array = invocation_is_on(invocation, "AsArray");
    output->compact = invocation_is_on(invocation, "Compress");
    return true;
}

static bool take_csv(struct pipeline_output *output, const struct invocation *invocation, struct err *err)
{
    struct str delimiter = local_text(invocation, "Delimiter");
    output->form = OUTPUT_CSV;
    output->separator = delimiter.len ? delimiter.data[0] : ',';
    output->no_header = invocation_is_on(invocation, "NoHeader");
    bool known = delimiter.len <= 1 && strchr(",;\t", output->separator);
    return known || refuse(invocation, err, "-Delimiter takes ',' ';' or a tab (\"`t\")");
}

static bool take_path(struct pipeline_output *output, const struct invocation *invocation, const char *parameter, struct err *err)
{
    struct str path = local_text(invocation, parameter), encoding = local_text(invocation, "Encoding");
    if (path.len == 0) {
        return refuse(invocation, err, "the name of a file is missing");
    }
    if (encoding.len && !str_starts_nocase(encoding, STR("utf8")) && !str_is_nocase(encoding, "ascii") && !str_is_nocase(encoding, "default")) {
        return refuse(invocation, err, "files are written in UTF-8");
    }
    if (output->path) {
        return refuse(invocation, err, "the result goes to a file already");
    }
    output->path = str_dup(path);
    output->append = invocation_is_on(invocation, "Append");
    output->no_clobber = invocation_is_on(invocation, "NoClobber");
    return true;
}

static bool take_export_csv(struct pipeline_output *output, const struct invocation *invocation, struct err *err)
{
    const char *parameter = invocation_get(invocation, "LiteralPath") ? "LiteralPath" : "Path";
    return take_csv(output, invocation, err) && take_path(output, invocation, parameter, err);
}

static bool take_out_file(struct pipeline_output *output, const struct invocation *invocation, struct err *err)
{
    return take_path(output, invocation, "FilePath", err);
}

static bool take_nothing(struct pipeline_output *output, const struct invocation *invocation, struct err *err)
{
    (void)invocation;
    (void)err;
    output->form = OUTPUT_NOTHING;
    return true;
}

static bool take_as_it_is(struct pipeline_output *output, const struct invocation *invocation, struct err *err)
{
    (void)output;
    (void)invocation;
    (void)err;
    return true;
}

static const struct {
    const char *name;
    bool makes_text;            /* and so only a file or nothing may follow */
    bool (*take)(struct pipeline_output *output, const struct invocation *invocation, struct err *err);
} outputs[] = {
    { "Format-Table", true, take_table }, { "Format-List", true, take_list }, { "ConvertTo-Json", true, take_json },
    { "ConvertTo-Csv", true, take_csv }, { "Export-Csv", true, take_export_csv }, { "Out-File", false, take_out_file },
    { "Out-Null", false, take_nothing }, { "Out-Host", false, take_as_it_is }, { "Out-Default", false, take_as_it_is },
};

bool output_take(struct pipeline_output *output, const struct invocation *invocation, struct err *err)
{
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        if (!str_is_nocase(str_of(invocation->cmdlet), outputs[i].name)) {
            continue;
        }
        if (output->form != OUTPUT_AS_ASKED && outputs[i].makes_text) {
            return refuse(invocation, err, "the objects have become text before it");
        }
        return outputs[i].take(output, invocation, err);
    }
    return refuse(invocation, err, "this is no way to put out objects");
}
