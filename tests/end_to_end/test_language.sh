#!/bin/sh
# The command language with the real binary against the demo tenant: pipelines, local cmdlets, outputs, -WhatIf and -Confirm,
# common parameters, scripts. Speaks TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
: "${PURVEY:=build/asan/purvey}"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 XDG_RUNTIME_DIR="$work"
test=0
check() { # check NAME COMMAND...: ok when the command succeeds
    test=$((test + 1))
    name=$1; shift
    if "$@"; then echo "ok $test - $name"; else
        echo "not ok $test - $name"; { echo "code $code"; head -c 1500 "$work/out"; head -c 1500 "$work/err"; } 2>/dev/null | sed 's/^/# /'
    fi
}
run() { timeout 120 "$PURVEY" run --demo "$@" >"$work/out" 2>"$work/err" </dev/null; code=$?; }
prints() { [ "$code" = 0 ] && [ "$(cat "$work/out")" = "$1" ]; }
out() { grep -q -- "$1" "$work/out"; }
err() { grep -qi -- "$1" "$work/err"; }
is() { [ "$code" = "$1" ]; }
quiet() { [ "$code" = 0 ] && ! [ -s "$work/err" ]; }

# ---- pipelines and local cmdlets ----
run "Get-Label | Where-Object Name -like 'P*' | Sort-Object Name -Descending | ForEach-Object Name"
check "where, sort, foreach" prints 'Public
Personal'
run "Get-Label | ? { \$_.Priority -ge 1 -and \$_.Priority -lt 3 } | select Name,Priority" --output csv
check "a block of conditions, chosen columns in their order" prints "$(printf 'Name,Priority\r\nPublic,1\r\nGeneral,2\r')"
run "'Personal','Public' | Get-Label | % Name"
check "texts are bound to the identity" prints 'Personal
Public'
run "Get-LabelPolicy | select -First 1 | Get-LabelPolicy | measure | % Count"
check "objects are bound to the identity" prints 1
run --users 30000 "Get-User -ResultSize Unlimited | select -First 3 | measure | % Count"
check "a reader that has had enough ends the reading" prints 3
run "Get-ComplianceCase | group Status | sort Name | select Name,Count" --output jsonl
check "groups" prints '{"Name":"Active","Count":12}
{"Name":"Closed","Count":3}'
run "Get-Label | select Name -First 2 | ConvertTo-Json -Compress"
check "json in one line" prints '[{"Name":"Personal"},{"Name":"Public"}]'
run "Get-Label Personal | select Name | ConvertTo-Json"
check "one object is no array, as with ConvertTo-Json" prints '{
  "Name": "Personal"
}'
run "Get-Label Personal | select Name | ConvertTo-Json -AsArray -Compress"
check "unless it is asked for" prints '[{"Name":"Personal"}]'
run "Get-Label | ft Name,Priority -HideTableHeaders | Out-Null"
check "Out-Null prints nothing" prints ''
run "Get-Command *LabelPolicy | % Name"
check "Get-Command lists what the account has" out '^Get-LabelPolicy$'
run "Get-ConnectionInformation | % State"
check "Get-ConnectionInformation" prints Connected

run "Get-Label | sort Nmae | select -First 1 | % Name"
check "a property that no object has is told, with the nearest name" err '^WARNING: no object has a property Nmae. Did you mean Name?'
check "and is no failure" is 0
run "Get-Label | ? { \$_.Priorty -ge 1 -or \$_.Priorty -lt 0 } | select Nme | measure | % Count"
check "once for each name" [ "$(grep -c '^WARNING: no object' "$work/err")" = 2 ]
run "Get-Label | select Name,Prioritty -First 2 | ft"
check "also of chosen columns" err 'no object has a property Prioritty. Did you mean Priority?'
run "Get-Label | % WhenCreated.Yer"
check "and of what a date does not have" err 'WhenCreated.Yer. Did you mean Year?'
run "Get-Label Personal | % { \$_.WhenCreated.Year -gt 2000 }"
check "a date has a year" prints 'true'
run "Get-Label -WarningAction SilentlyContinue | sort Nmae | measure | % Count"
check "-WarningAction hides it" quiet
run "Get-Label | ? ParentId | measure | % Count"
check "a property that is empty everywhere is no mistake" quiet

