/* The commands of the endpoint as GET_COMMAND_METADATA and Get-Command give them (rps.md section 8). */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/wildcard.h"
#include "demo/rps_internal.h"

#define COMMAND_TYPES "System.Management.Automation.CommandTypes"
enum command_type { TYPE_FUNCTION = 2, TYPE_CMDLET = 8 };

/* The restricted proxies of every such session; they are not for import. */
static const char *const helpers[] = {
    "Exit-PSSession", "Get-Command", "Get-FormatData", "Get-Help", "Measure-Object", "Out-Default", "Select-Object",
};
#define HELPERS (sizeof helpers / sizeof *helpers)

static const struct { const char *name, *type, *alias; } common[] = {
    { "Verbose", "System.Management.Automation.SwitchParameter", "vb" },
    { "Debug", "System.Management.Automation.SwitchParameter", "db" },
    { "ErrorAction", "System.Management.Automation.ActionPreference", "ea" },
    { "WarningAction", "System.Management.Automation.ActionPreference", "wa" },
    { "InformationAction", "System.Management.Automation.ActionPreference", "infa" },
    { "ErrorVariable", "System.String", "ev" },
    { "WarningVariable", "System.String", "wv" },
    { "InformationVariable", "System.String", "iv" },
    { "OutVariable", "System.String", "ov" },
    { "OutBuffer", "System.Int32", "ob" },
    { "PipelineVariable", "System.String", "pv" },
    { "WhatIf", "System.Management.Automation.SwitchParameter", "wi" },
    { "Confirm", "System.Management.Automation.SwitchParameter", "cf" },
};
#define COMMON_ALWAYS (sizeof common / sizeof *common - 2)

static const struct { char letter; const char *type; } types[] = {
    { 's', "System.String" }, { 'S', "System.String[]" }, { 'w', "System.Management.Automation.SwitchParameter" }, { 'b', "System.Boolean" },
    { 'B', "System.Nullable`1[[System.Boolean, mscorlib]]" }, { 'i', "System.Int32" }, { 'I', "System.Int32" },
    { 'u', "System.Globalization.CultureInfo" }, { 'O', "System.Object[]" }, { 'g', "System.Guid" }, { 'G', "System.Guid[]" },
    { 'y', "System.Byte[]" }, { 'n', "System.UInt32" }, { 'f', "System.Double" }, { 'd', "System.DateTime" }, { 'D', "System.DateTime" },
    { 't', "System.DateTimeOffset" }, { 'c', "System.Security.SecureString" }, { 'R', "Microsoft.Exchange.Data.Unlimited`1[System.UInt32]" },
    { 'H', "Microsoft.Exchange.Configuration.Tasks.PswsHashtable" }, { 'L', "Microsoft.Exchange.Configuration.Tasks.PswsHashtable[]" },
};

bool is_helper(struct str name)
{
    for (size_t i = 0; i < HELPERS; i++) {
        if (str_is_nocase(name, helpers[i])) {
            return true;
        }
    }
    return false;
}

/* ---- a parameter ---- */

/* A letter without a row is a type that only the service knows. */
static const char *type_name(const struct cmdlet_param *param)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].letter == param->type) {
            return types[i].type;
        }
    }
    return "System.Object";
}

/* Open is left: the properties of the parameter, the object, its entry. */
static void begin_parameter(struct clix *clix, const char *name, const char *type, const char *alias)
{
    clix_key(clix, name);
    clix_object(clix, "Value");
    clix_types(clix, "System.Management.Automation.ParameterMetadata|System.Object");
    clix_open(clix, "Props");
    clix_text(clix, "Name", name);
    clix_text(clix, "ParameterType", type);
    clix_list(clix, "Aliases");
    if (*alias) {
        clix_text(clix, NULL, alias);
    }
    clix_close(clix);
    clix_close(clix);
    clix_bool(clix, "IsDynamic", false);
    clix_bool(clix, "SwitchParameter", str_ends_nocase(str_of(type), STR(".SwitchParameter")));
}

