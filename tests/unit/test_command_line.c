#include "tests/unit/catalogue_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/clock.h"
#include "catalogue/command_line.h"
#include "catalogue/type_name.h"

static struct catalogue *catalogue;

static int open_catalogue(void **state)
{
    (void)state;
    catalogue = fixture_catalogue();
    return 0;
}

static int close_catalogue(void **state)
{
    (void)state;
    catalogue_free(catalogue);
    return 0;
}

static void json_of(const struct invocation *invocation, struct buf *out)
{
    buf_text(out, invocation->cmdlet);
    for (size_t i = 0; i < invocation->count; i++) {
        const struct argument *argument = &invocation->arguments[i];
        buf_format(out, " %s:%d:%d=", argument->name, (int)argument->kind, (int)argument->type);
        json_print(argument->value, false, out);
    }
}

/* The values in brief: "Set-Thing Identity="x" Count=5"; an error as "! TEXT | ADVICE". */
static const char *result_of(const char *line)
{
    static char result[2048];
    struct err err = { 0 };
    struct invocation *invocation = command_line_parse(str_of(line), catalogue, &err);
    if (invocation == NULL) {
        assert_int_equal(err.kind, ERR_INPUT);
        snprintf(result, sizeof result, "! %s | %s", err.text, err.advice);
        return result;
    }
    struct buf out = BUF_INIT(sizeof result - 1);
    buf_text(&out, invocation->cmdlet);
    for (size_t i = 0; i < invocation->count; i++) {
        buf_format(&out, " %s=", invocation->arguments[i].name);
        json_print(invocation->arguments[i].value, false, &out);
    }
    snprintf(result, sizeof result, "%s", buf_cstr(&out));
    buf_free(&out);
    invocation_free(invocation);
    return result;
}