run "Get-Help Get-ComplianceCase -Full"
check "Get-Help -Full shows the parameters" sh -c "[ $code = 0 ] && grep -q '^Name *: CaseType$' '$work/out' && grep -q '^Values *: .*eDiscovery' '$work/out'"
run "Get-Help Get-ComplianceCase"
check "and without it the syntax" sh -c "grep -q '^Syntax *: Get-ComplianceCase' '$work/out' && ! grep -q '^Values' '$work/out'"

run "(Get-Label).Count" "(Get-Label Public).Name" "(Get-Label | ? Name -like 'P*').Name | Get-Label | % Priority" "(Get-Label Public).WhenCreated.Year" "(Get-Label | select -First 2).Name.Length"
check "a property of what brackets give" prints '14
Public
0
1
2025
2'

# ---- changes through a pipeline ----
run "New-ComplianceCase -Name pipe-1 | Out-Null" "New-ComplianceCase -Name pipe-2 | Out-Null" \
    "Get-ComplianceCase | ? Name -like 'pipe-*' | Set-ComplianceCase -Description changed" \
    "Get-ComplianceCase | ? Description -eq changed | sort Name | % Name"
check "each object of a pipeline is changed" prints 'pipe-1
pipe-2'
run "'no-such-1','Personal','no-such-2' | Get-Label | % Name"
check "an object that fails does not stop the others" out '^Personal$'
check "it is told with its name" err "Get-Label no-such-2: "
check "and the run did not succeed" is 1
run "'no-such-1','Personal' | Get-Label -ErrorAction Stop | % Name"
check "-ErrorAction Stop ends at the first" sh -c "[ $code = 1 ] && ! grep -q Personal '$work/out'"
run "'no-such-1','Personal' | Get-Label -ErrorAction SilentlyContinue | % Name"
check "SilentlyContinue hides it and goes on" prints Personal
check "with nothing on standard error" quiet
run "Get-Label no-such -ErrorAction SilentlyContinue" "Get-Label Personal | % Name"
check "also for a single cmdlet" prints Personal
run --users 2345 "Get-User -WarningAction SilentlyContinue | measure | % Count"
check "-WarningAction hides warnings" quiet
run --users 2345 "Get-User -WarningAction Stop"
check "or stops at one" sh -c "[ $code = 1 ]"
run "Get-Label -Verbose | measure | % Count"
check "-Verbose tells of the request" err 'VERBOSE: Get-Label: 14 objects in 1 page'
check "and what the limits leave" err 'VERBOSE: [0-9]* of [0-9]* requests left'
run "Get-Label -OutVariable x | ? Name -eq Public | % Name" "\$x.Count" "\$X | ? Name -eq General | Get-Label | % Name"
check "-OutVariable keeps all that the cmdlet gave" prints 'Public
14
General'
run "Get-Label -ov x | select -First 1 Name -OutVariable +two | Out-Null" "Get-Label Public | select Name -OutVariable +two | Out-Null; \$two.Name"
check "with a plus more is added" prints 'Personal
Public'
run "Get-Label Personal -OutVariable x | Out-Null" "\$x | Get-Label -OutVariable x | Out-Null" "\$x.WhenCreated.Year"
check "a date is still one" prints 2024
run "Get-Label nope -ErrorAction SilentlyContinue -ErrorVariable e" "\$e.Exception.Message" "\$e.Count"
check "-ErrorVariable keeps the error" prints "The operation could not be performed because the Label 'nope' is not there.
1"
run --users 2345 "Get-User -WarningAction SilentlyContinue -WarningVariable w | Out-Null" "\$w.Count"
check "-WarningVariable keeps what is not shown" prints 1
printf 'Get-Label -OutVariable labels | Out-Null\n$lables.Name\n' >"$work/script.ps1"
run --file "$work/script.ps1"
check "a name that nothing is kept under is told before anything runs" err 'line 2, column 1: no cmdlet before this keeps anything as $lables'
check "as a typing error" is 2
run "Get-Label -PipelineVariable x | measure | % Count"
check "what has no effect says so" err 'PipelineVariable has no effect'

