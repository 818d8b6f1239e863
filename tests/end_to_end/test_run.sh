#!/bin/sh
# The headless commands, with the real binary against the demo tenant. Speaks TAP.
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
        echo "not ok $test - $name"; { echo "code $code"; head -c 2000 "$work/out"; head -c 2000 "$work/err"; } 2>/dev/null | sed 's/^/# /'
    fi
}
run() { "$PURVEY" "$@" >"$work/out" 2>"$work/err" </dev/null; code=$?; }
out() { grep -q -- "$1" "$work/out"; }
err() { grep -qi -- "$1" "$work/err"; }
is() { [ "$code" = "$1" ]; }

run --version; check "version" out '^purvey [0-9]'
run --help; check "help names run" out 'purvey run'
check "and fits into 80 columns" sh -c "! grep -q '.\{81\}' '$work/out'"
undocumented() { # the options of --help that purvey(1) does not have
    grep -o '^  -[A-Za-z-]*' "$work/out" | while read -r option; do
        case $option in --*) option="Fl ${option#--}" ;; *) option=${option#-} ;; esac
        grep -qw -- "Fl $option" man/purvey.1 || echo "$option"
    done
}
check "and the manual has every option of it" [ -z "$(undocumented)" ]
run help Connect-IPPSSession
check "help of Connect-IPPSSession has its parameters" sh -c "grep -q '^  -AppId ' '$work/out' && grep -q '^  -Prefix ' '$work/out'"

run run --demo 'Get-Label' --output json
check "Get-Label succeeds" is 0
check "it is a JSON array of objects" perl -MJSON::PP -0777 -e 'my $j = decode_json(<>); exit !(ref $j eq "ARRAY" && @$j > 5 && $j->[0]{Guid})' "$work/out"
check "no annotation is left" sh -c "! grep -q '@data.type' '$work/out'"
check "nothing on standard error" sh -c "! [ -s '$work/err' ]"

run run --demo 'Get-ComplianceCase -CaseType eDiscovery' --output table
check "a table has a header and a rule" out '^----'
run run --demo 'Get-ComplianceCase -CaseType eDiscovery' --output csv
check "csv begins with the column names" sh -c "head -n 1 '$work/out' | grep -q 'Name'"
run run --demo --users 2345 'Get-User -ResultSize Unlimited' --output jsonl
check "all users over all pages" [ "$(wc -l <"$work/out")" = 2345 ]
check "none of them twice" [ "$(sort -u "$work/out" | wc -l)" = 2345 ]
sum=$(sha256sum <"$work/out")
run run --demo --users 2345 'Get-User -ResultSize Unlimited' --output jsonl
check "the same every time" [ "$(sha256sum <"$work/out")" = "$sum" ]
run run --demo --users 2345 'Get-User' --output jsonl
check "without ResultSize one page of 1000" [ "$(wc -l <"$work/out")" = 1000 ]
check "and a warning that there is more" err 'WARNING:.*ResultSize'

