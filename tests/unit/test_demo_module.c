/* The module file of the demo tenant against the grammar of rest.md section 7.2, read here line by line by a reader of
   this test's own, and the table of cmdlets that it is made from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "demo/cmdlets.h"
#include "demo/module_text.h"

static struct cmdlet_table *table;

static int make_table(void **state)
{
    (void)state;
    table = cmdlet_table_new(NULL);
    return 0;
}

static int drop_table(void **state)
{
    (void)state;
    cmdlet_table_free(table);
    return 0;
}

static struct buf text_for(const char *wanted)
{
    struct buf text = BUF_INIT(BUF_LARGE);
    module_text(table, str_of(wanted), &text);
    assert_false(text.overflowed);
    return text;
}

/* ---- the table ---- */

static void table_holds_the_most_used_cmdlets(void **state)
{
    (void)state;
    static const char *const some[] = { "Get-ComplianceCase", "new-dlpcompliancerule", "SET-LABEL", "Get-User",
                                        "Start-ComplianceSearch", "Release-QuarantineMessage" };
    assert_in_range(table->count, 60, 100);
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        assert_non_null(cmdlet_find(table, str_of(some[i])));
    }
    assert_null(cmdlet_find(table, STR("Get-Nothing")));
    assert_null(cmdlet_find(table, STR("")));
}

static void cmdlets_and_parameters_are_in_order_and_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < table->count; i++) {
        const struct cmdlet *cmdlet = &table->items[i];
        assert_true(i == 0 || str_compare_nocase(table->items[i - 1].name, cmdlet->name) < 0);
        assert_non_null(memchr("-MH", cmdlet->impact, 3));
        for (size_t j = 0; j < cmdlet->count; j++) {
            if (j > 0 && str_compare_nocase(cmdlet->params[j - 1].name, cmdlet->params[j].name) >= 0) {
                fail_msg("%.*s -%.*s is out of order", STR_ARG(cmdlet->name), STR_ARG(cmdlet->params[j].name));
            }
            assert_non_null(memchr("sSwbiuOoBIDRHL", cmdlet->params[j].type, 14));
        }
    }
}

static void one_cmdlet_reads_as_the_service_lists_it(void **state)
{
    (void)state;
    const struct cmdlet *get = cmdlet_find(table, STR("get-compliancecase"));
    assert_true(str_is(get->default_set, "Identity"));
    assert_int_equal(get->impact, '-');
    assert_int_equal(get->count, 5);
    struct str sets = cmdlet_param(get, STR("identity"))->sets;
    struct cmdlet_set set;
    assert_true(cmdlet_next_set(&sets, &set));
    assert_true(str_is(set.name, "Identity") && !set.mandatory && set.position == 0 && set.by_value && set.by_name);
    assert_false(cmdlet_next_set(&sets, &set));
    assert_true(str_starts(cmdlet_param(get, STR("CaseType"))->values, STR("AdvancedEdiscovery|")));
}

static void a_cmdlet_over_several_texts_is_whole(void **state)
{
    (void)state;
    const struct cmdlet *rule = cmdlet_find(table, STR("New-DlpComplianceRule"));
    assert_int_equal(rule->count, 189);
    assert_non_null(cmdlet_param(rule, STR("AccessedBy")));
    assert_non_null(cmdlet_param(rule, STR("WithImportance")));
}

/* ---- the grammar ---- */

struct reader { struct str rest, line; size_t number; };

static bool next_line(struct reader *reader)
{
    if (!reader->rest.len) {
        return false;
    }
    str_cut(&reader->rest, '\n', &reader->line);
    reader->number++;
    return true;
}

static void expect(struct reader *reader, const char *line)
{
    if (!next_line(reader) || !str_is(reader->line, line)) {
        fail_msg("line %zu: \"%.*s\" in place of \"%s\"", reader->number, STR_ARG(reader->line), line);
    }
}

static bool take(struct str *text, const char *literal)
{
    if (!str_starts(*text, str_of(literal))) {
        return false;
    }
    *text = str_from(*text, strlen(literal));
    return true;
}

