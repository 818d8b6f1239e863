#include "pipeline/local_cmdlets.h"

#include "base/mem.h"
#include "catalogue/type_name.h"

/* Parameters are words: Name, Name@N = position N, -Name = switch, Name:type, Name! = mandatory. */
static const struct { const char *name; enum local_kind kind; const char *parameters; } cmdlets[] = {
    { "Where-Object", LOCAL_STEP,
      "Property@0 Value@1 FilterScript -EQ -NE -GT -GE -LT -LE -Like -NotLike -Match -NotMatch -Contains -NotContains -In "
      "-NotIn -CEQ -CNE -CGT -CGE -CLT -CLE -CLike -CNotLike -CMatch -CNotMatch -CContains -CNotContains -CIn -CNotIn -Not" },
    { "Select-Object", LOCAL_STEP,
      "Property@0 First:int Last:int Skip:int SkipLast:int Index:System.Object[] ExpandProperty ExcludeProperty -Unique" },
    { "Sort-Object", LOCAL_STEP, "Property@0 -Descending -Unique Top:int Bottom:int -CaseSensitive -Stable" },
    { "Measure-Object", LOCAL_STEP, "Property@0 -Sum -Average -Minimum -Maximum -AllStats" },
    { "Group-Object", LOCAL_STEP, "Property@0 -NoElement -CaseSensitive" },
    { "ForEach-Object", LOCAL_STEP, "MemberName@0 Process" },
    { "Get-Member", LOCAL_STEP, "Name@0 MemberType" },
    { "Format-Table", LOCAL_OUTPUT, "Property@0 -AutoSize -Wrap -HideTableHeaders -RepeatHeader -Force" },
    { "Format-List", LOCAL_OUTPUT, "Property@0 -Force" },
    { "ConvertTo-Json", LOCAL_OUTPUT, "Depth:int -Compress -AsArray -EnumsAsStrings" },
    { "ConvertTo-Csv", LOCAL_OUTPUT, "Delimiter@0 -NoTypeInformation -IncludeTypeInformation -NoHeader" },
    { "Export-Csv", LOCAL_OUTPUT,
      "Path@0! Delimiter@1 LiteralPath Encoding -NoTypeInformation -IncludeTypeInformation -Append -NoClobber -Force -NoHeader" },
    { "Out-File", LOCAL_OUTPUT, "FilePath@0! Encoding@1 -Append -NoClobber -Force Width:int -NoNewline" },
    { "Out-Null", LOCAL_OUTPUT, "" },
    { "Out-Host", LOCAL_OUTPUT, "-Paging" },
    { "Out-Default", LOCAL_OUTPUT, "" },
    { "Get-Command", LOCAL_SOURCE, "Name@0 Verb Noun Module CommandType ParameterName -ListImported -All" },
    { "Get-Help", LOCAL_SOURCE, "Name@0 Parameter -Full -Detailed -Examples -Online" },
    { "Get-ConnectionInformation", LOCAL_SOURCE, "ConnectionId ModulePrefix" },
    { "Get-Content", LOCAL_SOURCE, "Path@0 LiteralPath Encoding ReadCount:int -Raw -Force" },
    { "Write-Output", LOCAL_SOURCE, "InputObject@0! -NoEnumerate" },
    { "Write-Host", LOCAL_SOURCE, "Object@0! -NoNewline ForegroundColor BackgroundColor Separator" },
    { "Import-Module", LOCAL_IGNORED, "" },
    { "Connect-IPPSSession", LOCAL_CONNECT, "" },
    { "Connect-ExchangeOnline", LOCAL_CONNECT, "" },
    { "Disconnect-ExchangeOnline", LOCAL_DISCONNECT, "ConnectionId ModulePrefix -Force -Confirm" },
    { "Disconnect-IPPSSession", LOCAL_DISCONNECT, "ConnectionId ModulePrefix -Force -Confirm" },
};

/* The aliases that PowerShell comes with. */
static const struct { const char *alias, *name; } aliases[] = {
    { "where", "Where-Object" },   { "?", "Where-Object" },          { "select", "Select-Object" }, { "sort", "Sort-Object" },
    { "measure", "Measure-Object" }, { "group", "Group-Object" },    { "foreach", "ForEach-Object" }, { "%", "ForEach-Object" },
    { "gm", "Get-Member" },        { "ft", "Format-Table" },         { "fl", "Format-List" },       { "epcsv", "Export-Csv" },
    { "gcm", "Get-Command" },      { "help", "Get-Help" },           { "man", "Get-Help" },         { "oh", "Out-Host" },
    { "gc", "Get-Content" },       { "cat", "Get-Content" },         { "type", "Get-Content" },
    { "echo", "Write-Output" },    { "write", "Write-Output" },      { "ipmo", "Import-Module" },
};

static void add_parameter(struct cmdlet *cmdlet, struct str word)
{
    struct parameter_use use = { .set = (char[]){ ALL_PARAMETER_SETS }, .position = -1 };
    struct str name, position, type = word;
    bool is_switch = str_starts(word, STR("-"));
    str_cut(&type, ':', &word);
    if (is_switch) {
        word = str_from(word, 1);
        type = STR("switch");
    }
    use.mandatory = str_ends_nocase(word, STR("!"));
    word = use.mandatory ? str_take(word, word.len - 1) : word;
    position = word;
    if (str_cut(&position, '@', &name)) {
        use.position = position.data[0] - '0';
    }
    struct parameter *parameter = cmdlet_add_parameter(cmdlet, name);
    if (type.len) {
        parameter_set_type(parameter, type);
    }
    parameter_add_use(parameter, use);
}