static void test_reads_what_powershell_reads(void **state)
{
    (void)state;
    static const struct { const char *line, *result; } cases[] = {
        { "get-compliancecase", "Get-ComplianceCase" },
        { "  Get-ComplianceCase -casetype ediscovery  # all of them", "Get-ComplianceCase CaseType=\"eDiscovery\"" },
        { "Get-ComplianceCase -CaseType 'ediscovery, AdvancedEdiscovery'", "Get-ComplianceCase CaseType=\"ediscovery, AdvancedEdiscovery\"" },
        { "Get-ComplianceCase 'My Case'", "Get-ComplianceCase Identity=\"My Case\"" },
        { "Get-ComplianceCase -Recent -Identity:x", "Get-ComplianceCase RecentOnly=true Identity=\"x\"" },
        { "Get-ComplianceCase -RecentOnly:$false", "Get-ComplianceCase RecentOnly=false" },
        { "Get-ComplianceCase -RecentOnly: $True", "Get-ComplianceCase RecentOnly=true" },
        { "Set-Thing x ab", "Set-Thing Identity=\"x\" Name=\"ab\"" },
        { "Set-Thing x ab c", "! column 16: Set-Thing has no place for the value c | "
                              "Name the parameter it is for; a text with blanks needs quotes." },
        { "Set-Thing x -Name ab", "Set-Thing Name=\"ab\" Identity=\"x\"" },
        { "Set-Thing x -Words a, b ,c", "Set-Thing Words=[\"a\",\"b\",\"c\"] Identity=\"x\"" },
        { "Set-Thing x -Words @('a'; \"b\"\n'c')", "Set-Thing Words=[\"a\",\"b\",\"c\"] Identity=\"x\"" },
        { "Set-Thing x -Words ('a','b')", "Set-Thing Words=[\"a\",\"b\"] Identity=\"x\"" },
        { "Set-Thing x -Words a -Count 0x1F", "Set-Thing Words=[\"a\"] Count=31 Identity=\"x\"" },
        { "Set-Thing x -Big 2GB -Ratio -1.50", "Set-Thing Big=2147483648 Ratio=-1.50 Identity=\"x\"" },
        { "Set-Thing -Identity 5 -Anything 5", "Set-Thing Identity=\"5\" Anything=5" },
        { "Set-Thing 0x10 -Anything 0x10", "Set-Thing Anything=16 Identity=\"0x10\"" }, { "Set-Thing (12)", "Set-Thing Identity=\"12\"" },
        { "Set-Thing x -Name 007", "Set-Thing Name=\"007\" Identity=\"x\"" },
        { "Set-Thing x -Anything $null -Enabled 1", "Set-Thing Anything=null Enabled=true Identity=\"x\"" },
        { "Set-Thing 'it''s' -Anything \"a`\"b\"\"c`n`t``$ $ `u{20AC}\"",
          "Set-Thing Anything=\"a\\\"b\\\"c\\n\\t`$ $ \u20ac\" Identity=\"it's\"" },
        { "Set-Thing x -Settings @{ a = 'b'; 'c d' = @{ e = $true }\n f = 1,2 # note\n }",
          "Set-Thing Settings={\"a\":\"b\",\"c d\":{\"e\":true},\"f\":[1,2]} Identity=\"x\"" },
        { "Set-Thing x -Conditions @{a='b'}", "Set-Thing Conditions=[{\"a\":\"b\"}] Identity=\"x\"" },
        { "Set-Thing x -Conditions @(@{a='b'},@{c=@()})", "Set-Thing Conditions=[{\"a\":\"b\"},{\"c\":[]}] Identity=\"x\"" },
        { "Set-Thing x `\n  -Count 5", "Set-Thing Count=5 Identity=\"x\"" },
        { "Set-Thing x -Confirm:$false -ea stop -Verbose", "Set-Thing Confirm=false ErrorAction=\"Stop\" Verbose=true Identity=\"x\"" },
        { "Set-Thing x -ea 0 -wa 2", "Set-Thing ErrorAction=\"SilentlyContinue\" WarningAction=\"Continue\" Identity=\"x\"" },
        { "Set-Thing x -ea silent -wa 4", "Set-Thing ErrorAction=\"SilentlyContinue\" WarningAction=\"Ignore\" Identity=\"x\"" },
        { "Set-Thing \u2013Identity \u2018x\u2019 \u2014Count 3", "Set-Thing Identity=\"x\" Count=3" },
        { "Set-Thing x -FileData ([Convert]::FromBase64String('AP8='))", "Set-Thing FileData=\"AP8=\" Identity=\"x\"" },
        { "Set-Thing x -Files ([Convert]::FromBase64String('AP8='))", "Set-Thing Files=[\"AP8=\"] Identity=\"x\"" },
        { "Set-Thing x -Files ([Convert]::FromBase64String('AP8=')),([Convert]::FromBase64String('AAAA'))", "Set-Thing Files=[\"AP8=\",\"AAAA\"] Identity=\"x\"" },
        { "Set-Thing x -Files @(([Convert]::FromBase64String('AP8=')); ([Convert]::FromBase64String('AAAA')))", "Set-Thing Files=[\"AP8=\",\"AAAA\"] Identity=\"x\"" },
        { "Set-Thing x -When '2026-01-31 14:00'", "Set-Thing When=\"2026-01-31T14:00:00\" Identity=\"x\"" },
        { "Set-Thing x -When '11/20/2026 07:15 AM'", "Set-Thing When=\"2026-11-20T07:15:00\" Identity=\"x\"" },
        { "Set-Thing x -When '1/31/2026 12:05:09 PM'", "Set-Thing When=\"2026-01-31T12:05:09\" Identity=\"x\"" },
        { "Set-Thing x -When '1/31/2026 12:05 am'", "Set-Thing When=\"2026-01-31T00:05:00\" Identity=\"x\"" },
        { "Set-Thing x -When 05/05/2026", "Set-Thing When=\"2026-05-05T00:00:00\" Identity=\"x\"" },
        { "Set-Thing x -When 02/29/2024", "Set-Thing When=\"2024-02-29T00:00:00\" Identity=\"x\"" },
        { "Set-Thing x -When (Get-Date '2026-01-31').AddMonths(1)", "Set-Thing When=\"2026-02-28T00:00:00\" Identity=\"x\"" },
        { "Set-Thing x -When ( get-date \"2024-02-29T10:00:00\" ).AddYears(-1).AddHours(-2)", "Set-Thing When=\"2023-02-28T08:00:00\" Identity=\"x\"" },
        { "Set-Thing x -When (Get-Date '2026-03-01').AddDays(-1).ToUniversalTime() -Count 5", "Set-Thing When=\"2026-02-28T00:00:00\" Count=5 Identity=\"x\"" },
        { "Set-Thing x -When ((Get-Date '2026-03-01').AddDays(-1))", "Set-Thing When=\"2026-02-28T00:00:00\" Identity=\"x\"" },
        { "Set-Thing x -When (Get-Date '11/20/2026').AddDays(1)", "Set-Thing When=\"2026-11-21T00:00:00\" Identity=\"x\"" },
        { "Set-Thing x -Anything (Get-Date '2026-03-01')", "Set-Thing Anything=\"2026-03-01T00:00:00Z\" Identity=\"x\"" },
        { "Set-Thing a@b.com -ExchangeLocation All", "Set-Thing ExchangeLocation=\"All\" Identity=\"a@b.com\"" },
        { "Set-Thing x -Password file:/x", "Set-Thing Password=\"file:/x\" Identity=\"x\"" },
        { "Set-Thing x -Password (ConvertTo-SecureString 'a b' -AsPlainText -Force)", "Set-Thing Password=\"a b\" Identity=\"x\"" },
        { "Set-Thing x -Password (Read-Host -AsSecureString 'really?')", "Set-Thing Password=\"prompt\" Identity=\"x\"" },
        { "Set-Thing x -Password (Get-Credential).password", "Set-Thing Password=\"prompt\" Identity=\"x\"" },
        { "Set-Thing x -Password (Get-Credential a).GetNetworkCredential().Password", "Set-Thing Password=\"prompt\" Identity=\"x\"" },
        { "Set-Thing x -Password (ConvertTo-SecureString $env:MY_WORD -AsPlainText -Force)", "Set-Thing Password=\"env:MY_WORD\" Identity=\"x\"" },
        { "Set-Thing x -Password (ConvertTo-SecureString -String 'a' -AsPlainText -Force)", "Set-Thing Password=\"a\" Identity=\"x\"" },
        { "Set-Thing x -Login (Get-Credential)", "Set-Thing Login={\"UserName\":\"\",\"Password\":\"prompt\"} Identity=\"x\"" },
        { "Set-Thing x -Login (Get-Credential anna@b.c -Message 'for x')", "Set-Thing Login={\"UserName\":\"anna@b.c\",\"Password\":\"prompt\"} Identity=\"x\"" },
        { "Set-Thing x -Login (get-credential -Message 'for x' -UserName 'a b')", "Set-Thing Login={\"UserName\":\"a b\",\"Password\":\"prompt\"} Identity=\"x\"" },
        { "Set-Thing x -Anything {Enabled -eq $true -and Name -like 'a}*'} -Count 1",
          "Set-Thing Anything=\"Enabled -eq $true -and Name -like 'a}*'\" Count=1 Identity=\"x\"" },
        { "Set-Thing x -Anything {Name -eq $name}", "! column 33: variables and expressions with $ are not supported | "
          "Only $true, $false and $null are known here; put text with a $ in 'single quotes'." },
        { "Set-Thing x -Anything {Name -eq 'a'", "! column 23: the { that opens here is never closed | " },
        { "Set-Thing x -Anything -0.", "Set-Thing Anything=0 Identity=\"x\"" },
        { "Set-Thing x -Anything \"$True, $false$null!\"", "Set-Thing Anything=\"True, False!\" Identity=\"x\"" },
        { "Set-Thing x -Anything @\"\na $true\n\"@", "Set-Thing Anything=\"a True\" Identity=\"x\"" },
        { "Set-Thing x -Anything { Name -eq '}' -and On -eq $true }", "Set-Thing Anything=\" Name -eq '}' -and On -eq $true \" Identity=\"x\"" },
        { "Set-Thing x -When ([datetime]'2026-03-01') -Words ([string[]]('a','b'))",
          "Set-Thing When=\"2026-03-01T00:00:00\" Words=[\"a\",\"b\"] Identity=\"x\"" },
        { "Set-Thing x -Settings ([ordered]@{b=[int]1;a=[string]'c'})", "Set-Thing Settings={\"b\":1,\"a\":\"c\"} Identity=\"x\"" },
        { "Set-Thing x -Anything ([int]'5') -Words ([string[]](1,2))", "Set-Thing Anything=5 Words=[\"1\",\"2\"] Identity=\"x\"" },
        { "Set-Thing x -Anything ([string]5)", "Set-Thing Anything=\"5\" Identity=\"x\"" },
        { "Set-Thing x -Anything ([string]$true)", "Set-Thing Anything=\"True\" Identity=\"x\"" },
        { "Set-Thing x -Anything ([System.Int64] 3GB)", "Set-Thing Anything=3221225472 Identity=\"x\"" },
        { "Set-Thing x -Anything ([timespan]'1:30')", "Set-Thing Anything=\"01:30:00\" Identity=\"x\"" },
        { "Set-Thing x -Anything ([guid]'{36EE4C6C-0812-40A2-B820-B22EBD02BCE3}')", "Set-Thing Anything=\"36ee4c6c-0812-40a2-b820-b22ebd02bce3\" Identity=\"x\"" },
        { "Set-Thing x -When ([datetime]'03/04/2026')", "Set-Thing When=\"2026-03-04T00:00:00\" Identity=\"x\"" },
        { "Set-Thing x -Enabled ([bool]0) -Force:([switch]$true)", "Set-Thing Enabled=false Force=true Identity=\"x\"" },
        { "Set-Thing x -Words ([string[]]'a','b') -Things ([int]'1',[int]'2')", "Set-Thing Words=[\"a\",\"b\"] Things=[1,2] Identity=\"x\"" },
        { "Set-Thing x -Anything ([array]'a')", "Set-Thing Anything=[\"a\"] Identity=\"x\"" },
        { "Set-Thing x -Anything ([int[]]('1','2'))", "Set-Thing Anything=[1,2] Identity=\"x\"" },
        { "Set-Thing x -Anything ([int]'five')", "! column 24: [int]: \"five\" is not a whole number | Write digits, for example 100." },
        { "Set-Thing x -Anything ([int]3000000000)", "! column 24: [int]: 3000000000 is outside of -2147483648 to 2147483647 | " },
        { "Set-Thing x -Anything ([bool]'false')", "! column 24: [bool] makes $true of every text | Write $true or $false." },
        { "Set-Thing x -Anything ([datetime]'31.12.2026')", "! column 24: [datetime]: \"31.12.2026\" is not a date that is clear in every country | "
          "Write 2026-01-31, 2026-01-31 14:00 (UTC), 7d (seven days ago), today or yesterday." },
        { "Set-Thing x -Anything ([string]@{a=1})", "! column 24: [string] takes one value here, no list and no hash table | " },
        { "Set-Thing x -Force:0", "Set-Thing Force=false Identity=\"x\"" },
        { "Get-Label -ResultSize unlimited", "Get-Label ResultSize=\"unlimited\"" },
        { "Set-Thing x -Anything 5L -Things 1.5KB,0x1FL,2lkb,0.1kb", "Set-Thing Anything=5 Things=[1536,31,2048,102.4] Identity=\"x\"" },
        { "Set-Thing x -Anything 7d -Things 5x,L,1e3kb", "Set-Thing Anything=\"7d\" Things=[\"5x\",\"L\",\"1e3kb\"] Identity=\"x\"" },
        { "Set-Thing x -Anything -5", "Set-Thing Anything=-5 Identity=\"x\"" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(result_of(cases[i].line), cases[i].result);
}

/* The two are read within a second of each other, or the second has just passed. */
static void test_the_clock_of_dot_net(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "Set-Thing x -When ([DateTime]::UtcNow.AddDays(-1))", "Set-Thing x -When ([System.DateTime]::Now.AddHours(-24))", "Set-Thing x -When (Get-Date).AddDays(-1)",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char before[21], after[21];
        bool same = false;
        for (int tries = 0; tries < 5 && !same; tries++) {
            clock_iso(clock_unix() - 86400, before);
            const char *result = result_of(lines[i]);
            clock_iso(clock_unix() - 86400, after);
            before[19] = after[19] = '\0';
            same = strstr(result, before) != NULL || strstr(result, after) != NULL;
        }
        assert_true(same);
    }
    assert_non_null(strstr(result_of("Set-Thing x -When ([datetime]::Today)"), "T00:00:00"));
}

/* The ways in which the reference's examples read a file. */
static void test_bytes_of_a_file(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "([System.IO.File]::ReadAllBytes('%s'))", "([Byte[]]$(Get-Content -Path '%s' -Encoding Byte -ReadCount 0))", "(Get-Content -Path '%s' -Encoding Byte -ReadCount 0)", "(Get-Content %s -AsByteStream)",
        "(gc -asbytestream -Raw -LiteralPath \"%s\" )", "'%s'",
    };
    char path[] = "/tmp/purvey-bytes-XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(write(fd, "\x00\xff", 2), 2);
    close(fd);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct str form = str_of(forms[i]), before;
        struct buf line = BUF_INIT(BUF_SMALL);
        str_cut(&form, '%', &before);
        buf_format(&line, "Set-Thing x -FileData %.*s%s%.*s -Count 5", STR_ARG(before), path, STR_ARG(str_from(form, 1)));
        assert_string_equal(result_of(buf_cstr(&line)), "Set-Thing FileData=\"AP8=\" Count=5 Identity=\"x\"");
        buf_free(&line);
    }
    unlink(path);
}