static bool take_quoted(struct str *text)
{
    struct str inside;
    return take(text, "'") && str_cut(text, '\'', &inside) && inside.len > 0;
}

/* [Parameter(...)]: named parts in the one order that occurs, false values left out. */
static bool is_parameter_attribute(struct str line)
{
    size_t parts = 0;
    if (!take(&line, "    [Parameter(")) {
        return false;
    }
    if (take(&line, "ParameterSetName=")) {
        if (!take_quoted(&line)) {
            return false;
        }
        parts++;
    }
    static const char *const flags[] = { "Mandatory=$true", "Position=", "ValueFromPipeline=$true",
                                         "ValueFromPipelineByPropertyName=$true" };
    for (size_t i = 0; i < 4; i++) {
        struct str before = line;
        if (parts && !take(&line, ", ")) {
            break;
        }
        if (!take(&line, flags[i])) {
            line = before;
            continue;
        }
        parts++;
        while (i == 1 && line.len && *line.data >= '0' && *line.data <= '9') {
            line = str_from(line, 1);
        }
    }
    return parts > 0 && str_is(line, ")]");
}

static bool is_type_line(struct str line)
{
    static const char *const known[] = { "string", "string[]", "switch", "bool", "int", "cultureinfo", "System.Object[]" };
    struct str name = str_take(str_from(line, 5), line.len > 6 ? line.len - 6 : 0);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_is(name, known[i])) {
            return str_starts(line, STR("    [")) && line.data[line.len - 1] == ']';
        }
    }
    return false;
}

/* One parameter from the current line on; true when a comma says that another follows. */
static bool read_parameter(struct reader *reader, const struct cmdlet_param *param)
{
    while (is_parameter_attribute(reader->line)) {
        assert_true(next_line(reader));
    }
    if (str_starts(reader->line, STR("    [ValidateSet('"))) {
        assert_true(param->in_module);
        assert_true(next_line(reader));
    }
    if (is_type_line(reader->line)) {
        assert_true(next_line(reader));
    }
    char expected[128];
    snprintf(expected, sizeof expected, "    ${%.*s}", STR_ARG(param->name));
    if (!str_starts(reader->line, str_of(expected)) || reader->line.len > strlen(expected) + 1) {
        fail_msg("line %zu: \"%.*s\" in place of \"%s\"", reader->number, STR_ARG(reader->line), expected);
    }
    return reader->line.data[reader->line.len - 1] == ',';
}

static void read_parameters(struct reader *reader, const struct cmdlet *cmdlet)
{
    expect(reader, "    param(");
    expect(reader, "    ");
    assert_true(next_line(reader));
    for (size_t i = 0; i < cmdlet->count; i++) {
        bool more = read_parameter(reader, &cmdlet->params[i]);
        assert_int_equal(more, i + 1 < cmdlet->count);
        if (more) {
            expect(reader, "");
        }
        assert_true(next_line(reader));
    }
    assert_true(str_is(reader->line, "    )"));
}

static void read_block(struct reader *reader, const struct cmdlet *cmdlet)
{
    char function[128];
    snprintf(function, sizeof function, "function script:%.*s", STR_ARG(cmdlet->name));
    assert_true(str_is(reader->line, function));
    expect(reader, "{");
    assert_true(next_line(reader));
    assert_true(str_starts(reader->line, STR("    [CmdletBinding(")));
    assert_true(str_ends_nocase(reader->line, STR(")]")));
    assert_int_equal(str_contains_nocase(reader->line, STR("SupportsShouldProcess=$true")), cmdlet->impact != '-');
    assert_int_equal(str_contains_nocase(reader->line, STR("ConfirmImpact='High'")), cmdlet->impact == 'H');
    read_parameters(reader, cmdlet);
    expect(reader, "    Begin {");
    while (next_line(reader) && !str_is(reader->line, "    Process {")) {
        assert_true(str_starts(reader->line, STR("    ")));
    }
    while (next_line(reader) && !str_is(reader->line, "}")) {
        assert_true(str_starts(reader->line, STR("    ")));
    }
    assert_true(str_is(reader->line, "}"));
}