static void end_parameter(struct clix *clix)
{
    clix_close(clix);
    clix_close(clix);
    clix_close(clix);
}

/* No place is int's smallest number in .NET. */
static void put_set(struct clix *clix, const struct cmdlet_set *set)
{
    char *name = str_is(set->name, "*") ? mem_text("__AllParameterSets") : str_dup(set->name);
    clix_key(clix, name);
    clix_object(clix, "Value");
    clix_types(clix, "System.Management.Automation.ParameterSetMetadata|System.Object");
    clix_open(clix, "Props");
    clix_bool(clix, "IsMandatory", set->mandatory);
    clix_int(clix, "Position", set->position < 0 ? INT32_MIN : set->position);
    clix_bool(clix, "ValueFromPipeline", set->by_value);
    clix_bool(clix, "ValueFromPipelineByPropertyName", set->by_name);
    clix_close(clix);
    clix_close(clix);
    clix_close(clix);
    free(name);
}

/* A ValidateSet is an attribute whose depth is spent: it comes as its text (rps.md section 7). */
static void put_parameter(struct clix *clix, const struct cmdlet_param *param)
{
    char *name = str_dup(param->name);
    struct str sets = param->sets;
    struct cmdlet_set set = { .name = STR("*"), .position = -1 };
    begin_parameter(clix, name, type_name(param), "");
    clix_hashtable(clix, "ParameterSets");
    if (!sets.len) {
        put_set(clix, &set);
    }
    while (cmdlet_next_set(&sets, &set)) {
        put_set(clix, &set);
    }
    clix_close(clix);
    clix_close(clix);
    clix_list(clix, "Attributes");
    clix_text(clix, NULL, "System.Management.Automation.ParameterAttribute");
    clix_close(clix);
    clix_close(clix);
    end_parameter(clix);
    free(name);
}

/* A cmdlet's own parameter of that name comes first, and once. */
static void put_parameters(struct clix *clix, const struct cmdlet *cmdlet)
{
    size_t more = cmdlet->impact == '-' ? COMMON_ALWAYS : sizeof common / sizeof *common;
    for (size_t i = 0; i < cmdlet->count; i++) {
        put_parameter(clix, &cmdlet->params[i]);
    }
    for (size_t i = 0; i < more; i++) {
        if (!cmdlet_param(cmdlet, str_of(common[i].name))) {
            begin_parameter(clix, common[i].name, common[i].type, common[i].alias);
            end_parameter(clix);
        }
    }
}

/* ---- a command ---- */

/* No default set and no binding: what GET_COMMAND_METADATA leaves out (rps.md section 8). */
static void put_command(struct pipeline *pipeline, const char *name, const struct cmdlet *cmdlet)
{
    struct clix *clix = clix_new();
    clix_object(clix, NULL);
    clix_types(clix, "Selected.System.Management.Automation.CmdletInfo|System.Management.Automation.PSCustomObject|System.Object");
    clix_leaf(clix, "ToString", NULL, str_of(name));
    clix_open(clix, "MS");
    clix_text(clix, "Name", name);
    clix_text(clix, "Namespace", cmdlet ? "" : "Microsoft.PowerShell.Core");
    clix_text(clix, "HelpUri", "");
    clix_enum(clix, "CommandType", COMMAND_TYPES, cmdlet ? "Cmdlet" : "Function", cmdlet ? TYPE_CMDLET : TYPE_FUNCTION);
    clix_nil(clix, "ResolvedCommandName");
    clix_list(clix, "OutputType");
    clix_close(clix);
    clix_close(clix);
    clix_hashtable(clix, "Parameters");
    if (cmdlet) {
        put_parameters(clix, cmdlet);
    }
    clix_close(clix);
    clix_close(clix);
    clix_close(clix);
    clix_close(clix);
    demo_pipeline_put(pipeline, PIPELINE_OUTPUT, clix);
}