static void expect_content(struct str bytes, const char *options, const char *result)
{
    char path[] = "/tmp/purvey-text-XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(write(fd, bytes.data, bytes.len), bytes.len);
    close(fd);
    char *line = mem_format("Set-Thing x -Anything (Get-Content %s%s)", path, options);
    const char *got = result_of(line);
    if (result[0] == '!' ? got[0] != '!' || !strstr(got, result + 1) : strcmp(got, result) != 0)
        fail_msg("%s gave %s", line, got);
    free(line);
    unlink(path);
}

/* A rule of a file, and a list of people: what Get-Content is for in most scripts. */
static void test_text_of_a_file(void **state)
{
    (void)state;
    expect_content(STR("a@b.c\r\nd e\n"), "", "Set-Thing Anything=[\"a@b.c\",\"d e\"] Identity=\"x\"");
    expect_content(STR("one\n"), "", "Set-Thing Anything=\"one\" Identity=\"x\"");
    expect_content(STR("\xef\xbb\xbf{\n}\n"), " -Raw", "Set-Thing Anything=\"{\\n}\\n\" Identity=\"x\"");
    expect_content(STR("a\n\nb"), " -Encoding UTF8 -ReadCount 0", "Set-Thing Anything=[\"a\",\"\",\"b\"] Identity=\"x\"");
    expect_content(STR(" \n"), "", "!is empty");
    expect_content(STR("\xff\xfe" "a\0"), "", "!is not UTF-8");
}

