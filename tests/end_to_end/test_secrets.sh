#!/bin/sh
# What is left of a password, a token and a private key while purvey works: nothing in the memory that a core dump would
# hold (pages marked as not to be dumped are left out, as the kernel does), nothing in its arguments and its children's
# environments, nothing in the files it writes. Only root may look into such a process, so others become root of a namespace
# of their own. Speaks TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
: "${PURVEY:=build/release/purvey}" "${PURVEY_DEMO:=build/release/purvey-demo}"
# Sanitizers keep copies of what was freed: the plain build is what people run.
PURVEY=build/release/purvey PURVEY_DEMO=build/release/purvey-demo
if [ "$(id -u)" != 0 ]; then
    if unshare --user --map-root-user true 2>/dev/null; then exec unshare --user --map-root-user "tests/end_to_end/${0##*/}"; fi
    echo "ok 1 - secrets in memory # skip only root may read it, and this kernel gives no namespace for it"; echo "1..1"; exit 0
fi
work=$(mktemp -d) || exit 1
export LC_ALL=C.UTF-8 XDG_RUNTIME_DIR="$work" XDG_STATE_HOME="$work/state" HOME="$work" TMPDIR="$work"
unset https_proxy HTTPS_PROXY http_proxy ALL_PROXY all_proxy BROWSER
test=0
printf '{"c":"New-Sealed","d":null,"p":[{"n":"Name","t":"string"},{"n":"Password","t":"securestring"}]}\n' >"$work/sealed.jsonl"
mkfifo "$work/life"
"$PURVEY_DEMO" --interval 0 --users 3000 --catalogue "$work/sealed.jsonl" <"$work/life" >"$work/ready" 2>"$work/demo.err" &
demo=$!
exec 9>"$work/life"
trap 'exec 9>&-; kill $demo 2>/dev/null; rm -rf "$work"' EXIT
tries=0
until grep -q '"ready"' "$work/ready" || [ $tries -ge 600 ]; do tries=$((tries + 1)); sleep 0.1; done
field() { sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p" "$work/ready"; }
port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$work/ready")
ca=$(field ca_file) control=$(field control) key=$(field control_key) uri=$(field connection_uri) authority=$(field authority)
ask() { curl -sS --noproxy '*' --cacert "$ca" --resolve "control.localhost:$port:127.0.0.1" -H "X-Control-Key: $key" "$@"; }
verb() { ask -d "$2" "$control$1"; }
check() { # check NAME COMMAND...: a line of TAP, behind a failure with what was found and what purvey said
    test=$((test + 1)); label=$1; shift
    if "$@"; then echo "ok $test - $label"; else echo "not ok $test - $label"; head -qc 500 "$work/found" "$work/err" 2>/dev/null | sed 's/^/# /'; fi
}
tenant=contoso.onmicrosoft.localhost app=11111111-2222-4333-8444-555555555555

cat >"$work/search" <<'EOF'
# search PID TEXT...: where a text stands in the memory that a core dump of the process would hold; hex:… is bytes.
use strict; use warnings; no warnings "portable";
my ($pid, @texts) = @ARGV;
@texts = map { /^hex:(.*)/ ? pack('H*', $1) : $_ } @texts;
open my $maps, '<', "/proc/$pid/smaps" or die "smaps: $!";
open my $memory, '<:raw', "/proc/$pid/mem" or die "mem: $!";
my ($from, $to, $name, $seen, $found) = (0, 0, '', 0, 0);
while (<$maps>) {
    if (/^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)/) { ($from, $to, $name) = (hex $1, hex $2, "$3 $4") }
    next unless /^VmFlags:(.*)/;
    next if $1 =~ /\bdd\b/ || $name !~ /^r/ || $name =~ /\[v(var|syscall)/;
    my $bytes = '';
    sysseek $memory, $from, 0 or next;
    sysread $memory, $bytes, $to - $from or next;
    $seen += length $bytes;
    for my $text (@texts) { my $at = index $bytes, $text; if ($at >= 0) { $found++; printf "%s at %x in %s\n", substr($text, 0, 12) =~ s/[^ -~]/./gr, $from + $at, $name } }
}
print "searched $seen bytes\n";
exit($found ? 1 : 0);
EOF
invocations() { ask "$control/requests" | grep -o '"path":"[^"]*InvokeCommand"' | wc -l; }
while_waiting() { # while_waiting TEXT... : the running purvey waits for a slow cmdlet; its memory is searched
    tries=0
    until [ "$(invocations)" -gt "$before" ] || [ $tries -ge 300 ]; do tries=$((tries + 1)); sleep 0.1; done
    perl "$work/search" "$purvey" "$@" >"$work/found"
}
start() {
    before=$(invocations)
    verb /fault/clear '{}' >/dev/null; verb /fault '{"action":"delay","path":"InvokeCommand","delay_ms":60000,"count":1}' >/dev/null
    "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" --token-cache file "$@" --output jsonl Get-Label \
        >"$work/out" 2>"$work/err" </dev/null &
    purvey=$!
}
stop() { kill "$purvey" 2>/dev/null; wait "$purvey" 2>/dev/null; }

printf 'demo-password' >"$work/password"
start -UserPrincipalName "adele.vance@$tenant" -Credential "file:$work/password"
check "the password is in no memory that a dump would hold" while_waiting demo-password
check "something was searched" grep -q 'searched [0-9]\{6,\}' "$work/found"
token=$(perl -MJSON::PP -0777 -ne 'print((grep { $_->{kind} eq "access" } @{decode_json($_)->{tokens}})[0]{token})' "$work/state/purvey/tokens")
refresh=$(perl -MJSON::PP -0777 -ne 'print((grep { $_->{kind} eq "refresh" } @{decode_json($_)->{tokens}})[0]{token})' "$work/state/purvey/tokens")
check "there is a token to look for" [ ${#token} -gt 200 ]
check "the access token neither" while_waiting "$token"
check "nor the refresh token" while_waiting "$refresh"
check "the search finds what is there" sh -c "! perl '$work/search' '$purvey' 'adele.vance@$tenant' >/dev/null"
check "no secret is in its arguments or environment" sh -c "! tr '\\0' '\\n' </proc/$purvey/cmdline | grep -q demo-password"
stop
rm -rf "$work/state"
start -UserPrincipalName "adele.vance@$tenant" -Credential demo-password
check "a literal is in no memory either" while_waiting demo-password
check "and wiped from the arguments" sh -c "test -r /proc/$purvey/cmdline && ! tr '\\0' '\\n' </proc/$purvey/cmdline | grep -q demo-password"
stop
# One that came in the environment is taken out of it, before a child of another option could inherit it.
rm -rf "$work/state"
AZURE_SECRET=demo-password; export AZURE_SECRET
start -UserPrincipalName "adele.vance@$tenant" -Credential env:AZURE_SECRET
check "one that came in the environment is in no memory" while_waiting demo-password
check "nor in what the kernel tells of the environment" sh -c "grep -q PATH= /proc/$purvey/environ && ! grep -q demo-password /proc/$purvey/environ"
stop
"$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" --token-cache memory -AppId "$app" \
    -Organization "$tenant" -Certificate env:AZURE_SECRET -CertificatePassword "cmd:env >'$work/child'; echo x" Get-Label >"$work/out" 2>"$work/err" </dev/null
check "nor is it handed to the command of another option" sh -c "grep -q PATH= '$work/child' && ! grep -q demo-password '$work/child'"
unset AZURE_SECRET

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/app.key" -out "$work/app.crt" -days 9 -subj '/CN=secrets' 2>/dev/null
cat "$work/app.key" "$work/app.crt" >"$work/app.pem"; chmod 600 "$work/app.pem"
certificate=$(perl -MJSON::PP -0777 -ne 'print encode_json($_)' 2>/dev/null "$work/app.crt" || perl -0777 -pe 's/\n/\\n/g; $_ = "\"$_\""' "$work/app.crt")
verb /app "{\"app_id\":\"$app\",\"certificate\":$certificate}" >/dev/null
rm -rf "$work/state"
start -AppId "$app" -Organization "$tenant" -CertificateFilePath "$work/app.pem"
line=$(sed -n 5p "$work/app.key")
check "the text of a key file is not in memory" while_waiting "$line"
token=$(perl -MJSON::PP -0777 -ne 'print((grep { $_->{kind} eq "access" } @{decode_json($_)->{tokens}})[0]{token})' "$work/state/purvey/tokens")
check "nor an application's token" while_waiting "$token"
stop

# The key's numbers as they are, of each kind of file: as DER has them, and as the library for large numbers has them.
numbers() { # numbers KEY: 32 bytes from within each secret number, both ways round
    openssl rsa -in "$1" -noout -text 2>/dev/null | perl -ne '
        if (/^(\w+):/) { $n = $1 } elsif (/^ +([0-9a-f:]+)$/) { $of{$n} .= $1 }
        END { for (qw(privateExponent prime1 prime2 exponent1 exponent2 coefficient)) {
            (my $hex = $of{$_}) =~ s/://g; $hex =~ s/^(00)+//; print "hex:", substr($hex, 16, 64), " hex:", unpack("H*", substr(scalar reverse(pack "H*", $hex), 8, 32)), " ";
        } }'
}
numbers=$(numbers "$work/app.key")
check "there are numbers to look for" sh -c '[ $(echo "$1" | wc -w) = 12 ]' sh "$numbers"
export PFX_PASSWORD=pfx-password; printf pfx-password >"$work/word"
openssl pkcs8 -topk8 -in "$work/app.key" -passout env:PFX_PASSWORD 2>/dev/null | cat - "$work/app.crt" >"$work/encrypted.pem"
openssl pkcs12 -export -in "$work/app.pem" -out "$work/encrypted.pfx" -passout env:PFX_PASSWORD
openssl pkcs12 -export -keypbe NONE -certpbe NONE -in "$work/app.pem" -out "$work/plain.pfx" -passout env:PFX_PASSWORD
unset PFX_PASSWORD
for file in app.pem encrypted.pem encrypted.pfx plain.pfx; do
    rm -rf "$work/state"
    start -AppId "$app" -Organization "$tenant" -CertificateFilePath "$work/$file" -CertificatePassword "file:$work/word"
    # shellcheck disable=SC2086
    check "the key of $file is in no memory that a dump would hold" while_waiting $numbers
    check "nor its password" while_waiting pfx-password
    stop
done

# A password among a cmdlet's arguments, while the next cmdlet runs.
printf 'open sesame' >"$work/word"
for way in '' -UseRPSSession; do
    if [ "$way" ]; then hold='{"action":"delay","path":"powershell-liveid","wsman":"Command","delay_ms":60000,"skip":2,"count":1}'; else
        hold='{"action":"delay","path":"InvokeCommand","delay_ms":60000,"skip":1,"count":1}'; fi
    verb /fault/clear '{}' >/dev/null; verb /fault "$hold" >/dev/null
    : >"$work/out"              # what the way before printed would do for this one's
    "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" --token-cache memory $way \
        -UserPrincipalName "adele.vance@$tenant" -Credential "file:$work/password" "New-Sealed -Name 'by ${way:-REST}' -Password file:$work/word" Get-Label --output jsonl \
        >"$work/out" 2>"$work/err" </dev/null &
    purvey=$!
    tries=0; until [ -s "$work/out" ] || [ $tries -ge 300 ]; do tries=$((tries + 1)); sleep 0.1; done
    check "the argument arrived${way:+ with $way}" test -s "$work/out"
    perl "$work/search" "$purvey" 'open sesame' "hex:$(printf 'open sesame' | sed 's/./&\n/g' | od -An -tx1 | sed 's/ 0a/ 00/g' | tr -d ' \n')" >"$work/found"; found=$?
    check "and is not in memory" [ $found = 0 ]
    stop
done

# What was typed into the form, which keeps it in case another try is wanted.
verb /fault/clear '{}' >/dev/null
mkfifo "$work/keys"; exec 8<>"$work/keys"
TERM=xterm-256color script -qfc "stty rows 30 cols 100; exec '$PURVEY' --ca-file '$ca' -ConnectionUri '$uri' -AzureADAuthorizationEndpointUri '$authority' \
    --token-cache memory -UserPrincipalName 'adele.vance@$tenant' -Credential wrong-word-9876" "$work/screen" <"$work/keys" >/dev/null 2>&1 &
child=$!
dots() { tries=0; until [ "$(grep -o '•' "$work/screen" 2>/dev/null | wc -l)" -ge "$1" ] || [ $tries -ge 300 ]; do tries=$((tries + 1)); sleep 0.1; done; [ $tries -lt 300 ]; }
tries=0; until grep -q 'AADSTS50126' "$work/screen" 2>/dev/null || [ $tries -ge 300 ]; do tries=$((tries + 1)); sleep 0.1; done
purvey=$(pgrep -P $child)
printf '\033' >&8; dots 15
printf '\033[A\033[200~-pasted\033[201~' >&8; dots 22; typed=$?
perl "$work/search" "$purvey" wrong-word-9876 -pasted >"$work/found"; found=$?
check "what is in a password's field is in no memory that a dump would hold" [ $found = 0 ]
check "and the field has it" [ $typed = 0 ]
kill -KILL "$purvey"; wait $child; exec 8>&-

# The log of requests: every way of signing in that sends something secret, each followed by a cmdlet.
traced() { # traced NAME TEXT... : the last run's trace is there and holds none of the texts
    name=$1; shift
    check "$name: the trace has the sign-in and the cmdlet" sh -c "
        grep -q '/oauth2/v2.0/token' '$work/trace' && grep -q '^>> {\"CmdletInput\"' '$work/trace' && grep -qi '^> authorization: \*\*\*' '$work/trace'"
    for text in eyJ client_assertion= refresh_token= grant_type= "$@"; do
        check "$name: and no $(printf '%.16s' "$text")" sh -c '! grep -qiF -- "$1" "$2"' sh "$text" "$work/trace"
    done
    check "$name: it is for its owner" [ "$(stat -c %a "$work/trace")" = 600 ]
}
verb /fault/clear '{}' >/dev/null
run() {
    rm -rf "$work/state"; : >"$work/trace"; chmod 644 "$work/trace"
    "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" --token-cache file --trace "$work/trace" \
        "$@" --output jsonl Get-Label >"$work/out" 2>"$work/err" </dev/null || sed 's/^/# /' "$work/err"
}
tokens() { # tokens KIND: a token of the cache
    perl -MJSON::PP -0777 -e 'my ($kind, $file) = @ARGV; open my $f, "<", $file; my ($t) = grep { $_->{kind} eq $kind } @{decode_json(<$f>)->{tokens}}; print $t->{token}' "$1" "$work/state/purvey/tokens"
}
run -UserPrincipalName "adele.vance@$tenant" -Credential "file:$work/password"
traced password demo-password "$(tokens access)" "$(tokens refresh)"
run -AppId "$app" -Organization "$tenant" -CertificateFilePath "$work/app.pem"
traced certificate "$line" "$(tokens access)"
token=$(tokens access)
HANDED=$token; export HANDED; rm -f "$work/trace"
"$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" --trace "$work/trace" -AccessToken env:HANDED -Organization "$tenant" Get-Label >"$work/out" 2>"$work/err"
check "a token that was handed in is not in the trace" sh -c '! grep -qF -- "$1" "$2" && grep -q "^> .*\*\*\*" "$2"' sh "$token" "$work/trace"
check "no file but the token cache holds a secret" sh -c "! grep -rlE 'demo-password|eyJ' '$work' --exclude=tokens --exclude=password --exclude=search --exclude=ready --exclude=found >/dev/null"
echo "1..$test"