static void put_count(struct pipeline *pipeline, int64_t count)
{
    struct clix *clix = clix_new();
    clix_object(clix, NULL);
    clix_types(clix, "Selected.Microsoft.PowerShell.Commands.GenericMeasureInfo|System.Management.Automation.PSCustomObject|System.Object");
    clix_open(clix, "MS");
    clix_int(clix, "Count", count);
    clix_close(clix);
    clix_close(clix);
    demo_pipeline_put(pipeline, PIPELINE_OUTPUT, clix);
}

/* ---- which ---- */

/* One name may come without a list around it. */
static bool pattern_fits(const struct json *patterns, struct str name)
{
    if (json_kind(patterns) != JSON_ARRAY) {
        return wildcard_matches(json_string(patterns), name, false);
    }
    for (const struct json *pattern = json_first(patterns); pattern; pattern = json_next(pattern)) {
        if (wildcard_matches(json_string(pattern), name, false)) {
            return true;
        }
    }
    return false;
}

/* Helpers first, then the cmdlets of the table. */
static struct str name_at(const struct cmdlet_table *table, size_t at)
{
    return at < HELPERS ? str_of(helpers[at]) : table->items[at - HELPERS].name;
}

static bool is_listed(const struct pipeline *pipeline, const struct cmdlet_table *table, size_t at)
{
    bool kind = pipeline->types & (at < HELPERS ? TYPE_FUNCTION : TYPE_CMDLET);
    return kind && pattern_fits(pipeline->listing, name_at(table, at));
}

/* A name without wildcards that is not there is an error of its own; the others still come. */
static void report_missing(struct demo *demo, struct pipeline *pipeline, const struct cmdlet_table *table)
{
    for (const struct json *pattern = json_first(pipeline->listing); pattern; pattern = json_next(pattern)) {
        struct str name = json_string(pattern);
        if (!wildcard_has_any(name) && !is_helper(name) && !cmdlet_find(table, name)) {
            char *text = mem_format("The term '%.*s' is not recognized as the name of a cmdlet.", STR_ARG(str_take(name, 100)));
            char *target = str_dup(name);
            const struct failure_text failure = { text, "Microsoft.PowerShell.Commands.CommandLookupFailure", target, NULL };
            put_error(demo, pipeline, &failure, false);
            free(text);
            free(target);
        }
    }
}

/* A client that has the list under this hash need not ask for it (rps.md section 8). */
void metadata_hash(const struct demo *demo, char hash[17])
{
    const struct cmdlet_table *table = rest_cmdlets(demo->rest);
    uint64_t sum = HASH_START;
    for (size_t i = 0; i < table->count; i++) {
        sum = str_hash(str_hash(sum, table->items[i].name), STR(" "));
        for (size_t j = 0; j < table->items[i].count; j++) {
            sum = str_hash(str_hash(str_hash(sum, table->items[i].params[j].name), (struct str){ &table->items[i].params[j].type, 1 }), table->items[i].params[j].sets);
        }
    }
    snprintf(hash, 17, "%016llx", (unsigned long long)sum);
}

/* One command a step, or three hundred of them would wait in memory for a slow client. */
bool metadata_step(struct demo *demo, struct pipeline *pipeline)
{
    const struct cmdlet_table *table = rest_cmdlets(demo->rest);
    size_t end = HELPERS + table->count;
    /* Get-Command itself gives no count. */
    if (pipeline->at == 0 && !pipeline->stage_count) {
        int64_t count = 0;
        for (size_t i = 0; i < end; i++) {
            count += is_listed(pipeline, table, i);
        }
        put_count(pipeline, count);
    }
    while (pipeline->at < end && !is_listed(pipeline, table, pipeline->at)) {
        pipeline->at++;
    }
    if (pipeline->at >= end) {
        report_missing(demo, pipeline, table);
        return false;
    }
    char *name = str_dup(name_at(table, pipeline->at));
    put_command(pipeline, name, pipeline->at < HELPERS ? NULL : &table->items[pipeline->at - HELPERS]);
    pipeline->at++;
    free(name);
    return true;
}
