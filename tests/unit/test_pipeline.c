/* The language without a service: values through local cmdlets, and how lines are read. */
#include "catalogue_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "catalogue/command_line.h"
#include "pipeline/bind.h"
#include "pipeline/chain.h"
#include "pipeline/expression.h"
#include "pipeline/local_cmdlets.h"
#include "pipeline/preview.h"
#include "pipeline/statement.h"

static struct catalogue *service, *local;

static int set_up(void **state)
{
    (void)state;
    service = fixture_catalogue();
    local = local_catalogue_new();
    return service ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    catalogue_free(service);
    catalogue_free(local);
    return 0;
}

static struct language language(void)
{
    return (struct language){ .catalogue = service, .local = local };
}

/* The one on show first; another one by its prefix, also to say that it has no such cmdlet; else the one on show says so. */
static void test_a_prefix_chooses_the_connection(void **state)
{
    static const struct { const char *name; uint64_t connection; const char *error; } cases[] = {
        { "Get-Label", 1, "" }, { "get-fablabel", 2, "" }, { "Get-FABLabl", 2, "Did you mean Get-FABLabel?" }, { "Get-Labl", 1, "Did you mean Get-Label?" },
        { "Get-ZZLabel", 1, "Get-Label" }, { "Get-ACMELabel", 3, "" },
    };
    (void)state;
    struct catalogue *fab = fixture_catalogue(), *acme = fixture_catalogue();
    catalogue_set_prefix(fab, "FAB");
    catalogue_set_prefix(acme, "ACME");
    const struct linked others[] = { { fab, 2 }, { acme, 3 } };
    struct language names = { .catalogue = service, .connection = 1, .local = local, .others = others, .other_count = 2 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = { 0 };
        assert_int_equal(language_meant(&names, str_of(cases[i].name)).connection, cases[i].connection);
        struct pipeline *pipeline = statement_pipeline(str_of(cases[i].name), &names, &err);
        assert_int_equal(pipeline != NULL, !*cases[i].error);
        if (!strstr(err.advice, cases[i].error))
            fail_msg("%s: %s", cases[i].name, err.advice);
        if (pipeline)
            assert_int_equal(pipeline_connection(pipeline, 9), cases[i].connection);
        pipeline_free(pipeline);
    }
    struct err err = { 0 };
    struct pipeline *both = statement_pipeline(STR("Get-FABLabel x | Get-ACMEComplianceCase"), &names, &err);
    assert_non_null(both);
    assert_int_equal(both->stages[0].connection, 2);
    assert_int_equal(both->stages[1].connection, 3);
    pipeline_free(both);
    names.catalogue = NULL;
    assert_null(statement_pipeline(STR("Get-Label"), &names, &err));
    assert_string_equal(err.advice, "Put the prefix of one of them before the noun: Get-FABLabel.");
    catalogue_free(fab);
    catalogue_free(acme);
}

static bool collect(void *context, const struct object *object, struct err *err)
{
    struct buf *out = context;
    (void)err;
    buf_text(out, out->len ? " " : "");
    if (object_is_primitive(object))
        property_display(&object->properties[0], out);
    else
        object_print_json(object, false, out);
    return true;
}

/* The result of a line that begins with values, objects parted by blanks; an error as "! TEXT | ADVICE". */
static const char *result_of(const char *line)
{
    static char result[8192];
    const struct language names = language();
    struct err err = { 0 };
    struct buf out = BUF_INIT(sizeof result - 1);
    const struct local_sink sink = { collect, &out };
    struct pipeline *pipeline = statement_pipeline(str_of(line), &names, &err);
    struct chain *chain = pipeline ? chain_new(pipeline, 1, pipeline->count, &sink, NULL, &err) : NULL;
    bool good = chain != NULL;
    if (pipeline)
        assert_int_equal(pipeline->stages[0].kind, STAGE_VALUES);
    const struct json *value = good ? json_first(pipeline->stages[0].values) : NULL;
    for (; good && value && !chain_full(chain); value = json_next(value)) {
        struct object object;
        object_init(&object);
        object_from_json(&object, value);
        good = chain_object(chain, &object, &err);
        object_free(&object);
    }
    good = good && chain_end(chain, &err);
    if (good)
        snprintf(result, sizeof result, "%s", buf_cstr(&out));
    else
        snprintf(result, sizeof result, "! %s | %s", err.text, err.advice);
    chain_free(chain);
    pipeline_free(pipeline);
    buf_free(&out);
    return result;
}

#define DATA                                                                                                           \
    "@(@{Name='beta';Size=20;Kind='x';When='2026-01-05T00:00:00'},@{Name='Alpha';Size=3;Kind='y';When='2025-12-01T00:00:00'}," \
    "@{Name='gamma';Size=100;Kind='X';When=$null}) | "

struct line_case { const char *line, *result; };

static void check_cases(const struct line_case *cases, size_t count)
{
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        const char *result = result_of(cases[i].line);
        bool error = cases[i].result[0] == '!';
        if (error ? !strstr(result, cases[i].result + 1) || result[0] != '!' : strcmp(result, cases[i].result) != 0) {
            print_error("%s\n  gave     %s\n  expected %s\n", cases[i].line, result, cases[i].result);
            good = false;
        }
    }
    assert_true(good);
}
#define CHECK(cases) check_cases(cases, sizeof(cases) / sizeof *(cases))

