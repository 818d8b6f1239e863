#!/bin/sh
# What goes wrong on the way: each fault of the fault dial, and each kind of bad server, gives one clear sentence and the
# right exit code, never a crash and never a hang. The real binary, a demo tenant started by hand, curl at its control
# page. Speaks TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
: "${PURVEY:=build/asan/purvey}" "${PURVEY_DEMO:=build/asan/purvey-demo}"
work=$(mktemp -d) || exit 1
export LC_ALL=C.UTF-8 XDG_RUNTIME_DIR="$work"
unset https_proxy HTTPS_PROXY http_proxy ALL_PROXY all_proxy
test=0

mkfifo "$work/life"
"$PURVEY_DEMO" --interval 0 --users 3000 <"$work/life" >"$work/ready" 2>"$work/demo.err" &
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
fault() { verb /fault/clear '{}' >/dev/null; verb /fault "$1" >/dev/null; }
TOKEN=$(verb /token "{\"user\":\"$(field user)\"}" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
export TOKEN
run() { # run COMMAND: with a given token, so that only the faults of the service are met
    timeout 120 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" \
        -AccessToken env:TOKEN "$@" --output jsonl >"$work/out" 2>"$work/err" </dev/null
    code=$?
}
expect() { # expect NAME CODE TEXT: the code, and the text on standard error
    test=$((test + 1))
    if [ "$code" = "$2" ] && { [ -z "$3" ] || grep -qi -- "$3" "$work/err"; } && ! grep -q 'Sanitizer' "$work/err"; then echo "ok $test - $1"; else
        echo "not ok $test - $1"
        { echo "exit code $code, expected $2 with '$3'"; head -c 1500 "$work/err"; echo; wc -l <"$work/out"; } | sed 's/^/# /'
    fi
}
rows() { [ "$(wc -l <"$work/out")" = "$1" ]; }
check() { # check NAME COMMAND...
    test=$((test + 1)); name=$1; shift
    if "$@"; then echo "ok $test - $name"; else echo "not ok $test - $name"; wc -l "$work/out" | sed 's/^/# /'; fi
}

run 'Get-Label'
expect "without a fault it works" 0 ''

# What the service answers
fault '{"action":"status","path":"InvokeCommand","status":500,"count":9}'; run 'Get-Label'
expect "500 without a word" 1 'for support\|500'
fault '{"action":"status","path":"InvokeCommand","status":403,"count":9}'; run 'Get-Label'
expect "403 with an empty body" 5 'role\|allowed'
fault '{"action":"nul","path":"InvokeCommand","status":403,"count":9}'; run 'Get-Label'
expect "403 with a body of NULs" 5 'role\|allowed'
fault '{"action":"status","path":"InvokeCommand","status":429,"body":"Too many concurrent requests","retry_after":"0.1","count":1}'; run 'Get-Label'
expect "429 once: tried again by itself" 0 'Too many concurrent requests (next try in 1 s)'
fault '{"action":"status","path":"InvokeCommand","status":429,"body":"Too many concurrent requests","retry_after":"0.1","count":99}'; run 'Get-Label'
expect "429 for ever: given up with its own code" 6 'run it again'
fault '{"action":"status","path":"InvokeCommand","cmdlet":"Get-User","status":400,"body":"{\"error\":{\"code\":\"BadRequest\",\"message\":\"Error executing cmdlet\",\"details\":[{\"code\":\"Client\",\"target\":\"\",\"message\":\"|X.Y|Expired or Invalid pagination request.\"}]}}","skip":1,"count":9}'
run 'Get-User -ResultSize Unlimited'
expect "a page that expired is told" 1 'breaks off after 1000 rows'
check "what came before it is kept" rows 1000
fault '{"action":"status","path":"InvokeCommand","cmdlet":"Get-User","status":500,"skip":1,"count":9}'; run 'Get-User -ResultSize Unlimited'
expect "a list that breaks off says how far it came" 1 'Not all of it: 1000 objects came before'
check "and keeps that" rows 1000
fault '{"action":"status","path":"InvokeCommand","status":503,"retry_after":"0","count":2}'; run 'Get-Label'
expect "503 twice: tried again by itself" 0 ''
fault '{"action":"garbage","path":"InvokeCommand","count":9}'; run 'Get-Label'
expect "malformed JSON" 7 'JSON'
fault '{"action":"garbage","path":"InvokeCommand","body":"<html><body>Proxy login</body></html>","count":9}'; run 'Get-Label'
expect "a web page in place of an answer" 7 'not'
fault '{"action":"garbage","path":"EXOModuleFile","body":"{\"value\":[{\"fileName\":\"x\",\"fileContent\":\"hello\"}]}","skip":1,"count":9}'; run 'Get-Label'
expect "a module file that is none" 7 'cmdlet'
fault '{"action":"status","path":"EXOModuleFile","status":401,"count":9}'; run 'Get-Label'
expect "401 at the front door" 3 'sign\|token\|consent\|refused'

# What the network does
fault '{"action":"reset","path":"InvokeCommand","count":1}'; run 'Get-Label'
check "a read that was reset once is told or repeated" sh -c "[ $code = 0 ] || [ $code = 4 ]"
fault '{"action":"reset","path":"InvokeCommand","count":99}'; run "New-ComplianceCase -Name 'Reset'"
expect "a change that was reset is not repeated" 4 'may have\|broke\|closed'
fault '{"action":"cut","path":"InvokeCommand","cmdlet":"Get-User","after_bytes":300000,"skip":1,"count":1}'; run 'Get-User -ResultSize Unlimited'
expect "a page that broke in the middle goes on" 0 ''
check "nothing is lost" rows 3000
check "nothing is doubled" sh -c "[ \"\$(sort -u '$work/out' | wc -l)\" = 3000 ]"
export XDG_STATE_HOME="$work/state"
export_line='Export-ActivityExplorerData -StartTime 2026-11-10 -EndTime 2026-11-20 -OutputFormat Json -PageSize 50'
verb /fault/clear '{}' >/dev/null; run "$export_line"; mv "$work/out" "$work/whole"
fault '{"action":"status","path":"InvokeCommand","cmdlet":"Export-ActivityExplorerData","status":500,"skip":3,"count":9}'
run --token-cache file "$export_line"
expect "an export that broke says how to go on" 1 'with --resume'
mv "$work/out" "$work/first"; verb /fault/clear '{}' >/dev/null; run --token-cache file --resume "$export_line"
expect "a later run goes on with it" 0 'behind the 150 records'
check "without a loss, and with nothing twice" sh -c "cat '$work/first' '$work/out' | cmp -s - '$work/whole'"
# Stopped by a signal: what came is printed, in a format that waits for its end too, and the place is behind just that.
fault '{"action":"delay","path":"InvokeCommand","cmdlet":"Export-ActivityExplorerData","delay_ms":100,"count":99}'
run_csv() { # run_csv ARGUMENT...: in place of a shell, so that a signal meets it
    exec "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" -AccessToken env:TOKEN --token-cache file \
        --output csv --no-header "$@" "$export_line" 2>"$work/err" </dev/null
}
run_csv >"$work/first" & child=$!
tries=0; until ls "$work/state/purvey"/export-*.keys >/dev/null 2>&1 || [ $tries -ge 600 ]; do tries=$((tries + 1)); sleep 0.05; done
kill -TERM $child; wait $child; code=$?
expect "a signal in the midst of an export" 130 'Stopped'
verb /fault/clear '{}' >/dev/null
(run_csv --resume) >"$work/out"; code=$?
expect "leaves a place to go on from" 0 'Going on behind'
(run_csv) >"$work/whole_csv"
check "without a loss, and with nothing twice" sh -c "cat '$work/first' '$work/out' | cmp -s - '$work/whole_csv'"
# No room for the rows, wherever that happens (a limit on the size of files stands for the disk): the place is behind what was printed.
run --token-cache memory "$export_line"; mv "$work/out" "$work/whole"; complete='' resumed=0
for blocks in 240 320 400 480 560 640 720; do
    rm -f "$work/state/purvey"/export-*
    (trap '' XFSZ; ulimit -f $blocks; exec "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" -AccessToken env:TOKEN \
        --token-cache file --output jsonl "$export_line" 2>"$work/err" </dev/null) | cat >"$work/first"
    grep -q 'could not be kept' "$work/err" || continue
    run --token-cache file --resume "$export_line"
    resumed=$((resumed + $(grep -c 'Going on behind' "$work/err")))
    cat "$work/first" "$work/out" | cmp -s - "$work/whole" || complete="$complete $blocks"
done
check "a full disk under an export loses and doubles nothing (not at:$complete)" [ -z "$complete" ]
check "and some of it went on" [ "$resumed" -gt 0 ]
verb /fault/clear '{}' >/dev/null
fault '{"action":"status","path":"InvokeCommand","cmdlet":"Export-ActivityExplorerData","status":504,"skip":1,"count":1}'; run "$export_line"
expect "a time-out is answered with half of the range" 0 'Going on with a part of it'
check "at once" sh -c "! grep -q 'next try' '$work/err'"
check "and nothing is lost or doubled" sh -c "sort '$work/out' >'$work/a'; sort '$work/whole' | cmp -s - '$work/a'"
# Less came than was announced: an error of the cmdlet's, so -ErrorAction is about it.
short_body='{\"value\":[{\"TotalResultCount\":5,\"LastPage\":true,\"WaterMark\":\"w\",\"ResultData\":\"[{\\\"RecordIdentity\\\":\\\"r1\\\"}]\"}]}'
short="{\"action\":\"garbage\",\"path\":\"InvokeCommand\",\"cmdlet\":\"Export-ActivityExplorerData\",\"body\":\"$(printf %s "$short_body")\",\"count\":9}"
short_line='Export-ActivityExplorerData -StartTime 2026-11-10 -EndTime 2026-11-11 -OutputFormat Json'
fault "$short"; run "$short_line" 'Get-Label Personal'
expect "an export that came short is an error" 1 'announced 5 records and gave 1'
check "and the line is the last that is run" rows 1
run "$short_line -ErrorAction Continue" 'Get-Label Personal'
expect "-ErrorAction Continue goes on behind it" 1 'announced 5 records and gave 1'
check "with the next line" rows 2
run "$short_line -ErrorAction SilentlyContinue" 'Get-Label Personal'
expect "-ErrorAction SilentlyContinue is silent" 0 ''
check "about it" sh -c "! grep -q announced '$work/err' && [ \"\$(wc -l <'$work/out')\" = 2 ]"
run "$short_line -ErrorAction Stop | Measure-Object"
expect "-ErrorAction Stop ends the line" 1 'announced 5 records and gave 1'
verb /fault/clear '{}' >/dev/null
run --token-cache memory --resume "$export_line"
expect "nothing is kept where nothing shall be" 0 'very line'
fault '{"action":"delay","path":"InvokeCommand","delay_ms":30000,"count":1}'; run --timeout 1 'Get-Label'
expect "an answer that does not come in time" 4 'time'
# A change that is under way when a signal comes: whether it was made, nobody here knows.
invocations() { curl -sS --noproxy '*' --cacert "$ca" --resolve "control.localhost:$port:127.0.0.1" -H "X-Control-Key: $key" "$control/requests" | grep -o 'InvokeCommand' | wc -l; }
fault '{"action":"delay","path":"InvokeCommand","delay_ms":30000,"count":1}'; before=$(invocations)
timeout 120 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" -AccessToken env:TOKEN \
    'Set-Label Personal -Comment x -Confirm:$false' >"$work/out" 2>"$work/err" </dev/null & child=$!
tries=0; until [ "$(invocations)" -gt "$before" ] || [ $tries -ge 300 ]; do tries=$((tries + 1)); sleep 0.05; done
kill -TERM $child; wait $child; code=$?
expect "a signal in the midst of a change" 130 'carried out all the same'
verb /fault/clear '{}' >/dev/null

run 'Get-ComplianceSearch'
expect "a search with a token that was handed in says what it takes" "$code" 'EnableSearchOnlySession and a token for'

# Who answers
TOKEN=rubbish; run 'Get-Label'
expect "a token that is none" 3 'token'
TOKEN=$(verb /token "{\"user\":\"$(field user)\",\"audience\":\"https://graph.microsoft.com\"}" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'); run 'Get-Label'
expect "a token for another service" 3 'Graph'
TOKEN=$(verb /token "{\"user\":\"$(field user)\"}" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
ca_kept=$ca; ca=/etc/ssl/certs/ca-certificates.crt; run 'Get-Label'
expect "a server that nobody vouches for" 4 'trust\|certificate'
ca=$ca_kept
timeout 120 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "${authority%/*}/nosuch.example" 'Get-Label' \
    >"$work/out" 2>"$work/err" </dev/null; code=$?
expect "an unknown tenant" 3 'tenant'
closed=https://ps.compliance.protection.outlook.localhost:1/powershell-liveid/
timeout 120 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$closed" -AzureADAuthorizationEndpointUri "$authority" -AccessToken env:TOKEN 'Get-Label' \
    >"$work/out" 2>"$work/err" </dev/null; code=$?
expect "a server that is down" 4 'connect'
timeout 120 "$PURVEY" run -ConnectionUri https://evil.example.com/powershell-liveid -AccessToken env:TOKEN 'Get-Label' >"$work/out" 2>"$work/err" </dev/null; code=$?
expect "a host of no cloud" 2 'evil.example.com'
echo "1..$test"
