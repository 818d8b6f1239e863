#!/bin/sh
# Remote PowerShell with the real binary: the demo tenant's shells over WSMan and PSRP, each fault of the way, each way out.
# Speaks TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
: "${PURVEY:=build/asan/purvey}" "${PURVEY_DEMO:=build/asan/purvey-demo}"
work=$(mktemp -d) || exit 1
export LC_ALL=C.UTF-8 XDG_RUNTIME_DIR="$work" XDG_STATE_HOME="$work/state" HOME="$work"
unset https_proxy HTTPS_PROXY http_proxy ALL_PROXY all_proxy
test=0

mkfifo "$work/life"
"$PURVEY_DEMO" --interval 0 --users 10000 <"$work/life" >"$work/ready" 2>"$work/demo.err" &
demo=$!
exec 9>"$work/life"     # its life line: closed with this script
trap 'exec 9>&-; kill $demo 2>/dev/null; rm -rf "$work"' EXIT
tries=0
until grep -q '"ready"' "$work/ready" || [ $tries -ge 600 ]; do tries=$((tries + 1)); sleep 0.1; done
field() { sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p" "$work/ready"; }
port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$work/ready")
ca=$(field ca_file) control=$(field control) key=$(field control_key) uri=$(field connection_uri) authority=$(field authority)

verb() { # verb PATH JSON
    curl -sS --noproxy '*' --cacert "$ca" --resolve "control.localhost:$port:127.0.0.1" -H "X-Control-Key: $key" -d "$2" "$control$1"
}
stats() { curl -sS --noproxy '*' --cacert "$ca" --resolve "control.localhost:$port:127.0.0.1" -H "X-Control-Key: $key" "$control/stats"; }
stat() { stats | sed -n "s/.*\"rps\":{\\(.*\\)/\\1/p" | sed -n "s/[^}]*\"$1\":\\([0-9]*\\).*/\\1/p"; }
fault() { verb /fault/clear '{}' >/dev/null; verb /fault "$1" >/dev/null; }
trouble() { verb /fault/clear '{}' >/dev/null; verb /rps "$1" >/dev/null; }
token() { verb /token "{\"user\":\"$(field user)\"$1}" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'; }
TOKEN=$(token '')
export TOKEN
remote() { # remote ARGUMENT...: with a given token, so that only the shell is met
    timeout 300 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" \
        -AccessToken env:TOKEN -UseRPSSession "$@" >"$work/out" 2>"$work/err" </dev/null
    code=$?
}
good() { ! grep -q 'Sanitizer' "$work/err" "$work/demo.err"; }
report() { # report NAME STATUS
    test=$((test + 1))
    if [ "$2" = 0 ]; then echo "ok $test - $1"; else
        echo "not ok $test - $1"
        { echo "exit code $code"; head -c 1500 "$work/err"; echo; head -c 300 "$work/out"; echo; wc -l <"$work/out"; stats; echo; } | sed 's/^/# /'
    fi
}
expect() { # expect NAME CODE TEXT: the code, and the text on standard error
    [ "$code" = "$2" ] && { [ -z "$3" ] || grep -qi -- "$3" "$work/err"; } && good
    report "$1" $?
}
check() { name=$1; shift; "$@"; report "$name" $?; }
prints() { [ "$code" = 0 ] && [ "$(cat "$work/out")" = "$1" ] && good; }
err_lacks() { ! grep -q -- "$1" "$work/err"; }
rows() { [ "$(wc -l <"$work/out")" = "$1" ]; }
all_deleted() { # a killed client's server may notice a moment later
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ "$(stat open)" = 0 ] && return 0; sleep 0.2; done; return 1
}

# ---- the usual ----
remote "Get-Label | Where-Object Name -like 'P*' | ForEach-Object Name"
check "a remote cmdlet, a local pipe" prints 'Personal
Public'
expect "the deprecation is said" 0 'deprecated in October 2023'
check "once" sh -c "[ \"\$(grep -c deprecated '$work/err')\" = 1 ]"
check "the shell is deleted" all_deleted
check "the front door sent it to the region" [ "$(stat redirects)" = 1 ]
check "each host got its own cookies" [ "$(stat cookies_missing)$(stat cookies_foreign)" = 00 ]
remote "Get-Label Personal | ConvertTo-Json -Compress"; cp "$work/out" "$work/remote.json"
timeout 120 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" -AccessToken env:TOKEN \
    "Get-Label Personal | ConvertTo-Json -Compress" >"$work/rest.json" 2>/dev/null </dev/null
names() { tr ',' '\n' <"$1" | sed -n 's/^{*"\([A-Za-z]*\)":.*/\1/p' | grep -v RunspaceId | sort -u; }
names "$work/remote.json" >"$work/a"; names "$work/rest.json" >"$work/b"
check "the same properties as over REST" cmp -s "$work/a" "$work/b"
remote "Get-Label -Identity Public | Set-Label -Comment remote" "Get-Label Public | % Comment"
check "objects are piped into a change" prints remote
remote "New-ComplianceCase -Name r-1 -Description 'a<b> & \"c\" _x0041_' | Out-Null" "Get-ComplianceCase r-1 | % Description"
check "texts arrive as they are" prints 'a<b> & "c" _x0041_'
remote 'Remove-ComplianceCase r-1'
expect "a question is told and answered with no" 2 'Confirm:\$false'
remote "Get-ComplianceCase r-1 | % Name"
check "nothing was done" prints r-1
remote 'Remove-ComplianceCase r-1 -Confirm:$false' 'Get-ComplianceCase r-1 -ErrorAction SilentlyContinue | measure | % Count'
check "without the question it is done" prints 0
remote 'Remove-ComplianceCase r-1 -WhatIf'
expect "-WhatIf is not sent" 0 'nothing is sent'
remote 'Get-Label nobody'
expect "an error of the cmdlet" 1 'nobody'
expect "with what support needs" 1 'RequestId='
remote 'Get-Label -Verbose | select -First 1 | Out-Null'
expect "the verbose stream" 0 'VERBOSE: .*Get-Label'
remote 'Get-ManagementRole | measure | % Count'
check "parameter sets are the server's when it does not say which is the default" prints 14
remote --trace "$work/trace" 'Get-Label | Out-Null'
check "a trace says once who asks" sh -c "grep -q '^> User-Agent: Microsoft WinRM Client' '$work/trace' && ! grep -q '^> User-Agent: purvey' '$work/trace'"
remote -Prefix CC 'Get-CCLabel Personal | % Name'
check "-Prefix" prints Personal
remote -CommandName 'Get-Label*' 'Get-Command | % Name'
check "-CommandName" sh -c "[ \$(grep -c '^Get-Label' '$work/out') -ge 2 ] && ! grep -qv '^Get-Label' '$work/out'"
remote -CommandName 'Get-Label*' --trace "$work/trace" 'Get-Label Personal | % Name'
sed -n 's/^  for //p' "$work/trace" >"$work/purposes"
printf '%s\n' Create Create Receive 'Command (list of cmdlets)' 'Receive (list of cmdlets)' 'Signal terminate (list of cmdlets)' \
    'Command Get-Label' 'Receive Get-Label' 'Signal terminate Get-Label' Delete >"$work/wanted"
check "opening takes six requests, and the trace says what each was for" cmp -s "$work/purposes" "$work/wanted"
remote -FormatTypeName '*' 'Get-Label Personal' --output table
check "-FormatTypeName brings the server's order of columns" sh -c "head -n 1 '$work/out' | grep -q '^DisplayName  *Name  *Priority  *Disabled '"
remote 'Get-User -ResultSize Unlimited | select -ExpandProperty Name'
check "10,000 objects" rows 10000
check "none twice" sh -c "[ \"\$(sort -u '$work/out' | wc -l)\" = 10000 ]"
head -c 1500000 /dev/zero | tr '\0' 'y' >"$work/long"
printf "New-ComplianceCase -Name long -Description '%s' | Out-Null\nGet-ComplianceCase long | ForEach-Object Description\n" "$(cat "$work/long")" >"$work/long.ps1"
remote --file "$work/long.ps1"
check "an argument of 1.5 MB, in many fragments" sh -c "[ $code = 0 ] && [ \$(wc -c <'$work/out') = 1500001 ]"
trouble '{"action":"big"}'
remote 'Get-Label Personal' --output jsonl
check "an object of 3 MB" sh -c "[ $code = 0 ] && [ \$(wc -c <'$work/out') -gt 3000000 ]"
check "all shells are deleted" all_deleted

# ---- what the session is opened with ----
remote -PSSessionOption '@{MaximumRedirection=0}' 'Get-Label'
expect "MaximumRedirection 0 refuses the redirect" 7 'MaximumRedirection'
remote -PSSessionOption '(New-PSSessionOption -OpenTimeout 60000 -NoCompression -Culture de-DE)' 'Get-Label Personal | % Name'
check "as New-PSSessionOption writes it" prints Personal
remote -PSSessionOption '@{SkipCACheck=$true}' 'Get-Label'
expect "SkipCACheck is refused" 2 'always verified'
trouble '{"action":"big"}'
remote -PSSessionOption '@{MaximumReceivedObjectSize=100000}' 'Get-Label Personal'
expect "MaximumReceivedObjectSize" 7 'MaximumReceivedObjectSize'
remote -PSSessionOption '@{MaximumReceivedDataSizePerCommand=200000}' 'Get-User -ResultSize Unlimited'
expect "MaximumReceivedDataSizePerCommand" 7 'MaximumReceivedDataSizePerCommand'
timeout 120 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" -AccessToken env:TOKEN \
    -PSSessionOption '@{OpenTimeout=5}' 'Get-Label Personal | % Name' >"$work/out" 2>"$work/err" </dev/null; code=$?
expect "without -UseRPSSession it is said to have no effect" 0 'no effect without -UseRPSSession'
check "all shells are deleted" all_deleted

remote 'Get-Label nope -ErrorAction Continue' 'Get-Label Public | % Name'
check "one error is told once" sh -c "[ $code = 1 ] && [ \$(cat '$work/out') = Public ] && ! grep -q 'reported 1 error' '$work/err' && grep -q '1 command failed' '$work/err'"
# ---- life ----
in_background() { # in_background COMMAND [FILE [OPTION...]]: a slow reader; its first rows are out, in a file of its own, when this returns
    rows_of=$work/${2:-bg} command=$1; : >"$rows_of"; : >"$rows_of.err"
    shift $(($# < 2 ? $# : 2))
    verb /rps '{"action":"slow","ms":20}' >/dev/null
    # A shell ignores Ctrl-\ for what it puts into the background; a person's does not.
    perl -e '$SIG{QUIT} = "DEFAULT"; exec @ARGV' \
        "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" -AccessToken env:TOKEN -UseRPSSession \
        "$@" "$command" --output jsonl >"$rows_of" 2>"$rows_of.err" </dev/null &
    child=$!
    i=0; until [ -s "$rows_of" ] || [ $i -ge 600 ]; do i=$((i + 1)); sleep 0.05; done
}
ended() { wait "$child"; code=$?; verb /rps '{"action":"slow","ms":0}' >/dev/null; cp "$rows_of" "$work/out"; cp "$rows_of.err" "$work/err"; }
in_background 'Get-User -ResultSize Unlimited'; signals=$(stat Signal); kill -TERM $child; ended
check "a signal ends it" [ "$code" = 130 ]
check "and its shell" all_deleted
check "behind its command, which is stopped first" [ "$(stat Signal)" = $((signals + 2)) ]
in_background 'Get-User -ResultSize Unlimited'; kill -HUP $child; ended
check "so does a terminal that is gone" [ "$code" = 130 ]
check "with its shell" all_deleted
in_background 'Get-User -ResultSize Unlimited'; kill -QUIT $child; ended
check "and Ctrl-\\" [ "$code" = 130 ]
check "with its shell too" all_deleted
# A command that does not stop: the first signal waits for it a moment, a second one does not.
trouble '{"action":"deaf"}'
in_background 'Get-User -ResultSize Unlimited'; kill -TERM $child; ended
check "a command that does not stop does not keep its shell" all_deleted
trouble '{"action":"deaf"}'
in_background 'Get-User -ResultSize Unlimited'; signals=$(stat Signal); kill -TERM $child
until [ "$(stat Signal)" -gt "$signals" ] || ! kill -0 $child 2>/dev/null; do :; done
kill -HUP $child; ended
check "nor when it is asked twice" all_deleted
check "and the run is over" [ "$code" = 130 ]
# Stopped at each request of a session in turn, while the server has it and does not answer.
perl -e 'print "{\"Name\":\"big\",\"Description\":\"", "x" x 1500000, "\"}"' >"$work/big.json"
stop_at() { # stop_at WHERE ACTION COUNT COMMAND [CODE]: at the request of that action that has so many before it
    fault "{\"action\":\"delay\",\"path\":\"powershell-liveid\",\"wsman\":\"$2\",\"delay_ms\":20000,\"skip\":$3,\"count\":1}"
    before=$(stat "$2") rows_of=$work/bg
    "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" -AccessToken env:TOKEN -UseRPSSession \
        -CommandName Get-Label,New-ComplianceCase "$4" >"$work/bg" 2>"$work/bg.err" </dev/null &
    child=$! i=0
    until [ "$(stat "$2")" -gt $((before + $3)) ] || [ $i -ge 600 ] || ! kill -0 $child 2>/dev/null; do i=$((i + 1)); sleep 0.05; done
    there=$(($(stat "$2") - before - $3))
    kill -TERM $child; ended
    check "stopped $1" [ "$code.$there" = "${5:-130}.1" ]
    check "no shell is left" all_deleted
}
stop_at 'while the pool opens' Receive 0 Get-Label
stop_at 'at the command for the list of cmdlets' Command 0 Get-Label
stop_at 'while the list comes' Receive 1 Get-Label
stop_at 'at the end of the list' Signal 0 Get-Label
stop_at 'at the command' Command 1 Get-Label
stop_at 'at a large argument' Send 0 "New-ComplianceCase @$work/big.json"
stop_at 'while objects come' Receive 2 Get-Label
stop_at 'at the end of the command, when all of it is there' Signal 1 Get-Label 0
# Create is not answered in time, and so nobody knows that there is a shell.
fault '{"action":"delay","path":"powershell-liveid","wsman":"Create","delay_ms":30000,"skip":1,"count":1}'
"$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" -AccessToken env:TOKEN -UseRPSSession 'Get-Label' \
    >"$work/bg" 2>"$work/bg.err" </dev/null &
child=$!; rows_of=$work/bg
until [ "$(stat open)" = 1 ] || ! kill -0 $child 2>/dev/null; do sleep 0.05; done
kill -TERM $child; ended
expect "a shell that nobody knows of is told as one that may be" 130 'did not say whether'
trouble '{"action":"vanish"}'
# The terminal interface, whose terminal goes away and says so again and again, as the kernel, the shell and tmux do.
mkfifo "$work/keys"; exec 8<>"$work/keys"
TERM=xterm-256color script -qfc "exec '$PURVEY' --ca-file '$ca' -ConnectionUri '$uri' -AzureADAuthorizationEndpointUri '$authority' -AccessToken env:TOKEN -UseRPSSession" \
    "$work/screen" <"$work/keys" >/dev/null 2>&1 &
child=$!
i=0; until [ "$(stat open)" = 1 ] || [ $i -ge 600 ]; do i=$((i + 1)); sleep 0.05; done
purvey=$(pgrep -P $child)
check "the terminal interface has a shell" [ "$(stat open)" = 1 ]
while kill -HUP "$purvey" 2>/dev/null && kill -0 $child 2>/dev/null; do :; done
wait $child; exec 8>&-
check "a terminal that goes away noisily leaves none" all_deleted
in_background 'Get-User -ResultSize Unlimited'; verb /rps '{"action":"vanish"}' >/dev/null; ended
expect "a shell that vanishes under a reading" 1 'has ended on the server'
# What the pool says is asked for when its command gives nothing.
in_background 'Get-User -ResultSize Unlimited' bg -PSSessionOption '@{OperationTimeout=1000}'
verb /rps '{"action":"slow","ms":60000}' >/dev/null; verb /rps '{"action":"break","reason":"The server is going down."}' >/dev/null; ended
expect "a pool that breaks under a reading" 1 'The server is going down'
expect "and what to do" 1 'opens a new one'
check "all shells are deleted" all_deleted
gone='<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>gone</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f=\"http://schemas.microsoft.com/wbem/wsman/1/wsmanfault\" Code=\"2150858843\"/></s:Detail></s:Fault></s:Body></s:Envelope>'
fault "{\"action\":\"status\",\"path\":\"powershell-liveid\",\"wsman\":\"Command\",\"status\":500,\"body\":\"$gone\",\"skip\":2,\"count\":1}"
remote "Get-Label Personal | % Name" "New-ComplianceCase -Name again | % Name" "Get-ComplianceCase again | measure | % Count"
check "a shell that is gone before a command: a new one, the command once" prints 'Personal
again
1'
expect "and it is said" 0 'a new one is opened'
for command in "Get-Label Personal | % Name" "New-ComplianceCase -Name under | % Name"; do
    fault "{\"action\":\"status\",\"path\":\"powershell-liveid\",\"wsman\":\"Receive\",\"status\":500,\"body\":\"$gone\",\"skip\":2,\"count\":1}"
    remote -CommandName 'Get-Label,New-ComplianceCase' "$command"
    case $command in
        Get*) check "a reading that a vanished shell had given nothing of is made in a new one" prints Personal ;;
        *) expect "a change is not, and may have been made" 1 'may have run' ;;
    esac
done
in_background 'Get-User -ResultSize Unlimited' one; one=$child
in_background 'Get-User -ResultSize Unlimited' two; two=$child
in_background 'Get-User -ResultSize Unlimited' three; three=$child
remote 'Get-Label'
expect "a fourth shell is refused with the reason" 6 'three\|3'
kill -TERM $one $two $three; wait $one $two; child=$three; ended
check "all shells are deleted" all_deleted

# With a sign-in that can be renewed, and with passwords for parameters
tenant=$(field user); tenant=${tenant#*@}
printf '{"c":"New-Sealed","d":null,"p":[{"n":"Name","t":"string"},{"n":"Password","t":"securestring"}]}\n' >"$work/sealed.jsonl"
printf 'open sesame\n' >"$work/password"
timeout 120 "$PURVEY" run --demo -UseRPSSession --catalogue "$work/sealed.jsonl" --trace "$work/trace" "New-Sealed -Name a -Password file:$work/password" \
    >"$work/out" 2>"$work/err" </dev/null; code=$?
expect "a password is sealed with the session's key" 0 ''
check "and is nowhere else" sh -c "! grep -q sesame '$work/trace'"
verb /fault/clear '{}' >/dev/null
fault '{"action":"status","path":"powershell-liveid","wsman":"Receive","status":401,"skip":3,"count":1}'
export PASSWORD=demo-password
timeout 120 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" -UserPrincipalName "$(field user)" -Credential env:PASSWORD \
    --token-cache memory -UseRPSSession 'Get-User -ResultSize Unlimited | measure | % Count' >"$work/out" 2>"$work/err" </dev/null; code=$?
check "a token that ends in the middle is renewed in the same shell" prints 10000
check "all shells are deleted" all_deleted

# A program that is killed leaves its shell behind, and a note of it; the next run of the same user ends it.
PASSWORD=demo-password; export PASSWORD
signed_in() {
    "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" -UserPrincipalName "$(field user)" -Credential env:PASSWORD \
        --token-cache file -UseRPSSession "$@" </dev/null
}
verb /fault/clear '{}' >/dev/null; verb /rps '{"action":"slow","ms":20}' >/dev/null
rows_of=$work/killed; : >"$rows_of"; signed_in 'Get-User -ResultSize Unlimited' --output jsonl >"$rows_of" 2>"$rows_of.err" & child=$!
i=0; until [ -s "$rows_of" ] || [ $i -ge 600 ]; do i=$((i + 1)); sleep 0.05; done
kill -KILL $child $(pgrep -P $child) 2>/dev/null; ended
check "a killed program leaves its shell" [ "$(stat open)" = 1 ]
signed_in 'Get-Label Personal | % Name' >"$work/out" 2>"$work/err"; code=$?
check "the next run works" prints Personal
expect "and says that it ends the other" 0 'earlier run'
check "all shells are deleted" all_deleted
check "and no note of one is left" sh -c "! ls '$work/state/purvey' | grep -q '^shell-'"

# What is kept of the list of cmdlets serves as long as the server names the same hash for it.
requests() { stats | sed -n 's/.*"actions":{\([^}]*\)}.*/\1/p' | tr ',' '\n' | sed 's/.*://' | paste -sd+ - | sed 's/$/ + 0/'; }
commands=$(stat Command) before=$(($(requests)))
signed_in 'Get-Label Personal | % Name' >"$work/out" 2>"$work/err"; code=$?
check "a list that was kept is used" prints Personal
check "and not asked for again" [ "$(stat Command)" = $((commands + 1)) ]
check "so that the session is open after two requests" [ $(($(requests) - before)) -le 6 ]
commands=$(stat Command)
sed -i '2s/./x/' "$work"/state/purvey/cmdlets-*
signed_in 'Get-Label Personal | % Name' >"$work/out" 2>"$work/err"; code=$?
check "under another hash it is asked for" sh -c "[ '$(cat "$work/out")' = Personal ] && [ $(stat Command) = $((commands + 2)) ]"
commands=$(stat Command)
for file in "$work"/state/purvey/cmdlets-*; do head -c 20000 "$file" >"$work/cut"; cat "$work/cut" >"$file"; done
signed_in 'Get-Label Personal | % Name' >"$work/out" 2>"$work/err"; code=$?
check "as it is when the file is damaged" sh -c "[ '$(cat "$work/out")' = Personal ] && [ $(stat Command) = $((commands + 2)) ]"
commands=$(stat Command)
signed_in 'Get-Label Personal | % Name' >"$work/out" 2>"$work/err"
check "and kept again" [ "$(stat Command)" = $((commands + 1)) ]
"$PURVEY" sign-out -UserPrincipalName "$(field user)" --token-cache file >"$work/out" 2>"$work/err" </dev/null; code=$?
check "a sign-out takes the list along" sh -c "[ $code = 0 ] && ! ls '$work/state/purvey' | grep -q '^cmdlets-'"
commands=$(stat Command)
signed_in 'Get-Label Personal | % Name' >"$work/out" 2>"$work/err"; code=$?
check "and the next sign-in asks for it" [ "$(cat "$work/out") $(stat Command)" = "Personal $((commands + 2))" ]
signed_in 'Get-Label Personal | % Name' 'Disconnect-ExchangeOnline -Confirm:$false' >"$work/out" 2>"$work/err"; code=$?
check "a script may disconnect at its end" prints Personal
check "which ends the shell" all_deleted
check "but forgets neither the sign-in nor the list" sh -c "ls '$work/state/purvey' | grep -q '^cmdlets-'"

# ---- what goes wrong ----
trouble '{"action":"refuse"}'; remote 'Get-Label'
expect "a service that refuses shells" 5 'UseRPSSession'
trouble '{"action":"garbage"}'; remote 'Get-Label'
expect "bad base64" 7 'base64\|fragment'
trouble '{"action":"truncate"}'; remote 'Get-Label'
expect "truncated base64" 7 'base64\|fragment\|middle of a message'
trouble '{"action":"order"}'; remote 'Get-Label'
expect "fragments out of order" 7 'order'
trouble '{"action":"cycle"}'; remote 'Get-Label'
expect "an object that holds itself" 7 'holds itself'
for seldom in empty split late never asks; do
    trouble "{\"action\":\"$seldom\",\"count\":3}"; remote 'Get-Label Personal | % Name'
    check "legal and seldom: $seldom" prints Personal
done
check "all shells are deleted" all_deleted
timeout 300 "$PURVEY" help --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" -AccessToken env:TOKEN -UseRPSSession \
    Get-LabelPolicy >"$work/out" 2>"$work/err" </dev/null; code=$?
check "a parameter of any type is told as one" grep -q 'Get-LabelPolicy \[\[-Identity\] <value>\]' "$work/out"
remote 'Get-Label Personal -ProgressAction Ignore | % Name'
check "a parameter that the server's PowerShell has not is not sent" prints Personal
trouble '{"action":"unknown"}'; remote 'Get-Label Personal | % Name'
check "an unknown message is passed over" prints Personal
fault '{"action":"garbage","path":"powershell-liveid","body":"<html><body>Proxy login</body></html>","count":9}'; remote 'Get-Label'
expect "a web page in place of an envelope" 7 'WSMan'
fault '{"action":"status","path":"powershell-liveid","status":404,"count":9}'; remote 'Get-Label'
expect "no remote PowerShell at the address" 7 'ConnectionUri'
redirected() { fault "{\"action\":\"status\",\"path\":\"powershell-liveid\",\"wsman\":\"Create\",\"status\":302,\"header\":\"Location: $1\",\"count\":99}"; }
redirected ':::powershell-liveid'; remote 'Get-Label'
expect "a redirect that leads in a circle names its address" 7 'more than 5 times, at last to :::powershell-liveid'
made=$(stat Create); redirected '/Powershell-LiveId'; remote -PSSessionOption '@{MaximumRedirection=2}' 'Get-Label'
expect "as one to a place on the same host does" 7 'more than 2 times, at last to /Powershell-LiveId'
redirected '/Powershell-LiveId'; remote -PSSessionOption '@{MaximumRedirection=-1}' 'Get-Label'
expect "without a limit ten are followed" 7 'more than 10 times'
redirected 'http://eur01b.ps.compliance.protection.outlook.localhost/x'; remote 'Get-Label'
expect "a redirect away from https is not followed" 7 'no https address'
redirected 'https://evil.localhost/x'; remote 'Get-Label'
expect "nor one to another cloud, and the sign-in stays here" 7 'The sign-in was not sent there'
check "no shell was made on the way" [ "$(stat Create)" = "$made" ]
fault '{"action":"status","path":"powershell-liveid","status":401,"count":9}'; remote 'Get-Label'
expect "a token that is not accepted" 3 'does not take the access token'
fault '{"action":"reset","path":"powershell-liveid","wsman":"Receive","count":2}'; remote 'Get-Label Personal | % Name'
check "a lost answer is asked for again" prints Personal
fault '{"action":"status","path":"powershell-liveid","wsman":"Receive","status":503,"skip":2,"count":2}'; remote 'Get-Label Personal | % Name'
check "and behind a front end that is busy for a moment" prints Personal
fault '{"action":"status","path":"powershell-liveid","wsman":"Create","status":503,"skip":1,"count":9}'; remote 'Get-Label'
expect "a front end that is busy for longer" 1 'try again in some minutes'
fault '{"action":"status","path":"powershell-liveid","wsman":"Command","status":302,"skip":1,"count":1}'; remote "New-ComplianceCase -Name moved | % Name"
check "a command that is sent elsewhere was not done, and is made in a new shell" prints moved
fault '{"action":"reset","path":"powershell-liveid","wsman":"Command","skip":1,"count":1}'; remote "New-ComplianceCase -Name lost"
expect "a lost command is not sent twice" 4 'may have run'
commands=$(stat Command)
fault '{"action":"reset","path":"powershell-liveid","wsman":"Command","skip":1,"count":1}'; remote 'Get-Label Personal | % Name'
check "one that only reads is made again" prints Personal
expect "in a new shell" 0 'a new one is opened'
check "and not by the library below, in the old one" [ "$(stat Command)" = $((commands + 2)) ]
sed 's/long/longer/g' "$work/long.ps1" >"$work/again.ps1"
fault '{"action":"reset","path":"powershell-liveid","wsman":"Send","count":1}'; remote --file "$work/again.ps1"
check "half a command does nothing, and is made again" sh -c "[ $code = 0 ] && [ \$(wc -c <'$work/out') = 1500001 ]"
fault '{"action":"reset","path":"powershell-liveid","wsman":"Create","skip":1,"count":1}'; remote 'Get-Label'
expect "of a shell whose making was not answered is told that it may be there" 4 'did not say whether'
envelope() { # envelope STATUS RELATES BODY: what the server says to Create in place of its own answer
    fault "{\"action\":\"status\",\"path\":\"powershell-liveid\",\"wsman\":\"Create\",\"skip\":1,\"count\":1,\"status\":$1,\"body\":\"<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' \
xmlns:a='http://schemas.xmlsoap.org/ws/2004/08/addressing' xmlns:f='http://schemas.microsoft.com/wbem/wsman/1/wsmanfault'><s:Header>$2</s:Header><s:Body>$3</s:Body></s:Envelope>\"}"
    remote 'Get-Label'
}
envelope 200 '<a:RelatesTo>uuid:36ee4c6c-0812-40a2-b820-b22ebd02bce3</a:RelatesTo>' ''
expect "nor of one whose answer was another request's" 7 'did not say whether'
envelope 500 '' "<s:Fault><s:Reason><s:Text>going down</s:Text></s:Reason><s:Detail><f:WSManFault Code='995'/></s:Detail></s:Fault>"
expect "what did not open did not end either" 1 'could not be opened: going down'
check "and nothing is left behind by it" err_lacks 'did not say'
trouble '{"action":"vanish"}'
trouble '{"action":"never"}'
fault '{"action":"status","path":"powershell-liveid","wsman":"Delete","status":503,"count":9}'; remote 'Get-Label Personal | % Name'
expect "a shell that cannot be ended is reported" 0 'could not be ended'
verb /fault/clear '{}' >/dev/null
echo "1..$test"