static void test_where(void **state)
{
    (void)state;
    static const struct line_case cases[] = {
        { DATA "where Size -gt 10 | % Name", "beta gamma" },
        { DATA "Where-Object { $_.Size -gt 10 -and $_.Kind -eq 'x' } | % Name", "beta gamma" },
        { DATA "? { $_.Kind -ceq 'x' } | % Name", "beta" },
        { DATA "? { -not ($_.Size -lt 50) -or $_.Name -like 'a*' } | % Name", "Alpha gamma" },
        { DATA "?{$_.Size -gt 10}|%{$_.Name}", "beta gamma" },
        { DATA "? Name -match '^[ab]' | % Name", "beta Alpha" },
        { DATA "? Name -cmatch '^[ab]' | % Name", "beta" },
        { DATA "? Name -notlike '*a' | % Name", "" },
        { DATA "? Name -in 'ALPHA','gamma' | % Name", "Alpha gamma" },
        { DATA "? Name -notin 'ALPHA','gamma' | % Name", "beta" },
        { DATA "? When -gt '2026-01-01' | % Name", "beta" },
        { DATA "? { $_.When -eq $null } | % Name", "gamma" },
        { DATA "? When -eq $null | % Name", "gamma" },
        { "@(@{N='a';On=$true},@{N='b';On=$false}) | ? On -eq $false | % N", "b" },
        { "@(@{N='a';On=$true},@{N='b';On=$false}) | Where-Object On -ne $false | % N", "a" },
        { DATA "? When | % Name", "beta Alpha" },
        { DATA "? Absent -eq 5 | % Name", "" },
        { DATA "? { $PSItem.Name -ne \"beta\" } | % Name", "Alpha gamma" },
        { "@(@{T=@('a','b')},@{T=@('c')}) | ? T -contains 'B' | % T", "a b" },
        { "1,2,3 | ? { $_ -ge 2 }", "2 3" },
        { DATA "? { $_.When.Year -eq 2026 } | % { $_.When.Month }", "1" },
        { DATA "% { $_.When.DayOfWeek }", "Monday Monday" },
        { DATA "select -First 1 | % When.Date", "2026-01-05T00:00:00Z" },
        { "'2026-02-03T04:05:06.789+02:00' | select @{n='W';e={$_}} | % { $_.W.Hour }", "2" },
        { DATA "? Name -match '('", "!column 183: the regular expression cannot be read at its character 2" },
        { DATA "select -First x", "!column 183: -First" },
        { "'\xd0\xa1\xd0\xb5\xd0\xba','\xf0\x9f\x98\x80' | % { $_.Length }", "3 2" },
        { "@(@{G=@(@{T=@(@{N='a'},@{N='b'})},@{T=@(@{N='c'})})}) | % { $_.G.T.N }", "a b c" },
        { "@(@{G=@(@{N='a'},@{N='b'})}) | % { $_.G.Count }", "2" },
        { DATA "? { [int]$_.Size -gt 10 -and [string]$_.Kind -eq 'x' } | % Name", "beta gamma" },
        { DATA "? { $_.When -gt [datetime]'2026-01-01' } | % Name", "beta" },
        { DATA "? { $_.When -gt (Get-Date '2025-12-31').AddDays(1) } | % Name", "beta" },
        { DATA "? { $_.When -and $_.When -lt [datetime]::UtcNow.AddYears(50) } | % Name", "beta Alpha" },
        { DATA "? { $_.When -gt [datetime]'soon' }", "![datetime]: \"soon\" is not a date" },
        { DATA "? { $_.When -gt [datetime]'01/01/2026' } | % Name", "beta" },
        { DATA "? { [datetime]$_.When -gt [datetime]'2026-01-01' } | % Name", "beta" },
        { DATA "? Size -eq", "!needs a value" },
        { DATA "? { $_.Size -eqq 5 }", "!no such operator" },
        /* -not binds to what stands behind it, as in PowerShell. */
        { DATA "? { -not $_.Name -eq 'beta' } | % Name", "" },
        { DATA "? { -not ($_.Name -eq 'beta') } | % Name", "Alpha gamma" },
        { DATA "? { !$_.When -eq $true } | % Name", "gamma" },
        /* The right side becomes what the left one is. */
        { "@(@{N='a';On=$true},@{N='b';On=$false}) | ? { $_.On -eq 0 } | % N", "b" },
        { "@(@{N='a';On=$true},@{N='b';On=$false}) | ? { $_.On -eq 'False' } | % N", "b" },
        { "@(@{N='a';On=$true},@{N='b';On=$false}) | ? { 1 -eq $_.On } | % N", "a" },
        /* Dates as people write them, beside the service's. */
        { DATA "? { $_.When -gt '12/31/2025' } | % Name", "beta" },
        { DATA "? { $_.When -lt '2025-12-01 10:00' } | % Name", "Alpha gamma" },
        { DATA "? { $_.When -gt '03/04/2025' }", "!is not clear" },
        { DATA "? When -gt '03/04/2025'", "!is not clear" },
        { DATA "? { $_.Name -eq '03/04/2025' }", "" },
        { DATA "? { $_.Name = 'x' }", "!-eq is meant" },
        { DATA "? { $_.Name -eq 'x' || $_.Size -eq 3 }", "!-or is meant" },
        { DATA "? { $_.Size > 3 }", "!-gt or -ge is meant" },
        { DATA "% { $_.Name + 'x' }", "!nothing can be calculated" },
        { DATA "? { Name -eq 'beta' }", "!a bare word is neither" },
        { DATA "? { $_.Size -in 1..3 }", "!ranges are not known" },
        { DATA "? ($_.Size -eq 3)", "!only known in a block" },
        { DATA "? { $_.Size -eq 5", "!never closed" },
        { DATA "? Name -match '('", "!regular expression" },
        { DATA "? { Remove-Item x }", "!" },
    };
    CHECK(cases);
}

