#include "demo/module_text.h"

#include "demo/public_key.h"

/* Helper functions and constants stand before the cmdlets in the real file: a reader has to step over them. */
static const char prologue[] =
    "$DefaultHTTPTimeout = 960\n"
    "$CmdletHttpTimeoutCollection = @{'Export-ComplianceData' = 3660; 'Search-Content' = 1860}\n"
    "$DefaultPageSize = 1000\n"
    "$RetryLimit = 5\n"
    "\n"
    "enum ConfirmLevel\n{\n    None = 0\n    Low = 1\n    Medium = 2\n    High = 3\n}\n"
    "\n"
    "function Select-PageSize\n{\n    param(\n    [int]\n    $Wanted\n    )\n"
    "    if ($Wanted -gt 0 -and $Wanted -lt $DefaultPageSize) { return $Wanted }\n    return $DefaultPageSize\n}\n"
    "\n"
    "function Execute-Command\n{\n    param(\n    $CmdletName,\n    $Parameters,\n    $ParameterBasedRoutingHintDelegate,\n"
    "    $ShowConfirmPrompt,\n    $PSCmdletObject\n    )\n"
    "    Process {\n        Send-CmdletRequest -Name $CmdletName -Values $Parameters\n    }\n}\n"
    "\n";

/* Greedy, going back to the last star only: linear in practice, quadratic at worst. */
bool wildcard_match(struct str pattern, struct str name)
{
    size_t p = 0, n = 0, star = pattern.len, resume = 0;
    while (n < name.len) {
        if (p < pattern.len && pattern.data[p] == '*') {
            star = p++;
            resume = n;
        } else if (p < pattern.len && str_eq_nocase(str_take(str_from(pattern, p), 1), str_take(str_from(name, n), 1))) {
            p++;
            n++;
        } else if (star < pattern.len) {
            p = star + 1;
            n = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.data[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

/* CommandName takes wildcards, several of them (rest.md section 7). */
static bool is_wanted(struct str wanted, struct str name)
{
    struct str pattern;
    if (!wanted.len) {
        return true;
    }
    while (wanted.len) {
        str_cut(&wanted, ',', &pattern);
        if (wildcard_match(str_trim(pattern), name)) {
            return true;
        }
    }
    return false;
}

/* Order and spelling of the parts are fixed (rest.md section 7.2); false values are left out, never written as
   $false. */
static void attribute_part(struct buf *out, bool *first, const char *text)
{
    buf_text(out, *first ? "" : ", ");
    buf_text(out, text);
    *first = false;
}

/* One attribute for each parameter set; the set * stands for all and is not named. */
static void parameter_attribute(struct buf *out, const struct cmdlet_set *set)
{
    bool first = true;
    buf_text(out, "    [Parameter(");
    if (!str_is(set->name, "*")) {
        buf_format(out, "ParameterSetName='%.*s'", STR_ARG(set->name));
        first = false;
    }
    if (set->mandatory) {
        attribute_part(out, &first, "Mandatory=$true");
    }
    if (set->position >= 0) {
        buf_format(out, "%sPosition=%d", first ? "" : ", ", set->position);
        first = false;
    }
    if (set->by_value) {
        attribute_part(out, &first, "ValueFromPipeline=$true");
    }
    if (set->by_name) {
        attribute_part(out, &first, "ValueFromPipelineByPropertyName=$true");
    }
    buf_text(out, ")]\n");
}

/* Texts in single quotes, commas without blanks: the grammar of rest.md section 7.2 to the letter, since a reader
   may depend on it. */
static void validate_set(struct buf *out, struct str values)
{
    struct str value;
    const char *before = "    [ValidateSet('";
    while (values.len) {
        str_cut(&values, '|', &value);
        buf_text(out, before);
        buf_add(out, value);
        before = "','";
    }
    buf_text(out, "')]\n");
}

/* Attributes, then the closed list, then the type, then the name, in this order without exception (rest.md section
   7.2). */
static void parameter(struct buf *out, const struct cmdlet_param *param)
{
    struct str sets = param->sets;
    struct cmdlet_set set;
    while (cmdlet_next_set(&sets, &set)) {
        parameter_attribute(out, &set);
    }
    if (param->in_module) {
        validate_set(out, param->values);
    }
    /* The service casts few types; all others arrive as objects, and the reader of the module has to live with that. */
    if (param->type_line.len) {
        buf_format(out, "    [%.*s]\n", STR_ARG(param->type_line));
    }
    buf_format(out, "    ${%.*s}", STR_ARG(param->name));
}

/* SupportsShouldProcess and ConfirmImpact come together or not at all. */
static void binding(struct buf *out, const struct cmdlet *cmdlet)
{
    bool first = true;
    buf_text(out, "    [CmdletBinding(");
    if (cmdlet->default_set.len) {
        buf_format(out, "DefaultParameterSetName='%.*s'", STR_ARG(cmdlet->default_set));
        first = false;
    }
    if (cmdlet->impact != '-') {
        attribute_part(out, &first, "SupportsShouldProcess=$true");
        buf_format(out, ", ConfirmImpact='%s'", cmdlet->impact == 'H' ? "High" : "Medium");
    }
    buf_text(out, ")]\n");
}

/* Only the lines that tell something: how much a cmdlet asks before it acts (rest.md section 7.2). */
static void body(struct buf *out, const struct cmdlet *cmdlet)
{
    buf_text(out, "    Begin {\n");
    if (cmdlet->impact != '-') {
        buf_format(out, "        $cmdletConfirmImpactValue = %d\n", cmdlet->impact == 'H' ? 3 : 2);
    }
    buf_text(out, "    }\n    Process {\n");
    buf_format(out, "        Execute-Command -CmdletName '%.*s' -Parameters $PSBoundParameters%s\n", STR_ARG(cmdlet->name),
               cmdlet->impact == '-' ? "" : " -ShowConfirmPrompt $true -PSCmdletObject $PSCmdlet");
    buf_text(out, "    }\n    End {\n    }\n}\n");
}

/* Four blanks on an otherwise empty line after "param(", and again before ")": a reader may take these lines for its
   marks (rest.md section 7.2). */
static void block(struct buf *out, const struct cmdlet *cmdlet)
{
    /* A few real blocks have a blank line in place of the help file; so has the last cmdlet by name here. */
    bool without_help = str_is(cmdlet->name, "Get-ServicePrincipal");
    buf_text(out, without_help ? "\n" : "# .ExternalHelp Contoso.Compliance.Demo-Help.xml\n");
    buf_format(out, "function script:%.*s\n{\n", STR_ARG(cmdlet->name));
    binding(out, cmdlet);
    buf_text(out, "    param(\n    \n");
    for (size_t i = 0; i < cmdlet->count; i++) {
        parameter(out, &cmdlet->params[i]);
        buf_text(out, i + 1 < cmdlet->count ? ",\n\n" : "\n");
    }
    buf_text(out, "    )\n");
    body(out, cmdlet);
}

/* The same list is printed twice in the module, with other quotes and commas. */
static void names(const struct cmdlet_table *table, struct str wanted, const char *quote, const char *between,
                  struct buf *out)
{
    bool first = true;
    for (size_t i = 0; i < table->count; i++) {
        if (is_wanted(wanted, table->items[i].name)) {
            buf_text(out, first ? "" : between);
            buf_text(out, quote);
            buf_add(out, table->items[i].name);
            buf_text(out, quote);
            first = false;
        }
    }
}

/* One text with commas; the real one may hold empty items, ours does not (rest.md section 7). */
void module_names(const struct cmdlet_table *table, struct str wanted, struct buf *out)
{
    names(table, wanted, "", ",", out);
}

/* The key and the export list stand behind the last cmdlet, so a reader has to go on to the end of the file (rest.md
   section 7.1). */
static void trailer(const struct cmdlet_table *table, struct str wanted, struct buf *out)
{
    static const char hashes[] = "########################################\n";
    buf_text(out, "$HelpFileNames = @('Contoso.Compliance.Demo-Help.xml')\n");
    buf_format(out, "$PublicKey = '%s'\n%sExport-ModuleMember -Function @(", demo_public_key, hashes);
    names(table, wanted, "\"", ", ", out);
    buf_format(out, ")\nExport-ModuleMember -Alias @()\nExport-ModuleMember -Variable @('HelpFileNames')\n%s", hashes);
    buf_text(out, "$TokenProviderObjectId = '5f0c8f9e-8b44-4a52-9d1b-2b7c3c0f6a11';\n"
                  "$ConnectionContextObjectId = 'c1b9e1d2-1a77-4a0e-8f44-0d5d1b0a9e23';\n");
}

/* Cmdlets that the caller did not want are left out of the trailer too, or the module would export what it lacks. */
void module_text(const struct cmdlet_table *table, struct str wanted, struct buf *out)
{
    buf_text(out, prologue);
    for (size_t i = 0; i < table->count; i++) {
        if (is_wanted(wanted, table->items[i].name)) {
            block(out, &table->items[i]);
            buf_text(out, "\n");
        }
    }
    trailer(table, wanted, out);
}
