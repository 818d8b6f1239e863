/* GET_COMMAND_METADATA's objects (rps.md section 8). PowerShell itself uses a parameter's name, aliases and whether it is a switch;
   all else may be missing. */
#include <ctype.h>
#include <stdlib.h>

#include "catalogue/common_parameters.h"
#include "catalogue/type_name.h"
#include "session/rps/psrp_messages.h"
#include "session/rps/rps_encode.h"

#define PARAMETERS_MOST 1000
#define NAME_MOST 100

/* These come from outside and are typed by people (section 8, "Refuse unsafe command and parameter names"). */
static bool is_safe(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!isalnum((unsigned char)name.data[i]) && name.data[i] != '-' && name.data[i] != '_') {
            return false;
        }
    }
    return name.len > 0 && name.len <= NAME_MOST;
}

/* What every restricted session has for its own use. */
static bool is_helper(struct str name)
{
    static const char *const helpers[] = {
        "Get-Command", "Get-FormatData", "Get-Help", "Select-Object", "Measure-Object", "Out-Default", "Exit-PSSession",
    };
    for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++) {
        if (str_is_nocase(name, helpers[i])) {
            return true;
        }
    }
    return false;
}

static void add_aliases(struct parameter *parameter, const struct clixml_value *aliases)
{
    for (const struct clixml_value *alias = clixml_first(aliases); alias; alias = alias->next) {
        struct str name = clixml_text(alias);
        if (is_safe(name)) {
            parameter_add_alias(parameter, name);
        }
    }
}

/* The engine writes int.MinValue for a parameter that is only named. */
static struct parameter_use use_of(const struct clixml_value *set, char *name)
{
    int64_t position = -1;
    (void)clixml_int(clixml_get(set, "Position"), &position);
    return (struct parameter_use){
        .set = name,
        .mandatory = clixml_bool(clixml_get(set, "IsMandatory"), false),
        .position = position >= 0 && position < 1000 ? (int)position : -1,
        .from_pipeline = clixml_bool(clixml_get(set, "ValueFromPipeline"), false),
        .from_pipeline_by_name = clixml_bool(clixml_get(set, "ValueFromPipelineByPropertyName"), false),
    };
}

static void add_uses(struct parameter *parameter, const struct clixml_value *sets)
{
    char name[NAME_MOST + 1];
    const struct clixml_value *key = sets && sets->kind == CLIXML_OBJECT && sets->object->container == CLIXML_DICTIONARY ? clixml_first(sets) : NULL;
    for (int count = 0; key && key->next && count < 64; key = key->next->next, count++) {
        struct str text = clixml_text(key);
        if (is_safe(text)) {
            memcpy(name, text.data, text.len);
            name[text.len] = '\0';
            parameter_add_use(parameter, use_of(key->next, name));
        }
    }
}

/* System.Nullable`1[[System.Int32, mscorlib, ...]] and System.Int32, mscorlib, ... are both an int to a person. */
static struct str plain_name(struct str name)
{
    struct str plain;
    if (str_starts(name, STR("System.Nullable`1[["))) {
        name = str_from(name, sizeof "System.Nullable`1[[" - 1);
    }
    str_cut(&name, ',', &plain);
    return str_trim(plain);
}

/* A type of the server's own is none that we could check: it stays untyped, as over REST. */
static void set_type(struct parameter *parameter, const struct clixml_value *described)
{
    struct str name = clixml_text(clixml_get(described, "ParameterType"));
    bool several = str_contains_nocase(name, STR("MultiValuedProperty")) || str_contains_nocase(name, STR("[]"));
    struct str plain = plain_name(name);
    if (clixml_bool(clixml_get(described, "SwitchParameter"), false)) {
        plain = STR("System.Management.Automation.SwitchParameter");
    }
    parameter_set_type(parameter, str_is(plain, "System.Object") ? STR("") : plain);
    if (parameter->type == TYPE_OTHER) {
        parameter->type = TYPE_UNTYPED;
        parameter->many = several;
    }
}