static void test_select(void **state)
{
    (void)state;
    static const struct line_case cases[] = {
        { DATA "select Name,Size -First 1", "{\"Name\":\"beta\",\"Size\":20}" },
        { DATA "select -First 2 -Skip 1 Name", "{\"Name\":\"Alpha\"} {\"Name\":\"gamma\"}" },
        { DATA "select -Last 1 -ExpandProperty Name", "gamma" },
        { DATA "select -SkipLast 1 -ExpandProperty Name", "beta Alpha" },
        { DATA "select -Index 0,2 -ExpandProperty Name", "beta gamma" },
        { DATA "select Kind -Unique", "{\"Kind\":\"x\"} {\"Kind\":\"y\"}" },
        { DATA "select N*,Absent -First 1", "{\"Name\":\"beta\",\"Absent\":null}" },
        { DATA "select * -ExcludeProperty When,Kind -First 1", "{\"Name\":\"beta\",\"Size\":20}" },
        { DATA "select @{Name='Double';Expression={$_.Size}},Name -First 1", "{\"Double\":20,\"Name\":\"beta\"}" },
        { DATA "select @{n='Big';e={$_.Size -gt 50}} -Last 1", "{\"Big\":true}" },
        { DATA "select Name -First 0", "" },
        { DATA "select -First -1", "!not negative" },
        { DATA "select -Frist 1", "!no parameter -Frist" },
    };
    CHECK(cases);
}

static void test_sort_group_measure(void **state)
{
    (void)state;
    static const struct line_case cases[] = {
        { DATA "sort Name | % Name", "Alpha beta gamma" },
        { DATA "sort Size -Descending | % Size", "100 20 3" },
        { DATA "sort Kind,Size | % Name", "beta gamma Alpha" },
        { DATA "sort @{e='Kind';Descending=$true},Name | % Name", "Alpha beta gamma" },
        { DATA "sort Kind -Unique | % Kind", "x y" },
        { DATA "sort When | % Name", "Alpha beta gamma" },
        { "'b','a','B' | sort -Unique", "a b" },
        { "10,9,2 | sort", "2 9 10" },
        { DATA "sort Size -Top 1 | % Size", "3" },
        { DATA "group Kind | select Name,Count", "{\"Name\":\"x\",\"Count\":2} {\"Name\":\"y\",\"Count\":1}" },
        { DATA "group Kind -NoElement", "{\"Count\":2,\"Name\":\"x\"} {\"Count\":1,\"Name\":\"y\"}" },
        { DATA "measure | % Count", "3" },
        { DATA "measure Size -Sum -Maximum -Minimum -Average | select Sum,Maximum,Minimum,Average",
          "{\"Sum\":123,\"Maximum\":100,\"Minimum\":3,\"Average\":41}" },
        { DATA "measure Name -Maximum -Minimum | select Maximum,Minimum", "{\"Maximum\":\"gamma\",\"Minimum\":\"Alpha\"}" },
        { "'b','c','a' | measure -Maximum | % Maximum", "c" },
        { DATA "measure Name -Sum", "!\"beta\" is not a number" },
        { DATA "% Name | measure | % Count", "3" },
        { DATA "gm | ? Name -eq 'Size' | % MemberType", "NoteProperty" },
        { DATA "% { $_.Name }", "beta Alpha gamma" },
        { DATA "% { Get-Date }", "!" },
    };
    CHECK(cases);
}

static void test_sources(void **state)
{
    (void)state;
    static const struct line_case cases[] = {
        { "Get-Command *label* | % Name", "Get-Label" },
        { "gcm -Verb Set | % Name", "Set-Thing" },
        { "Get-Command Get-Lable", "!Did you mean Get-Label" },
        { "Get-Help Get-Label | % Syntax", "Get-Label [[-Identity] <value>] [-IncludeDetailedLabelActions] [-ResultSize <value>]" },
        { "Get-ConnectionInformation", "" },
        { "Get-Help Get-Label -Parameter Iden* | % Name", "Identity" },
        { "Get-Help Get-Label -Parameter Nope*", "!Get-Label has no parameter Nope*" },
        { "echo 'a','b'", "a b" },
        { "'it''s'", "it's" },
        { "@'\nline 1\nline 2\n'@", "line 1\nline 2" },
        { "1KB", "1024" },
        { "<# over\nlines #> 5 # rest", "5" },
        { "1,2 |\n  select -first 1", "1" },
        { "1,2\n  | select -last 1", "2" },
    };
    CHECK(cases);
}