run "Get-ComplianceCase | ? Name -like 'pipe-*' | ForEach-Object { Get-CaseHoldPolicy -Case \$_.Nam }"
check "an empty value of an object is not sent" sh -c "[ $code = 0 ] && ! [ -s '$work/err' ]"
run --trace "$work/trace" "Get-ComplianceCase | select -First 2 | ForEach-Object { Get-CaseHoldPolicy -Case \$_.Nam }"
check "a block's parameter without a value is an error of each object" sh -c "[ $code = 1 ] && [ \$(grep -c 'its \$_.Nam is empty' '$work/err') = 2 ] && ! grep -q Get-CaseHoldPolicy '$work/trace'"
run "Get-ComplianceCase | select -First 3 | ForEach-Object { Get-CaseHoldPolicy -Case \$_.Name } | measure | % Count"
check "a block runs its cmdlet for each object, with any parameter" prints 3
run "Get-Label | ? Name -like 'P*' | % { Set-Label -Identity \$_.Guid -Comment each }" "Get-Label | ? Comment -eq each | sort Name | % Name"
check "also one that changes" prints 'Personal
Public'
run "Get-ComplianceCase | % { Remove-ComplianceCase -Identity \$_.Name }"
check "what asks is refused in a block, too" is 2

run --trace "$work/trace" "1 | Get-Label | Set-Label -Comment all"
check "an identity of digits is a name, and not every object" sh -c "[ $code = 1 ] && ! grep -q 'Set-Label' '$work/trace' && grep -q '\"Identity\":\"1\"' '$work/trace'"

printf 'Personal\r\nPublic\r\n' >"$work/names.txt"
run "Get-Content $work/names.txt | Get-Label | % Name"
check "the lines of a file go into a pipeline" prints 'Personal
Public'
run "(Get-Content $work/names.txt) | % { Get-Label -Identity \$_ } | % Name"
check "also in brackets" prints 'Personal
Public'
run "Get-Label | ? { \$_.Name -in (Get-Content $work/names.txt) } | % Name" "Get-Label | ? Name -in (gc $work/names.txt) | % Name"
check "they can be compared with" prints 'Personal
Public
Personal
Public'
run "Get-Content $work/none.txt | Get-Label"
check "a file that is not there is input" sh -c "[ $code = 2 ] && grep -q 'none.txt: No such file' '$work/err'"
run "Set-Label Personal -Comment (Get-Content $work/names.txt -Raw)" "Get-Label Personal | select Comment" --output jsonl
check "the text of a file is a parameter's value" prints '{"Comment":"Personal\r\nPublic\r\n"}'

run "Set-CaseHoldPolicy p -Enabled \$true -RetryDistribution"
check "parameters of different sets are refused at the second" err '^purvey: column 37: Set-CaseHoldPolicy: -RetryDistribution cannot be used together with -Enabled'

run "Get-RoleGroupMember eDiscoveryManager | select -First 1 | % { Remove-RoleGroupMember eDiscoveryManager -Member \$_.Name -Confirm:\$false }" \
    "Get-RoleGroupMember eDiscoveryManager | measure | % Count"
check "members are no foreign answer for the group that was asked for" prints 2