/* As in PowerShell since 7.1, on either side of the file. */
static void test_what_is_typed_wins_over_a_file(void **state)
{
    (void)state;
    static const struct { const char *before, *after, *result; } cases[] = {
        { "", "", "Set-Thing Identity=\"x\" Count=5 Force=true" },
        { "", "-Count 7 -Force:$false", "Set-Thing Identity=\"x\" Count=7 Force=false" },
        { "-Count 7", "-Identity y", "Set-Thing Count=7 Identity=\"y\" Force=true" },
        { "-Force:$false", "", "Set-Thing Force=false Identity=\"x\" Count=5" },
        { "", "-Count 7 -Count 8", "! column 47: -Count is given twice | " },
    };
    char path[] = "/tmp/purvey-splat-XXXXXX";
    int fd = mkstemp(path);
    const char text[] = "{\"Identity\":\"x\",\"Count\":5,\"Force\":true}";
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    close(fd);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf line = BUF_INIT(BUF_SMALL);
        buf_format(&line, "Set-Thing %s @%s %s", cases[i].before, path, cases[i].after);
        assert_string_equal(result_of(buf_cstr(&line)), cases[i].result);
        buf_free(&line);
    }
    unlink(path);
}

static void test_says_where_and_what(void **state)
{
    (void)state;
    static const struct { const char *line, *part; } cases[] = {
        { "", "no command" }, { "# only a comment", "no command" }, { "'x'", "column 1: expected the name of a cmdlet" },
        { "Get-Labell", "Did you mean Get-Label?" }, { "Get-Lab", "not among the cmdlets" },
        { "Get-Label -WhatIf", "column 11: Get-Label changes nothing, so -WhatIf means nothing" },
        { "Set-Thing x -WhatIf:maybe", "switch" }, { "Get-Label -Identity a,b", "-Identity takes one value, not a list" }, { "Set-Thing @1", "column 11: expected the name of a JSON file" },
        { "Get-Label -Confirm", "no parameter -Confirm" }, { "Get-Label | Set-Thing", "column 11: '|' cannot stand here: one cmdlet" },
        { "Get-Label; Get-Label", "column 10: ';'" }, { "Get-Label\nGet-Label", "line 2, column 1: 'G' cannot stand here" },
        { "Get-Label > x", "'>'" }, { "Get-Label $name", "column 11: variables" },
        { "Get-Label \"a $name\"", "column 14: variables" }, { "Get-Label a$b", "variables" },
        { "Get-Label 'open", "column 11: the single quote" }, { "Get-Label \"open", "column 11: the double quote" },
        { "Set-Thing x -Count", "-Count needs a value" }, { "Set-Thing x -Count -Force", "-Count needs a value" },
        { "Set-Thing x -Count 5 -Count 6", "-Count is given twice" }, { "Set-Thing x -Count 500", "outside of 1 to 100" },
        { "Set-Thing x -Count five", "column 20: -Count: \"five\" is not a whole number" },
        { "Set-Thing \u00fc -Count five", "column 20:" },
        { "Set-Thing x -Co 5", "ambiguous" }, { "Get-Label -I x", "It could be -Identity, -IncludeDetailedLabelActions, -InformationAction, -InformationVariable." }, { "Set-Thing x -Colr Red", "-Colour" },
        { "Set-Thing x -Force:maybe", "switch" }, { "Set-Thing x -Force $false", "no place for the value $false" }, { "Set-Thing x -Force $false", "colon" },
        { "Set-Thing x -Settings @{a}", "expected '='" }, { "Set-Thing x -Settings @{a=b}", "needs quotes" },
        { "Set-Thing x -Settings @{a=1;A=2}", "twice" }, { "Set-Thing x -Settings @{a=1", "or '}'" },
        { "Set-Thing x -Words @('a'", "expected ')'" }, { "Set-Thing x -Words @a", "@" },
        { "Set-Thing x -Anything (Get-Credential)", "column 23: -Anything takes no password" }, { "Set-Thing x -Name (Read-Host)", "column 19: -Name takes no password" },
        { "Set-Thing (Get-Credential)", "column 11: -Identity takes no password" }, { "Set-Thing x -Words 'a',(Get-Credential)", "column 24: a password cannot be part of a list" },
        { "Set-Thing x -Words (Read-Host),'a'", "column 20: a password cannot be part of a list" },
        { "Set-Thing x -Settings @{a=(ConvertTo-SecureString 'x' -AsPlainText -Force)}", "column 27: a password cannot be part of a list" },
        { "Set-Thing x -Password (Get-Credential)", "column 23: -Password takes a password alone" },
        { "Set-Thing x -Password (ConvertTo-SecureString $word -AsPlainText -Force)", "column 47: variables are not known here" },
        { "Set-Thing x -Login (Get-Credential $env:USER)", "column 36: variables are not known here" },
        { "Set-Thing x -Password (ConvertTo-SecureString (Read-Host))", "column 47: a text is expected here" },
        { "Set-Thing x -Login (Read-Host)", "column 20: -Login takes a user name and a password" }, { "Set-Thing x -Login ab", "-Login takes a user name and a password" },
        { "Set-Thing x -Login (Get-Credential).UserName", "column 36: " }, { "Set-Thing x -Login (New-Object PSCredential 'a',$p)", "column 21: New-Object cannot run" },
        { "Set-Thing x -Anything ([xml]'<a/>')", "column 24: types of .NET cannot be used here" },
        { "Set-Thing x -Settings 5", "hash table" }, { "Set-Thing x -Count 1,2", "one value, not a list" },
        { "Set-Thing x -Name @{a=1}", "no hash table" }, { "Set-Thing x -Password ''", "-Password takes no empty value" },
        { "Set-Thing x -When 01/02/2026", "clear in every country" }, { "Set-Thing x -When 13/13/2026", "clear in" },
        { "Set-Thing x -When '11/20/2026 13:00 PM'", "clear in" }, { "Set-Thing x -When '11/20/2026 7'", "clear in" },
        { "Set-Thing x -When 02/30/2026", "clear in" }, { "Set-Thing x -When '11/20/2026 0:10 AM'", "clear in" },
        { "Set-Thing x -When (Get-Date).Round(5)", "column 30: of a date AddDays" }, { "Set-Thing x -When (Get-Date).AddDays(x)", "whole number" },
        { "Set-Thing x -When (Get-Date).ToString('o')", "column 30: of a date AddDays" }, { "Set-Thing x -When (Get-Date '03/04/2026')", "a date is written" },
        { "Set-Thing x -When ([DateTime]::Parse('2026-01-01'))", "ReadAllBytes" }, { "Set-Thing x -When ([datetime]::UtcNow.Foo())", "of a date AddDays" },
        { "Set-Thing x -When (Get-Date -Format o)", "column 29: expected ')'" }, { "Set-Thing x -When (Get-Date 'soon')", "a date is written" },
        { "Set-Thing x -Files 'nosuch.xml'", "cannot open the file nosuch.xml" }, { "Set-Thing x -Files 5,6", "-Files takes the path of a file" },
        { "Set-Thing x -FileData ([Convert]::FromBase64String('AP8=')),([Convert]::FromBase64String('AAAA'))", "one file, not a list" },
        { "Set-Thing x -Anything (Get-Content a.xml)", "column 23: cannot open the file a.xml" }, { "Set-Thing x -Anything (Get-Content /dev/null)", "is not a file" },
        { "Set-Thing x -FileData (Get-Content -AsByteStream)", "needs the path" },
        { "Set-Thing x -FileData (Get-Content nosuch.xml -AsByteStream)", "cannot open the file nosuch.xml" },
        { "Set-Thing x -FileData (Get-Content a.xml -Tail 5)", "column 42: Get-Content takes" },
        { "Set-Thing x -FileData (Get-Content a b -AsByteStream)", "one file at a time" },
        { "Set-Thing x -FileData (Get-Content (Get-Content a))", "column 36: expected the path" },
        { "Set-Thing x -FileData (Get-Content a -AsByteStream", "expected ')'" },
        { "Set-Thing x -Words (Get-Label x)", "column 21: Get-Label cannot run inside of brackets" },
        { "Set-Thing x -FileData (5)", "path of a file" }, { "Set-Thing x -FileData ([int]5)", "path of a file" },
        { "Set-Thing x -FileData ([math]::Round(5))", "ReadAllBytes" }, { "Set-Thing x -FileData ([byte[]](1,2))", "column 24: [byte[]] wants" },
        { "Set-Thing x -FileData /none/at/all", "column 23: cannot open the file" },
        { "Set-Thing x -Name ([xml]'<a/>')", "column 20: types of .NET" }, { "Set-Thing x -Name ('a' + 'b')", "column 24: nothing can be calculated" },
        { "Set-Thing x -Name ('a' -join 'b')", "column 24: nothing can be calculated" }, { "Set-Thing x -Things (1..3)", "ranges are not known" },
        { "Set-Thing x -Name \"$trueish\"", "column 20: variables" },
        { "Get-Label -ResultSize many", "column 23: -ResultSize takes a number above 0" }, { "Get-Label -ResultSize 0", "a number above 0" },
        { "Get-Label -Identity @{a=1}", "column 21: -Identity takes the name" }, { "Get-Label -Identity $false", "-Identity takes the name" },
        { "Set-Thing x -FileData ([Convert]::FromBase64String('A'))", "not base64" },
        { "Set-Thing -Identity ''", "-Identity is empty" }, { "Set-Thing -Identity $null", "-Identity is empty" },
        { "Set-Thing ''", "-Identity is empty" }, { "Get-Label -Identity \"\"", "every object" },
        { "Set-Thing", "needs -Identity" }, { "Set-Thing -Name", "needs a value" }, { "Get-Label a\"b c\"", "middle of a word" },
        { "Set-Thing x -Words a,", "expected a value" }, { "Set-Thing x -ErrorAction Stopp", "Did you mean Stop" },
        { "Set-Thing x -ea S", "does not take \"S\"" }, { "Set-Thing x -ea 7", "does not take" }, { "Set-Thing x -ea ''", "takes a text" },
        { "Set-Thing x -Anything \"`0\"", "NUL" }, { "Get-Label \xff", "UTF-8" }, { "Set-Thing x 'a'b", "blank" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *result = result_of(cases[i].line);
        if (result[0] != '!' || strstr(result, cases[i].part) == NULL)
            fail_msg("%s\n  gave %s\n  without %s", cases[i].line, result, cases[i].part);
    }
}

static void test_refuses_what_is_too_much(void **state)
{
    (void)state;
    char *line = mem_new(COMMAND_LINE_MAX + 2);
    memset(line, ' ', COMMAND_LINE_MAX + 1);
    struct err err = { 0 };
    assert_null(command_line_parse((struct str){ line, COMMAND_LINE_MAX + 1 }, catalogue, &err));
    assert_non_null(strstr(err.text, "longer"));
    free(line);
    struct buf deep = BUF_INIT(BUF_SMALL);
    buf_text(&deep, "Set-Thing x -Anything ");
    for (int i = 0; i < 2000; i++)
        buf_text(&deep, i % 2 ? "@{a=" : "@(");
    assert_non_null(strstr(result_of(buf_cstr(&deep)), "nested"));
    buf_clear(&deep);
    buf_text(&deep, "Set-Thing x -Anything ");
    buf_repeat(&deep, '(', 5000);
    assert_non_null(strstr(result_of(buf_cstr(&deep)), "nested"));
    buf_clear(&deep);
    buf_text(&deep, "Set-Thing x -Anything (");
    for (int i = 0; i < 5000; i++)
        buf_text(&deep, i % 2 ? "[int]" : "[array]");
    assert_non_null(strstr(result_of(buf_cstr(&deep)), "nested"));
    buf_clear(&deep);
    buf_text(&deep, "Set-Thing");
    for (int i = 0; i < 2000; i++)
        buf_text(&deep, " x");
    assert_int_equal(result_of(buf_cstr(&deep))[0], '!');
    buf_free(&deep);
    static const char with_nul[] = "Get-Label a\0b";
    assert_null(command_line_parse((struct str){ with_nul, sizeof with_nul - 1 }, catalogue, &err));
}

/* ---- whatever is printed reads back the same ---- */

static uint64_t random_state;

static unsigned any(unsigned below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % below;
}

static char *any_text(void)
{
    static const char *const pieces[] = {
        "a", "Z", "0", "7", " ", "'", "\"", "`", "$", "$true", "-", "--", "@", "#", "{", "}", "(", ")", ",", ";", "|", "&", "\n",
        "\t", "\r", "\x01", "\x7f", "=", ".", "%", "\\", "\u2018", "\u2019", "\u201c", "\u201d", "\u201e", "\u2013",
        "\u00e9", "\u4e2d", "\U0001F600", "1e5", "0x", "KB", "word", "<>", "*", "?", "[", "]", "~", "!",
    };
    struct buf text = BUF_INIT(BUF_SMALL);
    unsigned count = 1 + any(8);
    for (unsigned i = 0; i < count; i++)
        buf_text(&text, pieces[any(sizeof pieces / sizeof *pieces)]);
    return buf_take(&text);
}

static struct json *any_json_text(void)
{
    char *text = any_text();
    struct json *json = json_new_string(str_of(text));
    free(text);
    return json;
}

/* 2 to 20 characters, which is what -Name takes. */
static struct json *any_name(void)
{
    for (;;) {
        struct json *json = any_json_text();
        struct str text = json_string(json);
        size_t characters = 0;
        for (size_t i = 0; i < text.len; i++)
            characters += ((unsigned char)text.data[i] & 0xC0) != 0x80;
        if (characters >= 2 && characters <= 20 && str_trim(text).len > 0)
            return json;
        json_free(json);
    }
}

static struct json *any_credential(void)
{
    struct json *json = json_new_object();
    json_add(json, "UserName", any_json_text());
    json_add(json, "Password", json_new_string(STR("prompt")));
    return json;
}

static struct json *any_number(void)
{
    return json_new_int((int64_t)any(1000000) * (any(2) ? 1 : -1) * (any(3) ? 1 : 1000000007));
}

static struct json *any_json(int depth);

static struct json *any_table(int depth)
{
    struct json *table = json_new_object();
    unsigned count = any(4);
    for (unsigned i = 0; i < count; i++) {
        char *text = any_text(), *name = mem_format("%u%s", i, text);
        json_add(table, name, any_json(depth - 1));
        free(name);
        free(text);
    }
    return table;
}

static struct json *any_list(int depth, bool tables)
{
    struct json *list = json_new_array();
    unsigned count = tables ? 1 + any(3) : any(4);
    for (unsigned i = 0; i < count; i++)
        json_add(list, NULL, tables ? any_table(depth) : any(3) ? any_json_text() : any_number());
    return list;
}

static struct json *any_json(int depth)
{
    switch (any(depth > 0 ? 6 : 4)) {
    case 0: return any_number();
    case 1: return json_new_bool(any(2));
    case 2: return json_new_null();
    case 3: return any_json_text();
    case 4: return any_list(depth, false);
    default: return any_table(depth);
    }
}

static struct json *strict_list(const struct parameter *parameter)
{
    struct parameter item = { .type = TYPE_STRING };
    struct json *list = json_new_array();
    unsigned count = any(4);
    parameter_item(parameter, &item);
    for (unsigned i = 0; i < count; i++)
        json_add(list, NULL, item.type == TYPE_GUID       ? json_new_string(STR("36ee4c6c-0812-40a2-b820-b22ebd02bce3"))
                             : item.type == TYPE_DATETIME ? json_new_string(STR("2026-01-31T14:00:05"))
                             : item.type == TYPE_INT      ? json_new_int(any(65536))
                                                          : any_json_text());
    return list;
}

static struct json *one_of(const char *const *texts, size_t count)
{
    return json_new_string(str_of(texts[any((unsigned)count)]));
}

static struct json *any_bytes(const char *const *texts, size_t count)
{
    struct json *list = json_new_array();
    for (unsigned left = any(4); left > 0; left--)
        json_add(list, NULL, one_of(texts, count));
    return list;
}

static void set_untyped(struct invocation *invocation, const char *name)
{
    switch (any(7)) {
    case 0: invocation_set(invocation, name, ARG_TEXT, TYPE_UNTYPED, any_json_text()); break;
    case 1: invocation_set(invocation, name, ARG_NUMBER, TYPE_UNTYPED, any_number()); break;
    case 2: invocation_set(invocation, name, ARG_BOOL, TYPE_UNTYPED, json_new_bool(any(2))); break;
    case 3: invocation_set(invocation, name, ARG_NULL, TYPE_UNTYPED, json_new_null()); break;
    case 4: invocation_set(invocation, name, ARG_LIST, TYPE_UNTYPED, any_list(1, false)); break;
    case 5: invocation_set(invocation, name, ARG_HASHTABLE, TYPE_UNTYPED, any_table(3)); break;
    default: invocation_set(invocation, name, ARG_HASHTABLE_LIST, TYPE_UNTYPED, any_list(2, true)); break;
    }
}

static void set_any(struct invocation *invocation, const struct parameter *parameter)
{
    static const char *const guids[] = { "36ee4c6c-0812-40a2-b820-b22ebd02bce3", "00000000-0000-0000-0000-000000000000" };
    static const char *const times[] = { "2026-01-31T14:00:05", "1999-12-31T23:59:59" };
    static const char *const spans[] = { "7.00:00:00", "00:10:00", "-1.00:00:00" };
    static const char *const cultures[] = { "en-US", "zh-Hans-CN" };
    static const char *const versions[] = { "1.0", "15.20.4.1" };
    static const char *const bytes[] = { "", "AP8=", "AAAA", "////+w==" };
    const char *name = parameter->name;
    struct parameter item = { .type = parameter->type };
    enum parameter_type type = parameter->type, list_type = parameter_item(parameter, &item) ? item.type : type;
    switch (type) {
    case TYPE_SWITCH: invocation_set(invocation, name, ARG_SWITCH, type, json_new_bool(any(2))); break;
    case TYPE_BOOL: invocation_set(invocation, name, ARG_BOOL, type, json_new_bool(any(2))); break;
    case TYPE_INT: invocation_set(invocation, name, ARG_NUMBER, type, json_new_int(1 + any(100))); break;
    case TYPE_LONG: invocation_set(invocation, name, ARG_NUMBER, type, any_number()); break;
    case TYPE_DOUBLE: invocation_set(invocation, name, ARG_NUMBER, type, json_new_number(STR("-12.25"))); break;
    case TYPE_GUID: invocation_set(invocation, name, ARG_TEXT, type, one_of(guids, 2)); break;
    case TYPE_DATETIME: invocation_set(invocation, name, ARG_TEXT, type, one_of(times, 2)); break;
    case TYPE_TIMESPAN: invocation_set(invocation, name, ARG_TEXT, type, one_of(spans, 3)); break;
    case TYPE_CULTURE: invocation_set(invocation, name, ARG_TEXT, type, one_of(cultures, 2)); break;
    case TYPE_VERSION: invocation_set(invocation, name, ARG_TEXT, type, one_of(versions, 2)); break;
    case TYPE_BYTES: invocation_set(invocation, name, ARG_BYTES, type, one_of(bytes, 4)); break;
    case TYPE_BYTES_LIST: invocation_set(invocation, name, ARG_BYTES_LIST, list_type, any_bytes(bytes, 4)); break;
    case TYPE_STRING_LIST: invocation_set(invocation, name, ARG_LIST, list_type, strict_list(parameter)); break;
    case TYPE_OBJECT_LIST:
        if (list_type != type)
            invocation_set(invocation, name, ARG_LIST, list_type, strict_list(parameter));
        else if (any(2))
            invocation_set(invocation, name, ARG_LIST, type, any_list(1, false));
        else
            invocation_set(invocation, name, ARG_HASHTABLE_LIST, type, any_list(3, true));
        break;
    case TYPE_HASHTABLE: invocation_set(invocation, name, ARG_HASHTABLE, type, any_table(4)); break;
    case TYPE_HASHTABLE_LIST: invocation_set(invocation, name, ARG_HASHTABLE_LIST, type, any_list(3, true)); break;
    case TYPE_UNTYPED: set_untyped(invocation, name); break;
    case TYPE_STRING:
        if (parameter->value_count > 0) {
            invocation_set(invocation, name, ARG_TEXT, type, json_new_string(str_of(parameter->values[any(3)])));
            break;
        }
        invocation_set(invocation, name, ARG_TEXT, type, any_name());
        break;
    case TYPE_URI: case TYPE_OTHER:
        invocation_set(invocation, name, ARG_TEXT, type, any_json_text());
        break;
    /* What is printed never holds the password: it is asked for again. */
    case TYPE_SECURE_STRING: invocation_set(invocation, name, ARG_TEXT, type, json_new_string(STR("prompt"))); break;
    case TYPE_CREDENTIAL: invocation_set(invocation, name, ARG_HASHTABLE, type, any_credential()); break;
    }
}

static void check_round_trip(const struct invocation *invocation)
{
    struct buf line = BUF_INIT(BUF_LARGE), before = BUF_INIT(BUF_LARGE), after = BUF_INIT(BUF_LARGE);
    struct err err = { 0 };
    command_line_print(invocation, &line);
    assert_null(memchr(buf_cstr(&line), '\n', line.len));
    struct invocation *again = command_line_parse(buf_str(&line), catalogue, &err);
    if (again == NULL)
        fail_msg("%s\n%s", buf_cstr(&line), err.text);
    json_of(invocation, &before);
    json_of(again, &after);
    assert_string_equal(buf_cstr(&after), buf_cstr(&before));
    invocation_free(again);
    buf_free(&line);
    buf_free(&before);
    buf_free(&after);
}

static void test_printed_lines_read_back_the_same(void **state)
{
    (void)state;
    const struct cmdlet *thing = catalogue_find(catalogue, STR("Set-Thing"));
    for (unsigned seed = 0; seed < 3000; seed++) {
        random_state = seed * 2654435761u + 12345;
        struct invocation *invocation = invocation_new("Set-Thing");
        invocation_set(invocation, "Identity", ARG_TEXT, TYPE_UNTYPED, any_name());
        for (size_t i = 0; i < thing->parameter_count; i++)
            if (any(4) == 0 && strcmp(thing->parameters[i].name, "Identity") != 0)
                set_any(invocation, &thing->parameters[i]);
        check_round_trip(invocation);
        invocation_free(invocation);
    }
}

static void test_prints_short_and_plain(void **state)
{
    (void)state;
    static const struct { const char *line, *printed; } cases[] = {
        { "set-thing x -force -enabled $true", "Set-Thing -Force -Enabled $true -Identity x" },
        { "Set-Thing 'two words' -Words a,'b c' -Force:$false", "Set-Thing -Words a,'b c' -Force:$false -Identity 'two words'" },
        { "Set-Thing x -Settings @{a=1}", "Set-Thing -Settings @{'a'=1} -Identity x" },
        { "Set-Thing x -Name '12' -Words one", "Set-Thing -Name '12' -Words @('one') -Identity x" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = BUF_INIT(BUF_SMALL);
        struct invocation *invocation = command_line_parse(str_of(cases[i].line), catalogue, NULL);
        assert_non_null(invocation);
        command_line_print(invocation, &out);
        assert_string_equal(buf_cstr(&out), cases[i].printed);
        invocation_free(invocation);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_powershell_reads),
        cmocka_unit_test(test_the_clock_of_dot_net),
        cmocka_unit_test(test_bytes_of_a_file),
        cmocka_unit_test(test_text_of_a_file),
        cmocka_unit_test(test_what_is_typed_wins_over_a_file),
        cmocka_unit_test(test_says_where_and_what),
        cmocka_unit_test(test_refuses_what_is_too_much),
        cmocka_unit_test(test_printed_lines_read_back_the_same),
        cmocka_unit_test(test_prints_short_and_plain),
    };
    return cmocka_run_group_tests(tests, open_catalogue, close_catalogue);
}