static void test_variable_begins_a_pipeline(void **state)
{
    (void)state;
    static const struct { const char *line, *name; size_t stages; } cases[] = {
        { "$labels", "labels", 1 }, { "$l | Get-Label", "l", 2 }, { "$l.Name", "l", 2 }, { "$L.Exception.Message | select -First 1", "L", 3 },
        { "$l.Count # how many", "l", 3 }, { "  $l ; ", "l", 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = { 0 };
        const struct language names = language();
        struct pipeline *pipeline = statement_pipeline(str_of(cases[i].line), &names, &err);
        if (!pipeline)
            fail_msg("%s: %s", cases[i].line, err.text);
        struct pipeline *copy = pipeline_copy(pipeline);
        pipeline_free(pipeline);
        assert_string_equal(copy->stages[0].variable, cases[i].name);
        assert_null(copy->stages[0].values);
        assert_int_equal(copy->count, cases[i].stages);
        pipeline_free(copy);
    }
}

static void test_says_where(void **state)
{
    (void)state;
    static const struct { const char *line, *part; } cases[] = {
        { "", "no command" },
        { "  # nothing", "no command" },
        { "$x = Get-Label", "column 1: variables are not known" },
        { "$x += Get-Label", "column 1: variables are not known" },
        { "$x[0]", "column 3: elements cannot be taken" },
        { "$x.Where({1})", "column 9: only the name of a property" },
        { "Get-Label | $x", "column 13: variables are not known" },
        { "Get-Label $x", "column 11: variables and expressions" },
        { "$null = Get-Label", "column 1: variables are not known" },
        { "Get-Label | ? { $_.Name -match '(' }", "column 32: the regular expression" },
        { "Get-Label -W", "-W is ambiguous for Get-Label" },
        { "Set-Thing -Identity $_.Name", "column 21: the object of the pipeline" },
        { "Get-Label | ? { $_.Name -replace 'a','b' }", "column 25: no such operator" },
        { "Get-Label; Get-Label", "a second statement" },
        { "Get-Label | ", "expected the name of a cmdlet" },
        { "| Get-Label", "column 1: expected the name" },
        { "Get-Label || Get-Label", "column 11: nothing can be piped" },
        { "Get-Label && Get-Label", "column 11: '&'" },
        { "Get-Label | Get-Labell", "column 13: Get-Labell is not among" },
        { "Get-Label | Where-Object", "column 13:" },
        { "Select-Object Name", "column 1: Select-Object takes objects from the cmdlet before it" },
        { "Get-Label | Get-Command", "column 13: Get-Command can only stand at the beginning" },
        { "Get-Label | ft | select Name", "column 18: nothing can follow here but Out-File" },
        { "Get-Label | ft | ConvertTo-Json", "column 18: ConvertTo-Json: the objects have become text" },
        { "Get-Label 2>$null", "column 11: only the objects can go to a file" },
        { "Get-Label x *> all.txt", "column 13: only the objects can go to a file" },
        { "Get-Label | ft @{Name='x'}", "column 13: -Property: a hash table here needs Expression" },
        { "Get-Label > a > b", "column 15: the result goes to a file already" },
        { "Get-Label >", "expected the name of a file" },
        { "Get-Label | Export-Csv", "-Path" },
        { "Get-Label | Export-Csv x -Encoding Unicode", "UTF-8" },
        { "Get-Label | ConvertTo-Csv -Delimiter '||'", "Delimiter" },
        { "if ($true) { Get-Label }", "column 1: 'if' is not possible here" },
        { "foreach ($x in 1) { }", "column 1: 'foreach' is not possible here" },
        { "(Get-Label x).Name()", "column 19: only the name of a property" }, { "(Get-Label x", "column 13: expected ')'" }, { "(Get-Label | ft).Name", "column 1: only cmdlets" },
        { "(Get-Labl x).Name", "column 2: Get-Labl is not" }, { "(Get-Label x).", "column 15: only the name of a property" },
        { "function f { }", "'function' is not possible" },
        { "Get-Label | Set-Thing -Colour Mauve", "Colour" },
        { "Connect-IPPSSession x@y.z", "Connect-IPPSSession cannot be used here" },
        { "Get-Label | Connect-IPPSSession", "column 13: Connect-IPPSSession can only stand at the beginning" },
        { "Get-Label\n| Get-Labell", "line 2, column 3:" },
    };
    const struct language names = language();
    bool good = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = { 0 };
        struct pipeline *pipeline = statement_pipeline(str_of(cases[i].line), &names, &err);
        if (pipeline || err.kind != ERR_INPUT || !strstr(err.text, cases[i].part)) {
            print_error("%s\n  gave    %s\n  without %s\n", cases[i].line, pipeline ? "a pipeline" : err.text, cases[i].part);
            good = false;
        }
        pipeline_free(pipeline);
    }
    assert_true(good);
}