static void every_block_follows_the_grammar(void **state)
{
    (void)state;
    struct buf text = text_for("*");
    struct reader reader = { .rest = buf_str(&text) };
    size_t blocks = 0;
    while (next_line(&reader)) {
        if (str_starts(reader.line, STR("function script:"))) {
            assert_true(blocks < table->count);
            read_block(&reader, &table->items[blocks++]);
        }
    }
    assert_int_equal(blocks, table->count);
    buf_free(&text);
}

static void text_is_ascii_with_line_feeds_only(void **state)
{
    (void)state;
    struct buf text = text_for("*");
    print_message("# the module file has %zu bytes\n", text.len);
    for (size_t i = 0; i < text.len; i++) {
        assert_true(text.data[i] == '\n' || (text.data[i] >= ' ' && text.data[i] < 127));
    }
    buf_free(&text);
}

static void trailer_exports_every_cmdlet(void **state)
{
    (void)state;
    struct buf text = text_for("*"), names = BUF_INIT(BUF_SMALL);
    module_names(table, STR("*"), &names);
    struct str list = buf_str(&names), name;
    size_t count = 0;
    while (list.len) {
        char quoted[128];
        str_cut(&list, ',', &name);
        snprintf(quoted, sizeof quoted, "\"%.*s\"", STR_ARG(name));
        assert_non_null(strstr(text.data, quoted));
        count++;
    }
    assert_int_equal(count, table->count);
    assert_non_null(strstr(text.data, "\nExport-ModuleMember -Function @(\""));
    assert_non_null(strstr(text.data, "\nExport-ModuleMember -Alias @()\n"));
    assert_non_null(strstr(text.data, "\n$PublicKey = '<RSAKeyValue><Modulus>"));
    buf_free(&names);
    buf_free(&text);
}

static void wanted_names_choose_the_blocks(void **state)
{
    (void)state;
    struct buf text = text_for("get-label, *-ComplianceCase"), names = BUF_INIT(BUF_SMALL);
    module_names(table, STR("get-label, *-ComplianceCase"), &names);
    assert_string_equal(buf_cstr(&names),
                        "Get-ComplianceCase,Get-Label,New-ComplianceCase,Remove-ComplianceCase,Set-ComplianceCase");
    assert_null(strstr(text.data, "function script:Get-LabelPolicy"));
    assert_non_null(strstr(text.data, "function script:Get-Label\n"));
    buf_free(&names);
    buf_free(&text);
}

static void patterns_match_as_wildcards(void **state)
{
    (void)state;
    static const struct { const char *pattern, *name; bool match; } cases[] = {
        { "*", "", true }, { "*", "abc", true }, { "a*c", "abc", true }, { "a*c", "abcd", false }, { "A*C*", "abcd", true },
        { "abc", "ABC", true }, { "abc", "abcd", false }, { "*b*b", "abab", true }, { "*aab", "aaab", true },
        { "", "", true }, { "", "a", false }, { "a**", "a", true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (wildcard_match(str_of(cases[i].pattern), str_of(cases[i].name)) != cases[i].match) {
            fail_msg("%s against %s", cases[i].pattern, cases[i].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_holds_the_most_used_cmdlets),
        cmocka_unit_test(cmdlets_and_parameters_are_in_order_and_once),
        cmocka_unit_test(one_cmdlet_reads_as_the_service_lists_it),
        cmocka_unit_test(a_cmdlet_over_several_texts_is_whole),
        cmocka_unit_test(every_block_follows_the_grammar),
        cmocka_unit_test(text_is_ascii_with_line_feeds_only),
        cmocka_unit_test(trailer_exports_every_cmdlet),
        cmocka_unit_test(wanted_names_choose_the_blocks),
        cmocka_unit_test(patterns_match_as_wildcards),
    };
    return cmocka_run_group_tests(tests, make_table, drop_table);
}