static void add_parameter(struct cmdlet *cmdlet, const struct clixml_value *described, struct str key)
{
    struct str name = clixml_text(clixml_get(described, "Name"));
    name = name.len ? name : key;
    bool what_if = str_is_nocase(name, "WhatIf");
    cmdlet->should_process |= what_if || str_is_nocase(name, "Confirm");       /* a role may leave it only one of them */
    if (!is_safe(name) || common_parameter_find(name, true) || what_if || cmdlet->parameter_count >= PARAMETERS_MOST) {
        return;
    }
    struct parameter *parameter = cmdlet_add_parameter(cmdlet, name);
    set_type(parameter, described);
    add_aliases(parameter, clixml_get(described, "Aliases"));
    add_uses(parameter, clixml_get(described, "ParameterSets"));
}

/* A server need not tell places and sets. That Identity comes first and from the pipe is so for every cmdlet of Exchange. */
static void place_identity(struct cmdlet *cmdlet)
{
    struct parameter *identity = NULL;
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        if (cmdlet->parameters[i].use_count) {
            return;
        }
        identity = str_is_nocase(str_of(cmdlet->parameters[i].name), "Identity") ? &cmdlet->parameters[i] : identity;
    }
    if (identity) {
        char all[] = ALL_PARAMETER_SETS;
        parameter_add_use(identity, (struct parameter_use){ .set = all, .from_pipeline = true, .from_pipeline_by_name = true });
    }
}

bool rps_add_command(struct catalogue *catalogue, const struct clixml_value *command)
{
    struct str name = clixml_text(clixml_get(command, "Name"));
    const struct clixml_value *parameters = clixml_get(command, "Parameters");
    if (!is_safe(name) || is_helper(name) || !memchr(name.data, '-', name.len)) {
        return false;
    }
    struct cmdlet *cmdlet = catalogue_add(catalogue, name);
    struct str set = clixml_text(clixml_get(command, "DefaultParameterSet"));
    cmdlet->default_unknown = !set.len;
    if (set.len) {
        free(cmdlet->default_set);
        cmdlet->default_set = str_dup(set);
    }
    const struct clixml_value *key = clixml_first(parameters);
    for (; key && key->next; key = key->next->next) {
        add_parameter(cmdlet, key->next, clixml_text(key));
    }
    place_identity(cmdlet);
    return true;
}

void rps_no_commands(const char *names, struct err *err)
{
    bool chosen = *names && !str_is(str_of(names), "*");
    if (!err->kind) {
        err_set(err, ERR_FORBIDDEN, "The server offers no cmdlets%s", chosen ? " of these names" : " to this account");
        err_advise(err, chosen ? "Check -CommandName." : "The account needs a role of Security & Compliance.");
    }
}

/* ---- asking ---- */

static struct clixml_value *text_list(struct arena *arena, struct str names)
{
    struct clixml_value *list = clixml_new_container(arena, CLIXML_LIST);
    for (struct str name; names.len;) {
        str_cut(&names, ',', &name);
        if (str_trim(name).len) {
            clixml_append(list, clixml_new(arena, CLIXML_STRING, str_trim(name)));
        }
    }
    return list;
}

/* For servers without the message: what it stands for, as a pipe (section 8). */
static void command_pipeline(struct str names, int minor, struct buf *out)
{
    struct arena arena = { 0 };
    struct psrp_argument get[] = {
        { STR("Name"), text_list(&arena, names.len ? names : STR("*")) },
        { STR("CommandType"), text_list(&arena, STR("Cmdlet,Function,Filter,Alias")) },
    };
    struct psrp_argument select[] = {
        { STR("Property"), text_list(&arena, STR("Name,CommandType,ResolvedCommandName,DefaultParameterSet,CmdletBinding,Parameters")) },
    };
    const struct psrp_command commands[] = { { STR("Get-Command"), get, 2 }, { STR("Select-Object"), select, 1 } };
    psrp_create_pipeline(&arena, commands, 2, false, minor, out);
    arena_free(&arena);
}

enum psrp_type rps_ask_for_commands(struct str names, bool by_pipeline, int minor, struct buf *out)
{
    if (by_pipeline) {
        command_pipeline(names, minor, out);
    } else {
        psrp_get_command_metadata(names, out);
    }
    return by_pipeline ? PSRP_CREATE_PIPELINE : PSRP_GET_COMMAND_METADATA;
}