/* Whoever comes from PowerShell is told what does the work here, not to ask for a role. */
static void test_says_what_instead(void **state)
{
    (void)state;
    static const struct { const char *line, *text, *advice; } cases[] = {
        { "Get-Label | Out-GridView", "column 13: Out-GridView is a cmdlet of PowerShell itself", "terminal interface" },
        { "Get-Label | out-string", "column 13: out-string is a cmdlet of PowerShell itself", "Out-File" },
        { "Import-Csv x.csv | Get-Label", "column 1: Import-Csv is a cmdlet of PowerShell", "@file.json" },
        { "Get-Mailbox", "column 1: Get-Mailbox is a cmdlet of Exchange Online", "purvey cmdlets" },
        { "Get-Label | ? Name -eq 'a' -and Priority -gt 1", "column 28: Where-Object has no parameter -and", "in a block" },
        { "$ErrorActionPreference = 'Stop'", "column 1: variables are not known", "-ErrorAction Stop" },
        { "$null = Get-Label", "column 1: variables are not known", "Out-Null" },
        { "Get-Label | Where-Objct Name", "column 13: Where-Objct is not among", "Did you mean Where-Object?" },
        { "Get-Label | Measure-Object -Line", "Measure-Object has no parameter -Line here", "It has -Property, -Sum" },
        { "Get-Label | Format-List -Propert3 x", "has no parameter -Propert3 here", "Did you mean -Property?" },
        { "Get-Label | Where-Object { Set-Thing $_.Name -Colour Red }", "column 28: Set-Thing cannot run inside of brackets or a block", "Get-X | Set-Y" },
        { "Get-Label | % { Write-Host $_.Name }", "column 17: Write-Host cannot run", "printed by itself" },
        { "Get-Label | % { $_.Name; $_.Guid }", "column 24: there is one expression", "Select-Object A, B" },
        { "'a','b' -join ','", "column 9: nothing can be calculated or joined", "Write the value out" },
        { "(Get-Label)[0]", "column 12: elements cannot be taken by their number", "-First 1" },
        { "Get-Label | % { \"$($_.Name)-x\" }", "column 18: nothing is put into a text", "$_.Name" },
        { "Get-Label | Get-Unique", "column 13: Get-Unique is a cmdlet of PowerShell itself", "shell script" },
        { "Connect-MgGraph", "column 1: Connect-MgGraph is a cmdlet of another module", "Connect-IPPSSession" },
        { "Get-Label | % { if ($_.Priority) { $_.Name } }", "column 17: there are no branches and loops", "Where-Object" },
        { "Get-Label | % { [math]::Round($_.Size) }", "column 17: methods of .NET", "as it is" },
        { "-Colour Red", "column 1: a parameter stands at the beginning", "no comment is between" },
        { "Get-Label x ` \n -ResultSize 5", "column 13: ", "a blank behind it" },
        { "Get-Label | Out-Null -x", "Out-Null has no parameter -x here", "takes no parameters here" },
        { "Get-Label -Colour", "for this account", "further role" },
    };
    const struct language names = language();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = { 0 };
        assert_null(statement_pipeline(str_of(cases[i].line), &names, &err));
        if (err.kind != ERR_INPUT || !strstr(err.text, cases[i].text) || !strstr(err.advice, cases[i].advice))
            fail_msg("%s: %s / %s", cases[i].line, err.text, err.advice);
    }
}

static struct pipeline *read_line(const char *line)
{
    const struct language names = language();
    struct err err = { 0 };
    struct pipeline *pipeline = statement_pipeline(str_of(line), &names, &err);
    if (!pipeline)
        fail_msg("%s: %s", line, err.text);
    return pipeline;
}

static void test_statements_of_a_script(void **state)
{
    (void)state;
    static const char script[] = "\xef\xbb\xbf# by night\nImport-Module ExchangeOnlineManagement -Force\n"
                                 "Connect-IPPSSession -UserPrincipalName a@b.c -Credential (Get-Credential) `\n  -ShowBanner:$false\n"
                                 "Get-Label; Get-Label x |\n  select Name > out.txt\n\nDisconnect-ExchangeOnline -Confirm:$false\n";
    static const enum statement_kind kinds[] = { STATEMENT_NOTHING, STATEMENT_CONNECT, STATEMENT_PIPELINE, STATEMENT_PIPELINE, STATEMENT_DISCONNECT };
    const struct language names = language();
    struct reader reader = reader_of(str_from(STR(script), 3));
    struct err err = { 0 };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct statement *statement = statement_read(&reader, &names, &err);
        if (!statement)
            fail_msg("statement %zu: %s", i, err.text);
        assert_int_equal(statement->kind, kinds[i]);
        if (i == 1) {
            static const char *const words[] = { "-UserPrincipalName", "a@b.c", "-Credential", "prompt", "-ShowBanner:$false" };
            for (size_t k = 0; k < sizeof words / sizeof *words; k++)
                assert_string_equal(k < statement->word_count ? statement->words[k] : "(none)", words[k]);
        }
        if (i == 3) {
            assert_int_equal(statement->pipeline->count, 2);
            assert_string_equal(statement->pipeline->output.path, "out.txt");
        }
        statement_free(statement);
    }
    assert_null(statement_read(&reader, &names, &err));
    assert_int_equal(err.kind, ERR_NONE);
}