# ---- -WhatIf and -Confirm ----
run "Set-Label Personal -Comment other -WhatIf" "Get-Label Personal | % Comment"
check "-WhatIf shows before and after" out '^Set-Label Personal Comment '
check "and changes nothing" sh -c "! tail -n 1 '$work/out' | grep -q '^other'"
check "it is no failure" is 0
run "Add-RoleGroupMember eDiscoveryManager -Member adele.vance -WhatIf"
check "members of a group are not taken for the group" sh -c "[ $code = 0 ] && ! grep -q 'was not found' '$work/err'"
run "Get-ComplianceCase | Remove-ComplianceCase -WhatIf" "Get-ComplianceCase | measure | % Count"
check "-WhatIf of a pipeline removes nothing" sh -c "[ \$(tail -n 1 '$work/out') = 15 ]"
run "Remove-Label Personal -WhatIf" --output json
check "what would be removed is said" sh -c "grep -q '\"Before\": *\"Personal\"' '$work/out' && grep -q '\"After\": *\"(removed)\"' '$work/out'"
run "Get-Label | ? Name -like 'P*' | Remove-Label -WhatIf" --output csv
check "for each object, with its name" [ "$(cut -d, -f3- "$work/out" | tr -d '\r')" = 'Parameter,Before,After
(object),Personal,(removed)
(object),Public,(removed)' ]
run "Remove-Label Personal -WhatIf | Format-List"
check "also as a list" out '^After *: (removed)$'
run "New-ComplianceCase -Name w -WhatIf" --output tsv
check "what would be created is said" out '(object).*(created)'
run "Get-ComplianceCase | Remove-ComplianceCase"
check "what asks is refused where nobody can answer" is 2
check "in a line of its own no place is said" err '^purvey: Remove-ComplianceCase asks'
check "and the switch is named" err 'Confirm:\$false'
run "Set-Label Personal -Comment x -Confirm"
check "so is -Confirm" is 2
run "New-ComplianceCase -Name gone | Out-Null" "Get-ComplianceCase gone | Remove-ComplianceCase -Confirm:\$false" \
    "Get-ComplianceCase | ? Name -eq gone | measure | % Count"
check "-Confirm:\$false removes without a question" prints 0

# ---- compliance searches: a session of their own, by itself ----
run "Get-ComplianceSearch | select -First 1 | measure | % Count"
check "a search opens a second session" prints 1
check "and says so in one line" [ "$(grep -c 'search-only session was opened' "$work/err")" = 1 ]
run "Get-ComplianceSearch | measure | % Count" "New-ComplianceSearch -Name found -ExchangeLocation All | Out-Null" "Start-ComplianceSearch found" \
    "Get-ComplianceSearch found | % Name"
check "once for all cmdlets of a run" [ "$(grep -c 'search-only session was opened' "$work/err")" = 1 ]
check "and they work together" out '^found$'
run -EnableSearchOnlySession "Get-ComplianceSearch | measure | % Count"
check "a session of that kind needs no second one" quiet
run -EnableSearchOnlySession:\$false "Get-ComplianceSearch | measure | % Count"
check "nor does whoever wants none" quiet

# ---- passwords as parameters ----
printf '{"c":"New-Sealed","d":null,"p":[{"n":"Name","t":"string"},{"n":"Password","t":"securestring"}]}\n' >"$work/sealed.jsonl"
printf 'open sesame\n' >"$work/password"
run --catalogue "$work/sealed.jsonl" --trace "$work/trace" "New-Sealed -Name a -Password file:$work/password"
check "a password is sealed so that the service can open it" is 0
check "and travels in no other form" sh -c "grep -q '\"Password\":\"[A-Za-z0-9+/=]*\"' '$work/trace' && ! grep -q sesame '$work/trace'"
run --catalogue "$work/sealed.jsonl" "New-Sealed -Name a -Password (ConvertTo-SecureString 'open sesame' -AsPlainText -Force) -Verbose"
check "also as documented lines have it" is 0
check "and is printed nowhere" sh -c "! grep -q sesame '$work/out' '$work/err'"
run --catalogue "$work/sealed.jsonl" "New-Sealed -Name a -Password file:$work/none"
check "a password that is not there is input" is 2

printf '{"c":"New-Login","d":null,"p":[{"n":"Name","t":"string"},{"n":"Login","t":"pscredential"}]}\n' >"$work/login.jsonl"
timeout 120 setsid "$PURVEY" run --demo --catalogue "$work/login.jsonl" "New-Login -Name a -Login (Get-Credential)" >"$work/out" 2>"$work/err" </dev/null; code=$?
check "a credential cannot be asked for without a terminal" is 2
check "and what can be written instead is said" err "Password='env:NAME'"
WORD='open sesame' run --catalogue "$work/login.jsonl" --trace "$work/trace" "New-Login -Name a -Login @{UserName='anna@b.c';Password='env:WORD'} | Out-Null"
check "which goes out sealed" sh -c "[ $code = 0 ] && ! grep -q 'sesame\|env:WORD' '$work/trace'"
run --trace "$work/trace" "Set-Label Personal -Comment (Get-Credential)"
check "a credential for a text is refused at its place" err '^purvey: column 29: -Comment takes no password and no credential'
check "and nothing is sent" sh -c "[ $code = 2 ] && ! grep -q 'Set-Label' '$work/trace'"
run "Set-Label Personal -Comment (New-Object PSObject)"
check "New-Object is refused with what to write" sh -c "[ $code = 2 ] && grep -q 'column 30: New-Object cannot run' '$work/err' && grep -q 'Get-Credential' '$work/err'"

# ---- exports that page by a cookie of their own ----
start=$(perl -MPOSIX -e 'print strftime("%Y-%m-%dT%H:%M:%S", gmtime(time - 29 * 86400))')
now=$(perl -MPOSIX -e 'print strftime("%Y-%m-%dT%H:%M:%S", gmtime)')
run "Export-ActivityExplorerData -StartTime $start -EndTime $now -OutputFormat Json" --output jsonl
check "an export comes to its end" is 0
check "with all its records" [ "$(wc -l <"$work/out")" -ge 1390 ]
check "each of them once" [ "$(cut -d, -f1 "$work/out" | sort -u | wc -l)" = "$(wc -l <"$work/out")" ]
check "a range that is too long is halved, and that is said" err 'timed out.*Going on with a part of it'
run "Export-ContentExplorerData -TagType Sensitivity -TagName Secret -PageSize 100 | measure | % Count"
check "so does the other one, without its own line of numbers" prints 777
run "Export-ContentExplorerData -TagType Sensitivity -TagName Secret -PageSize 100 -PageCookie 7 | measure | % Count"
check "a cookie that was given is the person's own affair" is 1

# ---- files ----
run "Get-Label | select Name,Priority | Export-Csv $work/labels.csv -NoTypeInformation"
check "Export-Csv says what it wrote" err "14 objects were written to $work/labels.csv"
check "the file has a header and all rows" [ "$(wc -l <"$work/labels.csv")" = 15 ]
check "and is the person's alone" [ "$(stat -c %a "$work/labels.csv")" = 600 ]
run "Get-Label | select Name,Priority | Export-Csv $work/labels.csv -Append"
check "-Append does not repeat the header" [ "$(grep -c '^Name' "$work/labels.csv")" = 1 ]
check "and adds the rows" [ "$(wc -l <"$work/labels.csv")" = 29 ]
run "Get-Label | Export-Csv $work/labels.csv -NoClobber"
check "-NoClobber keeps a file" sh -c "[ $code = 2 ] && [ $(wc -l <"$work/labels.csv") = 29 ]"
run "Get-Label | Export-Csv $work/none/labels.csv"
check "a directory that is not there is told before anything is sent" err 'none/labels.csv.*No such file'
run "Get-Label | select Name > $work/names.txt"
check "> writes the table" grep -q '^Personal *$' "$work/names.txt"
ln -s names.txt "$work/link"
run "Get-Label Personal | select Name | Out-File $work/link"
check "one object is told as one" err '1 object was written'
check "a link stays a link" [ -L "$work/link" ]
check "no temporary file is left" [ "$(find "$work" -maxdepth 1 -name '*.??????' -newer "$work/labels.csv" | wc -l)" = 0 ]
run "Get-Label 'nope' | Export-Csv $work/names.txt"
check "a failed run leaves the file as it was" sh -c "[ $code = 1 ] && grep -q Personal '$work/names.txt'"

# ---- scripts ----
cat >"$work/night.ps1" <<'S'
# every night
Import-Module ExchangeOnlineManagement
Connect-IPPSSession -UserPrincipalName adele.vance@contoso.onmicrosoft.localhost -ShowBanner:$false
<# all of it,
   in one pipeline #>
Get-Label |
    Where-Object { $_.Name -like 'P*' } |
    Select-Object Name, Priority |
    ConvertTo-Csv
Get-Label Personal `
    | ForEach-Object Name
Disconnect-ExchangeOnline -Confirm:$false
S
run --file "$work/night.ps1"
check "a whole script as people have them" prints "$(printf 'Name,Priority\r\nPersonal,0\r\nPublic,1\r\nPersonal')"
printf '{"Identity":"Personal","ErrorAction":"Stop"}' >"$work/call.json"
run "Get-Label @$work/call.json | % Name"
check "parameters from a file" prints Personal

# ---- several connections: a prefix says whose cmdlet it is, also within one line ----
cat >"$work/two.ps1" <<'S'
Connect-IPPSSession -Prefix ACME
Connect-IPPSSession -Prefix FAB
Get-ACMELabel Personal | % Name
Get-FABLabel Public | % Name
Get-ACMELabel Personal | Get-FABLabel | % Name
Get-ConnectionInformation | % ModulePrefix
S
run --file "$work/two.ps1" --trace "$work/trace"
check "each prefix calls its connection" prints "$(printf 'Personal\nPublic\nPersonal\nACME\nFAB')"
calls() { grep -A30 'InvokeCommand' "$work/trace" | grep -io 'connection-id: [0-9a-f-]*' | sort | uniq -c | awk '{ printf "%s ", $1 }'; }
check "two calls of each" sh -c "[ '$(calls)' = '2 2 ' ]"
run 'Get-Command Get-Label | % Name'
check "each cmdlet is listed once" prints Get-Label
run 'Connect-IPPSSession -Prefix ACME' 'Connect-IPPSSession -Prefix FAB' 'Get-Label'
check "a name without a prefix is nobody's" err 'command 3: column 1: Get-Label may be of several connections'
run 'Connect-IPPSSession -Prefix ACME' 'Connect-IPPSSession' 'Get-Label Personal | % Name' 'Get-ACMELabl'
check "a slip is told with the names of its connection" err 'Did you mean Get-ACMELabel'
run 'Get-Label Personal | % Name' 'Connect-IPPSSession -Prefix FAB -Oops'
check "nothing runs before all are open" sh -c "[ $code = 2 ] && [ ! -s '$work/out' ]"
run 'Connect-IPPSSession -Prefix ACME' 'Connect-IPPSSession -Prefix FAB' 'Get-ConnectionInformation -ModulePrefix fab | % Name' \
    'Disconnect-ExchangeOnline -ModulePrefix acme -Confirm:$false' 'Get-FABLabel Public | % Name' 'Get-ConnectionInformation | % Name'
check "one of several can be ended" prints "$(printf 'IPPSSession_2\nPublic\nIPPSSession_2')"
run 'Connect-IPPSSession -Prefix ACME' 'Connect-IPPSSession -Prefix FAB' 'Disconnect-ExchangeOnline -ModulePrefix ACME' 'Get-ACMELabel'
check "and its cmdlets are gone" is 2
run 'Disconnect-ExchangeOnline -ModulePrefix nope'
check "an unknown prefix ends nothing" err 'no open connection has the prefix nope'
run 'Get-Label Personal | % Name' 'Disconnect-ExchangeOnline' 'Connect-IPPSSession -Prefix FAB' 'Get-FABLabel Public | % Name' 'Get-ConnectionInformation | % Name'
check "one after the other" prints "$(printf 'Personal\nPublic\nIPPSSession_2')"
printf 'Set-StrictMode\nGet-Label\n' >"$work/late.ps1"
run --file "$work/late.ps1"
check "the first line is named too" err 'late.ps1, line 1, column 1: '
printf 'Get-Label Personal\nRemove-Label Personal\n' >"$work/late.ps1"
run --file "$work/late.ps1"
check "so is one that asks" err 'late.ps1, line 2, column 1: Remove-Label asks'
printf 'Disconnect-ExchangeOnline\nGet-Label\n' >"$work/late.ps1"
run --file "$work/late.ps1"
check "so is a cmdlet behind the end" is 2
run 'foreach ($x in Get-Label) { $x.Name }'
check "what is no part of the language says what is possible" err 'ForEach-Object Name'
run "Get-Label | Where-Object { \$_.Name -eqq 'x' }"
check "with the place" err 'column 36'
check "and a mark under it" sh -c "[ \"\$(grep -n '^ *^$' '$work/err')\" = '3:                                     ^' ]"
run "Get-Label | select Nmae"
check "a misspelt property is empty, as in PowerShell" is 0
run "Get-Label | select -first 1 | ft Name,@{Label='Prio';Expression={\$_.Priority};Width=4}"
check "a table with a value that is worked out" prints "$(printf 'Name     Prio\n-------- ----\nPersonal    0')"
run "Get-Label | select -first 1 | fl @{n='N';e={\$_.Name}} | Out-File $work/list.txt"
check "a list with one, in a file" sh -c "[ \"\$(cat '$work/list.txt')\" = 'N : Personal' ]"
run "Get-Label | ft Nmae"
check "but a table of it warns" err 'no object has a property Nmae'

echo "1..$test"