struct catalogue *local_catalogue_new(void)
{
    struct catalogue *catalogue = catalogue_new();
    for (size_t i = 0; i < sizeof cmdlets / sizeof *cmdlets; i++) {
        struct cmdlet *cmdlet = catalogue_add(catalogue, str_of(cmdlets[i].name));
        struct str words = str_of(cmdlets[i].parameters), word;
        cmdlet->local = true;
        for (bool more = words.len > 0; more;) {
            more = str_cut(&words, ' ', &word);
            add_parameter(cmdlet, word);
        }
    }
    catalogue_seal(catalogue);
    return catalogue;
}

const char *local_name(struct str name, enum local_kind *kind)
{
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        if (str_is_nocase(name, aliases[i].alias)) {
            name = str_of(aliases[i].name);
            break;
        }
    }
    for (size_t i = 0; i < sizeof cmdlets / sizeof *cmdlets; i++) {
        if (str_is_nocase(name, cmdlets[i].name)) {
            *kind = cmdlets[i].kind;
            return cmdlets[i].name;
        }
    }
    *kind = LOCAL_NONE;
    return NULL;
}

#define POWERSHELL "PowerShell itself"

/* What people reach for beside the service's cmdlets, and what does its work here. */
static const struct { const char *names, *owner, *advice; } absent[] = {
    { "Search-UnifiedAuditLog Get-Mailbox Get-EXOMailbox Set-Mailbox Get-MailboxStatistics Get-MailboxPermission Get-MessageTrace "
      "Get-MessageTraceV2 Get-TransportRule New-TransportRule Set-TransportRule Get-DistributionGroup Get-OrganizationConfig "
      "Get-IRMConfiguration Set-IRMConfiguration Get-AcceptedDomain Search-AdminAuditLog "
      "Search-MailboxAuditLog Get-CASMailbox Set-CASMailbox Get-EXOCasMailbox Get-EXORecipient Get-EXOMailboxStatistics Get-UnifiedGroup "
      "Get-InboxRule Get-MailboxFolderStatistics Get-MailboxSearch New-MailboxSearch Get-JournalRule New-JournalRule Get-RetentionPolicy "
      "Set-OrganizationConfig Get-OMEConfiguration Set-OMEConfiguration", "Exchange Online",
      "purvey speaks to Security & Compliance only; purvey cmdlets lists what that offers to the account." },
    { "Connect-MgGraph Connect-AzAccount Connect-AzureAD Connect-MsolService Connect-PnPOnline Connect-SPOService Connect-MicrosoftTeams",
      "another module", "purvey speaks to Security & Compliance only; Connect-IPPSSession is its own connection." },
    { "Out-GridView Out-ConsoleGridView", POWERSHELL,
      "In the terminal interface (purvey without run) every result is such a table; f filters it as you type." },
    { "Import-Csv Import-Clixml ConvertFrom-Json ConvertFrom-Csv", POWERSHELL,
      "Objects come from cmdlets, from texts in quotes ('a','b' | Get-X) and from the lines of a file (Get-Content PATH | Get-X). @file.json gives one cmdlet its parameters." },
    { "Get-Date", POWERSHELL, "Dates are written 2026-01-31, 7d (seven days ago) or (Get-Date).AddDays(-7), as a parameter or in Where-Object { }." },
    { "Out-String Tee-Object tee ConvertTo-Html ConvertTo-Xml Export-Clixml Out-Printer Set-Content Add-Content Select-String sls "
      "Format-Wide fw Format-Custom Compare-Object compare diff Set-Clipboard Out-Clipboard", POWERSHELL,
      "Possible behind a bar: Where-Object, Select-Object, Sort-Object, Group-Object, Measure-Object, ForEach-Object, Get-Member, "
      "Format-Table, Format-List, ConvertTo-Json, ConvertTo-Csv, Export-Csv, Out-File." },
    { "Start-Sleep sleep Read-Host Get-Variable Set-Variable New-Object Write-Error Write-Warning Write-Verbose Write-Progress "
      "Start-Job Start-Transcript Stop-Transcript Invoke-Command Invoke-Expression iex New-PSSession Import-PSSession "
      "Remove-PSSession Get-PSSession Add-Member Install-Module Update-Module Get-Module Set-ExecutionPolicy Get-Credential "
      "Get-Unique Get-Random New-TimeSpan Write-Information Write-Debug Set-StrictMode Get-Process Get-Host Get-History Get-Location "
      "Join-String Split-Path Add-Type Set-Alias Wait-Job Receive-Job "
      "Clear-Host cls Get-ChildItem dir ls Set-Location cd Test-Path Join-Path Get-Item Remove-Item New-Item", POWERSHELL,
      "What a program of PowerShell does around its cmdlets, a shell script does around purvey run." },
};

static bool has_word(struct str words, struct str name)
{
    struct str word;
    for (bool more = true; more;) {
        more = str_cut(&words, ' ', &word);
        if (str_eq_nocase(word, name)) {
            return true;
        }
    }
    return false;
}

bool local_refused(struct str name, struct err *err)
{
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        if (!has_word(str_of(absent[i].names), name)) {
            continue;
        }
        err_set(err, ERR_INPUT, "%.*s is a cmdlet of %s, and does not run here", STR_ARG(name), absent[i].owner);
        err_advise(err, "%s", absent[i].advice);
        return true;
    }
    return false;
}