static void test_outputs(void **state)
{
    (void)state;
    struct pipeline *pipeline = read_line("Get-Label | fl Name, *Guid | Out-File 'my file.txt' -Append");
    assert_int_equal(pipeline->output.form, OUTPUT_LIST);
    assert_int_equal(pipeline->output.column_count, 2);
    assert_string_equal(pipeline->output.columns[1], "*Guid");
    assert_string_equal(pipeline->output.path, "my file.txt");
    assert_true(pipeline->output.append);
    struct pipeline *copy = pipeline_copy(pipeline);
    pipeline_free(pipeline);
    assert_string_equal(copy->output.columns[0], "Name");
    assert_string_equal(copy->text, "Get-Label | fl Name, *Guid | Out-File 'my file.txt' -Append");
    pipeline_free(copy);
    pipeline = read_line("Get-Label | Export-Csv x.csv -Delimiter ';' -NoClobber -NoTypeInformation");
    assert_int_equal(pipeline->output.form, OUTPUT_CSV);
    assert_int_equal(pipeline->output.separator, ';');
    assert_true(pipeline->output.no_clobber);
    pipeline_free(pipeline);
}

static void test_what_changes_and_asks(void **state)
{
    (void)state;
    static const struct { const char *line; bool changes, asks; } cases[] = {
        { "Get-Label", false, false },
        { "Set-Thing x -Count 5", true, true },                 /* its impact is High */
        { "Set-Thing x -Confirm:$false", true, false },
        { "Set-Thing x -WhatIf", false, false },
        { "Set-Thing x -WhatIf:$false -Confirm", true, true },
        { "'x' | select -first 1", false, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pipeline *pipeline = read_line(cases[i].line);
        const struct stage *stage = pipeline_main(pipeline);
        assert_int_equal(!pipeline_read_only(pipeline), cases[i].changes);
        assert_int_equal(stage && stage_asks(stage), cases[i].asks);
        pipeline_free(pipeline);
    }
}

static struct invocation *bind_json(const struct stage *stage, const char *text, struct err *err)
{
    struct object object;
    struct json *tree = json_parse(str_of(text), NULL);
    object_init(&object);
    object_from_json(&object, tree);
    struct invocation *invocation = bind_object(stage, &object, err);
    object_free(&object);
    json_free(tree);
    return invocation;
}

static void test_binds_objects(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct pipeline *pipeline = read_line("'a' | Get-ComplianceCase -CaseType eDiscovery");
    const struct stage *stage = &pipeline->stages[1];
    static const struct { const char *object, *identity; } cases[] = {
        { "{\"Value\":\"by value\"}", "by value" },
        { "{\"Name\":\"n\",\"Identity\":\"i\"}", "i" },
        { "{\"Name\":\"n\",\"Other\":1}", "n" },
        { "{\"Guid\":\"g\",\"Name\":\"n\"}", "g" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct invocation *invocation = bind_json(stage, cases[i].object, &err);
        if (!invocation)
            fail_msg("%s: %s", cases[i].object, err.text);
        assert_true(str_is(json_string(invocation_get(invocation, "Identity")->value), cases[i].identity));
        assert_true(str_is(json_string(invocation_get(invocation, "CaseType")->value), "eDiscovery"));
        invocation_free(invocation);
    }
    assert_null(bind_json(stage, "{\"Nothing\":true}", &err));
    assert_string_equal(err.code, "InputObjectNotBound");
    pipeline_free(pipeline);
}

/* The block of ForEach-Object, bound to an object: "Name=value" of each argument, or the error. */
static const char *each_of(const char *line, const char *object_text)
{
    static char result[1024];
    struct err err = { 0 };
    struct language language = { .catalogue = service, .local = local };
    struct pipeline *pipeline = statement_pipeline(str_of(line), &language, &err);
    struct invocation *bound = NULL;
    if (pipeline) {
        struct pipeline *copy = pipeline_copy(pipeline);
        struct object object;
        struct json *tree = json_parse(str_of(object_text), NULL);
        object_init(&object);
        object_from_json(&object, tree);
        bound = bind_object(&copy->stages[copy->count - 1], &object, &err);
        object_free(&object);
        json_free(tree);
        pipeline_free(copy);
    }
    struct buf out = BUF_INIT(BUF_SMALL);
    if (bound)
        command_line_print(bound, &out);
    snprintf(result, sizeof result, bound ? "%s" : "! %s | %s", bound ? buf_cstr(&out) : err.text, err.advice);
    buf_free(&out);
    invocation_free(bound);
    pipeline_free(pipeline);
    return result;
}

static void test_a_cmdlet_for_each(void **state)
{
    (void)state;
    static const char object[] = "{\"Name\":\"it's\",\"Size\":5,\"Empty\":\"\",\"Tags\":[\"a\",\"b\"],\"In\":{\"Deep\":\"d\"},\"Big\":500}";
    static const struct line_case cases[] = {
        { "Get-Label | % { Set-Thing x -Count $_.Size }", "Set-Thing -Count 5 -Identity x" },
        { "Get-Label | ForEach-Object -Process {\n  Set-Thing -Identity ($_.Name) -Words $PSItem.Tags\n}", "Set-Thing -Identity 'it''s' -Words a,b" },
        { "Get-Label | foreach { Set-Thing \"$($_.Name)\" -Anything $_.In.Deep; }", "Set-Thing -Anything d -Identity 'it''s'" },
        { "Get-Label | %{Set-Thing -Identity $_.Name}", "Set-Thing -Identity 'it''s'" },
        { "Get-Label | % { Set-Thing x }", "Set-Thing -Identity x" },
        { "Get-Label | % { Set-Thing -Identity $_.Nmae }", "! Set-Thing was not run for an object, because its $_.Nmae is empty | The object has no such property. Did you mean Name?" },
        { "Get-Label | % { Set-Thing x -Anything $_.Empty }", "! Set-Thing was not run for an object, because its $_.Empty is empty | Leave such" },
        { "Get-Label | % { Set-Thing -Identity $_ }", "Set-Thing -Identity 'it''s'" },
        { "Get-Label | % { Set-Thing x -Anything $_ }", "! -Anything cannot take a whole object" },
        { "Get-Label | % { Set-Thing x -Count $_.Name }", "! -Count: \"it's\" is not a whole number" },
        { "Get-Label | % { Set-Thing x -Count $_.Big }", "! -Count: 500 is outside of 1 to 100" },
        { "Get-Label | % { Set-Thing -Count $_.Size }", "! column 17: Set-Thing needs -Identity" },
        { "Get-Label | % { Set-Thing x -Words $_.Name,'b' }", "! column 36: a property of the object is a parameter's whole value" },
        { "Get-Label | % { Set-Thing x -Words 'b',$_.Name }", "! column 40: the object of the pipeline, $_, is only known" },
        { "Get-Label | % { Set-Thing x -Settings @{a=$_.Name} }", "! column 43: the object of the pipeline, $_, is only known" },
        { "Get-Label | % { Set-Thing x -Password $_.Name }", "! column 39: -Password takes a password, and no property" },
        { "Get-Label | % { Set-Thing x -Force:$_.Name }", "! column 36: -Force is a switch" },
        { "Get-Label | % { Set-Thing x -Name $_.Name.Trim() }", "! column 47: methods are not known here" },
        { "Get-Label | % { Set-Thing x | Get-Label }", "! column 29: one cmdlet is all that a block can hold" },
        { "Get-Label | % { Set-Thing x; Get-Label }", "! column 30: one cmdlet is all that a block can hold" },
        { "Get-Label | % { Set-Thing x", "! column 28: one cmdlet is all that a block can hold" },
        { "Get-Label | % { Set-Thingg $_.Name }", "! column 17: Set-Thingg is not among the cmdlets" },
        { "Get-Label | Set-Thing -Name $_.Name", "! column 29: the object of the pipeline, $_, is only known" },
    };
    bool good = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *result = each_of(cases[i].line, object);
        if (strncmp(result, cases[i].result, strlen(cases[i].result)) != 0) {
            print_error("%s\n  gave     %s\n  expected %s\n", cases[i].line, result, cases[i].result);
            good = false;
        }
    }
    assert_true(good);
}

static void test_knows_a_foreign_answer(void **state)
{
    (void)state;
    static const struct { const char *asked, *object; bool fits; } cases[] = {
        { "Personal", "{\"Name\":\"personal\"}", true },
        { "Personal", "{\"Name\":\"Public\",\"Guid\":\"1\"}", false },
        { "Personal", "{\"Identity\":\"a/b/Configuration/Personal\"}", true },
        { "x/y\\\\R1", "{\"Name\":\"R1\",\"Identity\":\"R1\"}", true },
        { "P*", "{\"Name\":\"Public\"}", true },
        { "Personal", "{\"Count\":5}", true },
        { "5", "{\"Name\":\"5\"}", true },
        { "5", "{\"Name\":\"Public\",\"Guid\":\"1\"}", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct invocation *asked = invocation_new("Get-Label");
        struct object object;
        struct json *tree = json_parse(str_of(cases[i].object), NULL);
        invocation_set(asked, "Identity", ARG_TEXT, TYPE_STRING, json_new_string(str_of(cases[i].asked)));
        object_init(&object);
        object_from_json(&object, tree);
        if (bind_matches_identity(asked, &object) != cases[i].fits)
            fail_msg("%s and %s", cases[i].asked, cases[i].object);
        /* A number is no less an identity. */
        if (strcmp(cases[i].asked, "5") == 0) {
            invocation_set(asked, "Identity", ARG_NUMBER, TYPE_INT, json_new_int(5));
            assert_int_equal(bind_matches_identity(asked, &object), cases[i].fits);
        }
        object_free(&object);
        json_free(tree);
        invocation_free(asked);
    }
}

static void test_previews(void **state)
{
    (void)state;
    /* What it is about is what would change, unless something beside it does. */
    struct pipeline *piped = read_line("Get-Label | Set-Thing x -Count 5 -WhatIf");
    assert_string_equal(pipeline_main(piped)->invocation->cmdlet, "Set-Thing");
    assert_true(pipeline_read_only(piped));
    pipeline_free(piped);
    struct pipeline *pipeline = read_line("Set-Thing x -Count 5 -Words a,b -Confirm:$false -WhatIf");
    struct buf out = BUF_INIT(BUF_SMALL);
    const struct local_sink sink = { collect, &out };
    struct object before;
    struct json *tree = json_parse(STR("{\"Count\":4,\"Words\":null}"), NULL);
    struct err err = { 0 };
    object_init(&before);
    object_from_json(&before, tree);
    assert_true(preview_rows(pipeline->stages[0].invocation, &before, &sink, &err));
    assert_string_equal(buf_cstr(&out),
                        "{\"Cmdlet\":\"Set-Thing\",\"Target\":\"x\",\"Parameter\":\"Count\",\"Before\":\"4\",\"After\":\"5\"} "
                        "{\"Cmdlet\":\"Set-Thing\",\"Target\":\"x\",\"Parameter\":\"Words\",\"Before\":null,\"After\":\"a, b\"}");
    object_free(&before);
    json_free(tree);
    buf_free(&out);
    pipeline_free(pipeline);
}

/* "Identity=x Member=y" as a preview of the cmdlet. */
static void expect_preview(const char *cmdlet, const char *arguments, const char *before, const char *rows)
{
    struct invocation *invocation = invocation_new(cmdlet);
    struct str rest = str_of(arguments), word;
    struct buf out = BUF_INIT(BUF_SMALL);
    const struct local_sink sink = { collect, &out };
    struct json *tree = before ? json_parse(str_of(before), NULL) : NULL;
    struct object object;
    struct err err = { 0 };
    while (rest.len > 0) {
        struct str value, name;
        str_cut(&rest, ' ', &word);
        value = word;
        str_cut(&value, '=', &name);
        char *named = str_dup(name);
        invocation_set(invocation, named, ARG_TEXT, TYPE_STRING, json_new_string(value));
        free(named);
    }
    object_init(&object);
    if (tree)
        object_from_json(&object, tree);
    assert_true(preview_rows(invocation, tree ? &object : NULL, &sink, &err));
    assert_string_equal(buf_cstr(&out), rows);
    object_free(&object);
    json_free(tree);
    buf_free(&out);
    invocation_free(invocation);
}

/* What becomes of the object is a row of its own: nothing is left empty. */
static void test_previews_say_what_becomes_of_the_object(void **state)
{
    (void)state;
    expect_preview("Remove-Label", "Identity=a/b", "{\"Name\":\"b\"}",
                   "{\"Cmdlet\":\"Remove-Label\",\"Target\":\"a/b\",\"Parameter\":\"(object)\",\"Before\":\"b\",\"After\":\"(removed)\"}");
    expect_preview("Remove-RoleGroupMember", "Identity=g Member=m", NULL,
                   "{\"Cmdlet\":\"Remove-RoleGroupMember\",\"Target\":\"g\",\"Parameter\":\"Member\",\"Before\":\"m\",\"After\":\"(removed)\"}");
    expect_preview("Remove-ComplianceCaseMember", "Case=c Member=", NULL,
                   "{\"Cmdlet\":\"Remove-ComplianceCaseMember\",\"Target\":\"c\",\"Parameter\":\"Case\",\"Before\":null,\"After\":\"c\"} "
                   "{\"Cmdlet\":\"Remove-ComplianceCaseMember\",\"Target\":\"c\",\"Parameter\":\"Member\",\"Before\":\"\",\"After\":\"(removed)\"}");
    expect_preview("Add-RoleGroupMember", "Identity=g Member=m", NULL,
                   "{\"Cmdlet\":\"Add-RoleGroupMember\",\"Target\":\"g\",\"Parameter\":\"Member\",\"Before\":null,\"After\":\"m\"}");
    expect_preview("New-Label", "Name=n Comment=c", NULL,
                   "{\"Cmdlet\":\"New-Label\",\"Target\":\"n\",\"Parameter\":\"(object)\",\"Before\":null,\"After\":\"(created)\"} "
                   "{\"Cmdlet\":\"New-Label\",\"Target\":\"n\",\"Parameter\":\"Name\",\"Before\":null,\"After\":\"n\"} "
                   "{\"Cmdlet\":\"New-Label\",\"Target\":\"n\",\"Parameter\":\"Comment\",\"Before\":null,\"After\":\"c\"}");
    expect_preview("Start-ComplianceSearch", "Identity=s", NULL,
                   "{\"Cmdlet\":\"Start-ComplianceSearch\",\"Target\":\"s\",\"Parameter\":\"(object)\",\"Before\":null,\"After\":\"(started)\"}");
    expect_preview("Execute-AzureAdLabelSync", "", NULL,
                   "{\"Cmdlet\":\"Execute-AzureAdLabelSync\",\"Target\":null,\"Parameter\":\"(cmdlet)\",\"Before\":null,\"After\":\"(run)\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where),
        cmocka_unit_test(test_select),
        cmocka_unit_test(test_sort_group_measure),
        cmocka_unit_test(test_sources),
        cmocka_unit_test(test_variable_begins_a_pipeline),
        cmocka_unit_test(test_says_where),
        cmocka_unit_test(test_says_what_instead),
        cmocka_unit_test(test_statements_of_a_script),
        cmocka_unit_test(test_outputs),
        cmocka_unit_test(test_what_changes_and_asks),
        cmocka_unit_test(test_binds_objects),
        cmocka_unit_test(test_a_cmdlet_for_each),
        cmocka_unit_test(test_knows_a_foreign_answer),
        cmocka_unit_test(test_a_prefix_chooses_the_connection),
        cmocka_unit_test(test_previews),
        cmocka_unit_test(test_previews_say_what_becomes_of_the_object),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