printf '# a comment\nGet-Label\n\nGet-RoleGroup\n' >"$work/script"
run run --demo --file "$work/script" --output jsonl
check "a script runs all its lines" is 0
run run --demo "New-ComplianceCase -Name 'Übung 1'" "Get-ComplianceCase -Identity 'Übung 1'" --output jsonl
check "what one command makes the next one finds" sh -c "[ \"\$(grep -c 'Übung 1' '$work/out')\" = 2 ]"
run cmdlets --demo gccase
check "cmdlets ranks the best match first" sh -c "head -n 1 '$work/out' | grep -q '^Get-ComplianceCase\$'"
run cmdlets --demo 'Get-*Label*' 'remove-label'
check "wildcards choose by name" sh -c "grep -qx Get-LabelPolicy '$work/out' && grep -qx Remove-Label '$work/out' && ! grep -qv 'Label' '$work/out'"
run cmdlets --demo label policy
check "plain words all count" sh -c "grep -qx Get-LabelPolicy '$work/out' && ! grep -qx Get-Label '$work/out'"
run cmdlets --demo -Prefix Contoso 'Get-ContosoLabel*' 'Remove-Label'
check "with -Prefix the names have it, and both kinds are taken" sh -c "grep -qx Get-ContosoLabelPolicy '$work/out' && grep -qx Remove-ContosoLabel '$work/out' && ! grep -qv Contoso '$work/out'"
run help --demo Get-Mailbox
check "help says where a cmdlet belongs that is none of these" sh -c "[ $code = 2 ] && grep -q 'a cmdlet of Exchange Online' '$work/err'"
run cmdlets --demo Get-Mailbox
check "and cmdlets does too" err 'a cmdlet of Exchange Online'
run help --demo -Prefix Contoso Get-ContosoLabel
check "help speaks of the name with the prefix" sh -c "grep -q '^ *Get-ContosoLabel .*-Identity' '$work/out' && ! grep -q Get-Label '$work/out'"
run help --demo -Prefix Contoso Get-ContosoActivityAlert
check "also of one that was not offered" sh -c "[ $code = 5 ] && grep -q '^ *Get-ContosoActivityAlert$' '$work/out' && grep -q 'reads and changes nothing' '$work/out' && grep -q 'not offered' '$work/err'"
run run --demo -Prefix Contoso 'Get-Command Get-ContosoLabel | % Name' 'Get-Label Public | % Name'
check "Get-Command has it, and the plain name runs" sh -c "grep -qx Get-ContosoLabel '$work/out' && grep -qx Public '$work/out'"
run cmdlets --demo 'Nothing-*'
check "a pattern may fit nothing" is 0
run cmdlets --demo qqqqzz
check "a name that nothing is near to is input" is 2
run cmdlets --demo --output jsonl Get-Label
check "objects say the area" sh -c "head -n 1 '$work/out' | grep -q '\"Name\":\"Get-Label\",\"Area\":\"Labels\",\"Effect\":\"reads\"'"
run cmdlets --demo --output csv 'Get-Label'
check "also as csv" sh -c "head -n 1 '$work/out' | grep -q '^.\?Name.\?,.\?Area'"
run cmdlets --demo
check "about 60 cmdlets" [ "$(wc -l <"$work/out")" -ge 55 ]
run cmdlets --demo --catalogue tests/data/cmdlets.jsonl
check "cmdlets of a file stand beside the tenant's own" sh -c "grep -q '^Invoke-OrchardHarvest\$' '$work/out' && grep -q '^Get-Label\$' '$work/out'"
run run --demo --catalogue tests/data/cmdlets.jsonl "New-Orchard -Name Hill -Trees 3" 'Get-Orchard -Identity Hill' --output jsonl
check "and run: what one makes another finds" sh -c "[ \"\$(grep -c '\"Trees\":3' '$work/out')\" = 2 ]"
run cmdlets --catalogue tests/data/cmdlets.jsonl
check "a file of cmdlets is for the demo tenant" is 2
printf '{"c":"Get-Good"}\n{"c":"Bad"}\n' >"$work/bad.jsonl"
run cmdlets --demo --catalogue "$work/bad.jsonl"
check "a wrong file of cmdlets is input" is 2
check "and its line is named" err 'bad.jsonl, line 2: '
real=../shared/catalog/service.jsonl
if [ -r "$real" ]; then
    run cmdlets --demo --catalogue "$real"
    check "every cmdlet of the real list is listed" sh -c "
        perl -ne 'print \"\$1\\n\" if /^\{\"c\":\"([^\"]+)/' '$real' | sort >'$work/wanted'
        [ \"\$(wc -l <'$work/wanted')\" = 418 ] && ! sort '$work/out' | comm -13 - '$work/wanted' | grep ."
else
    echo "# skipped: $real is not on this machine"
fi
run help --demo Get-ComplianceCase
check "help shows the syntax" out '^ *Get-ComplianceCase .*\[-CaseType <value>\].*\[<CommonParameters>\]$'
check "the values" out 'eDiscovery, InsiderRisk'
check "what it does" out 'eDiscovery: reads and changes nothing'
run help --demo New-ComplianceSearchAction
check "and what it can destroy" out 'delete or purge'
run help --demo get-labl
check "a misspelt name is input" is 2
check "with the nearest" err 'Did you mean Get-Label'
run help --demo New-SupervisoryReviewPolicyV2
check "a cmdlet that was not offered is told as such" err 'not offered to this account'
check "and is not permitted" is 5
check "with the role" err 'Supervisory Review Administrator'
check "and with what is known of it" out '^    -Reviewers'
run run --demo 'Get-AutoSensitivityLabelPolicy'
check "also where it is run" is 5
run help --demo -CommandName Get-Label New-Label
check "one that was not asked for is told so" err 'made with -CommandName Get-Label'

# Values that the service named in an earlier run; the tenant is the demo's.
mkdir -m 700 -p "$work/state/purvey"
printf '{"cmdlet":"Get-Label","parameter":"Identity","values":["Few","Many"],"whole":true}\n' \
    >"$work/state/purvey/learned-6f1dd1a5-6d3c-4c1e-9a53-3f2f1b8d7c10"
chmod 600 "$work/state/purvey/learned-6f1dd1a5-6d3c-4c1e-9a53-3f2f1b8d7c10"
export XDG_STATE_HOME="$work/state"
run help --demo --token-cache file Get-Label
check "what was learned is offered again" out 'for example Few, Many;.* named by the service'
run help --demo --token-cache memory Get-Label
check "but not to a run that keeps nothing" sh -c "! grep -q Few '$work/out'"
rm -r "$work/state"; unset XDG_STATE_HOME

run help Where-Object
check "help of a local cmdlet needs no connection" is 0
check "and shows its parameters" out '-FilterScript'

run run 'Get-Label' --help
check "help is shown behind words as well" out 'purvey run'
run run --demo -- '-Foo'
check "behind two dashes a word may begin with one" err 'Foo'
check "and is looked up as a cmdlet" sh -c "! grep -q 'connection parameter' '$work/err'"
run run --demo 'Get-ComplianceCase' --output table
check "the table begins with the name" out '^Name '
printf '#!/bin/sh\necho $$ >"%s"\nexec sleep 600\n' "$work/hang.pid" >"$work/hang"; chmod +x "$work/hang"
PURVEY_DEMO="$work/hang" run run --demo 'Get-Label'
check "a demo tenant that hangs is given up" err 'did not start'
check "and leaves no process" sh -c "! kill -0 \$(cat '$work/hang.pid') 2>/dev/null"

run run --demo 'Get-Lable'
check "an unknown cmdlet is input" is 2
check "with the nearest name" err 'Get-Label'
run run --demo 'Get-Label -Nam x'
check "an unknown parameter is input" is 2
run run --demo 'New-ComplianceCase'
check "a missing mandatory parameter is input" is 2
check "and it is named" err 'Name'
run run --demo 'Get-ComplianceCase -CaseType Nonsense'
check "a value that is not among the known ones is refused" sh -c "[ $code = 1 ] || [ $code = 2 ]"
run run --demo 'Get-User -ResultSize many'
check "a wrong type is refused" sh -c "[ $code = 1 ] || [ $code = 2 ]"
run run --demo "Remove-ComplianceCase -Identity 'X' -WhatIf"
check "-WhatIf shows what would be done" err 'What if: Performing the operation "Remove-ComplianceCase" on target "X"'
check "says why nothing is sent" err 'nothing is sent'
check "and is no failure" is 0
run run --demo "Get-ComplianceCase -Identity ''"
check "an empty identity never goes out" is 2
run run --demo "Get-ComplianceCase -Identity 'no such case'"
check "not found is an error of the service" is 1
check "with ids for support" err 'for support'
run run --demo 'Get-Label' --columns Name,Pri* --no-header --output tsv
check "chosen columns without their names" out "^Public	1\$"
run run --demo 'Get-Label Personal' --columns Priority,Name --output jsonl
check "chosen properties of a format without columns, in their order" out '^{"Priority":0,"Name":"Personal"}'
run run --demo 'Get-Label' --columns Nmae,Guid,Xyzzy
check "a column that is nowhere is warned of, with the nearest" err 'no object has a property Nmae. Did you mean Name'
check "and each of them is" err 'no object has a property Xyzzy$'
check "and is no failure" is 0
run run --demo 'Get-Label' --columns Priority,Name --output csv --no-header
check "csv takes columns and leaves out the header" sh -c "head -n 1 '$work/out' | grep -q '^[0-9]*,[A-Z]'"
run run --demo 'Get-Label Personal' --columns Priority,Name --output list
check "so does a list" [ "$(wc -l <"$work/out")" = 2 ]
run cmdlets --demo --columns Name --output csv
check "columns are for run" is 2
run run --demo 'Get-Label Personal' --output raw
check "raw is what the service wrote, types and all" out '"Guid@odata.type":"#Guid","Guid":"'
run run --demo 'Get-Label Personal' --output raw --columns Name
check "columns do not go with raw" is 2
run sign-out --trace "$work/trace"
check "sign-out has nothing to trace" is 2
run run --demo 'Get-Label Personal' --trace "$work/trace"
check "a trace has the request with its body" grep -q '^>> {"CmdletInput":{"CmdletName":"Get-Label"' "$work/trace"
check "and the head of the answer" grep -qi '^< request-id: ' "$work/trace"
check "for its owner only" [ "$(stat -c %a "$work/trace")" = 600 ]
check "without a token" sh -c "! grep -q 'eyJ' '$work/trace'"
run run --demo 'Get-Label' --trace "$work/none/trace"
check "a trace that cannot be written is told before anything is sent" err 'none/trace: No such file'
run run --output nonsense 'Get-Label'
check "an unknown format is input" is 2
run run --demo
check "no command is input" is 2
run run -UserPrincipalName not-an-address 'Get-Label'
check "a wrong user name form is input" is 2
check "and it says what is wrong" err 'not-an-address'
run run -AccessToken rubbish 'Get-Label'
check "a token that is none is a sign-in error" is 3
run run -ConnectionUri https://evil.example.com/powershell-liveid 'Get-Label'
check "a foreign host is refused" is 2
run run --Nonsense 'Get-Label'
check "an unknown option is input" is 2

# ---- a run from cron and in a pipe ----
until_true() { tries=0; until "$@" || [ $tries -ge 600 ]; do tries=$((tries + 1)); sleep 0.1; done; }
ended() { wait "$1"; code=$?; }
"$PURVEY" run --demo 'Get-Label' >&- 2>"$work/err" </dev/null; code=$?
check "a closed standard output is no other file" err 'Bad file descriptor'
"$PURVEY" run --demo 'Get-Label' <&- >&- 2>&-; code=$?
check "not with all three closed either" is 8
for command in cmdlets "help Get-Label" --help --version; do
    "$PURVEY" $command --demo >/dev/full 2>"$work/err" </dev/null; code=$?
    check "a full disk is an error of $command" is 8
    check "and told" err 'No space left'
done
(trap '' HUP; exec "$PURVEY" run --demo --users 30000 'Get-User -ResultSize Unlimited' --output jsonl >"$work/out" 2>"$work/err" </dev/null) &
until_true [ -s "$work/out" ]; kill -HUP $!; ended $!
check "nohup holds: a signal that the parent ignores stops nothing" is 0
check "to the last object" [ "$(wc -l <"$work/out")" = 30000 ]
head -c 512000 /dev/zero >"$work/full"
(ulimit -f 1000; exec "$PURVEY" run --demo 'Get-Label' >>"$work/full" 2>"$work/err" </dev/null); code=$?
check "a limit on files is an error and not a signal" is 8
mkfifo "$work/pipe"
(exec timeout 100 "$PURVEY" run --demo --users 20000000 'Get-User -ResultSize Unlimited' --output jsonl >"$work/pipe" 2>"$work/err" </dev/null) &
head -n 1 <"$work/pipe" >"$work/out"; ended $!
check "when the reader is gone the rest is not fetched" is 0
check "without a word" sh -c "! [ -s '$work/err' ]"
"$PURVEY" run --demo 'Get-User' 'New-ComplianceCase -Name never' --output jsonl >"$work/pipe" 2>"$work/err" </dev/null &
head -c 1 <"$work/pipe" >"$work/out"; ended $!
check "commands that were left out for it are an error" is 8
check "which says so" err 'not run'
# A reader that does not read: the pipe fills up, and a signal still ends the run.
exec 8<>"$work/pipe"
"$PURVEY" run --demo --users 30000 'Get-User -ResultSize Unlimited' --output jsonl >"$work/pipe" 2>"$work/err" </dev/null &
child=$!
until_true sh -c "grep -q 'pipe_write\|poll' /proc/$child/wchan 2>/dev/null && [ \"\$(wc -c <'$work/err')\" = 0 ] && ls '$work'/purvey/*/job-1.rows >/dev/null 2>&1"
(sleep 30; kill -KILL $child 2>/dev/null) & watch=$!
kill -TERM $child; ended $child
kill $watch 2>/dev/null; wait $watch 2>/dev/null
check "a signal ends a run whose reader is stuck" is 130
"$PURVEY" run --demo --file - <"$work/pipe" >"$work/out" 2>"$work/err" 8<&- &
child=$!
(sleep 30; kill -KILL $child 2>/dev/null) & watch=$!
until_true sh -c "! grep -q '^0\$' /proc/$child/wchan && grep -q pipe /proc/$child/wchan"
kill -TERM $child; ended $child
kill $watch 2>/dev/null; wait $watch 2>/dev/null
check "and one that waits for its script" sh -c "[ $code = 143 ] || [ $code = 130 ]"
exec 8>&-

# ---- scripts ----
printf 'New-ComplianceCase -Name first\n# c\nGet-Lable\n' >"$work/script"
run run --demo --file "$work/script" --output jsonl
check "a wrong line is told with its number" err 'script, line 3, column 1: '
check "and nothing before it was run" sh -c "! [ -s '$work/out' ]"
run run --demo 'Get-RoleGroup' 'Get-Lable' --output jsonl
check "a wrong command is told with its place" err 'command 2: '
check "and none was run" sh -c "! [ -s '$work/out' ]"
run run --demo 'Get-Label nosuch' 'Get-Label Personal' --output jsonl
check "a cmdlet that fails ends the run" sh -c "[ $code = 1 ] && ! [ -s '$work/out' ]"
run run --demo 'Get-Label nosuch -ErrorAction Continue' 'Get-Label Personal' --output jsonl
check "unless it says that the rest shall go on" sh -c "[ $code = 1 ] && grep -q Personal '$work/out'"
check "and the error is told" err "Label 'nosuch'"
printf '\357\273\277Get-Label\r\n' >"$work/script"
run run --demo --file "$work/script" --output jsonl
check "a byte order mark is not part of the first cmdlet" is 0
printf '\377\376G\0e\0t\0' >"$work/script"
run run --demo --file "$work/script"
check "UTF-16 is named" err 'UTF-16'
run run --demo --file "$work"
check "a directory is no script" err 'to its end: Is a directory'
check "which is a mistake of whoever wrote it" is 2
run run --demo --file /dev/null
check "an empty script is named" err 'no command to run in /dev/null'
run run -UserPrincipalName a@contoso.onmicrosoft.localhost --file "$work/missing"
check "a script that is not there costs no sign-in" err 'missing: No such file'
check "and is something wrong that was given" is 2

# ---- slips of the hand ----
run rnu --demo 'Get-Label'
check "an unknown command is called one" err 'no command called rnu'
check "with the nearest" err 'Did you mean run'
run Get-Label --demo
check "a cmdlet without run is told how" err "purvey run 'Get-Label'"
run run --demo Get-ComplianceCase -CaseType eDiscovery
check "a cmdlet without quotes is told so" err 'quotes'
run run --demo --page-size 0 'Get-Label'
check "a wrong value is told with its option" err '--page-size'
run run --demo --outputt json 'Get-Label'
check "own options are suggested as well" err 'Did you mean --output'
run help --demo --output json Get-Label
check "what a command has no use for is refused" is 2
run run --users 5 'Get-Label'
check "users without the demo tenant are refused" is 2
rest=$(find "$work" -path '*purvey*' -type f | head -n 3)
check "nothing is left behind" [ -z "$rest" ]
echo "1..$test"
