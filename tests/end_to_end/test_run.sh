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
run cmdlets --demo
check "about 60 cmdlets" [ "$(wc -l <"$work/out")" -ge 55 ]
run help --demo Get-ComplianceCase
check "help shows the syntax" out '^Get-ComplianceCase '

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
check "-WhatIf is refused with the reason" err 'WhatIf'
check "before anything is sent" is 2
run run --demo "Get-ComplianceCase -Identity ''"
check "an empty identity never goes out" is 2
run run --demo "Get-ComplianceCase -Identity 'no such case'"
check "not found is an error of the service" is 1
check "with ids for support" err 'for support'
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
rest=$(find "$work" -path '*purvey*' -type f | head -n 3)
check "nothing is left behind" [ -z "$rest" ]
echo "1..$test"
