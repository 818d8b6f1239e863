#!/bin/sh
# Every way to sign in, and every way in which a sign-in ends, with the real binary against a demo tenant started by hand:
# passwords, certificates of all stores, secrets, federated tokens, managed identities, the browser, the token cache. The
# keys are made by openssl, the PKCS#11 token by softhsm2. Speaks TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
: "${PURVEY:=build/asan/purvey}" "${PURVEY_DEMO:=build/asan/purvey-demo}"
work=$(mktemp -d) || exit 1
export LC_ALL=C.UTF-8 XDG_RUNTIME_DIR="$work" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config" HOME="$work/home"
unset https_proxy HTTPS_PROXY http_proxy ALL_PROXY all_proxy BROWSER DISPLAY WAYLAND_DISPLAY IDENTITY_ENDPOINT IDENTITY_HEADER \
    IMDS_ENDPOINT AZURE_POD_IDENTITY_AUTHORITY_HOST SSH_CONNECTION SSH_TTY SSH_CLIENT
mkdir -p "$work/home"
test=0

mkfifo "$work/life"
"$PURVEY_DEMO" --interval 0 --users 3000 --strict-rotation --separate-searches <"$work/life" >"$work/ready" 2>"$work/demo.err" &
demo=$!
exec 9>"$work/life"     # its life line: closed with this script
trap 'exec 9>&-; kill $demo ${brief:-} ${agent:-} 2>/dev/null; rm -rf "$work"' EXIT
ready() { tries=0; until grep -qs '"ready"' "$work/ready" || [ $tries -ge 600 ]; do tries=$((tries + 1)); sleep 0.1; done; }
ready
field() { sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p" "$work/ready"; }
places() { # where the tenant is that has told so last
    port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$work/ready")
    ca=$(field ca_file) control=$(field control) key=$(field control_key) uri=$(field connection_uri) authority=$(field authority)
    metadata=$(field metadata)
}
places
export tenant=contoso.onmicrosoft.localhost

ask() { curl -sS --noproxy '*' --cacert "$ca" --resolve "control.localhost:$port:127.0.0.1" -H "X-Control-Key: $key" "$@"; }
verb() { ask -d "$2" "$control$1"; }
stat() { ask "$control/stats" | sed -n "s/.*\"$1\":\\([0-9]*\\).*/\\1/p"; }
json() { perl -MJSON::PP -e 'my %h = @ARGV; for (values %h) { if (s/^\@//) { local $/; open my $f, "<", $_ or die; $_ = <$f> } } print encode_json(\%h)' "$@"; }
run() { # run ARGUMENTS: Get-Label unless LINE says more; no token is kept unless CACHE says where
    timeout 120 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" \
        --token-cache "${CACHE:-memory}" "$@" --output jsonl "${LINE:-Get-Label}" >"$work/out" 2>"$work/err" </dev/null
    code=$?; return $code
}
expect() { # expect NAME CODE TEXT: the code, and the text on standard error
    test=$((test + 1))
    if [ "$code" = "$2" ] && { [ -z "$3" ] || grep -qi -- "$3" "$work/err"; } && ! grep -q 'Sanitizer' "$work/err"; then echo "ok $test - $1"; else
        echo "not ok $test - $1"
        { echo "exit code $code, expected $2 with '$3'"; head -c 1500 "$work/err"; echo; head -c 300 "$work/out"; } | sed 's/^/# /'
    fi
}
check() { # check NAME COMMAND...
    test=$((test + 1)); name=$1; shift
    if "$@"; then echo "ok $test - $name"; else echo "not ok $test - $name"; head -c 800 "$work/err" | sed 's/^/# /'; fi
}

# ---- passwords ----
export PASSWORD=demo-password
person() { run -UserPrincipalName "$1@$tenant" -Credential env:PASSWORD; }
person adele.vance; expect "a password signs in" 0 ''
run -UserPrincipalName "adele.vance@$tenant" -Credential env:PASSWORD -AzureADAuthorizationEndpointUri "$authority"
expect "an option given twice is refused" 2 'twice'
printf 'adele.vance@%s\ndemo-password\n' "$tenant" >"$work/credential"
run -Credential "file:$work/credential"; expect "a credential of two lines needs no user name beside it" 0 ''
before=$(stat tokens_given)
PASSWORD=wrong; person adele.vance; expect "a wrong password" 3 'user name or password is wrong'
PASSWORD=demo-password
for case in mfa:second.factor register:second.factor locked:locked expired:expired disabled:disabled unknown:no.such.user guest:another.tenant \
    consent:consented blocked:Conditional.Access compliant:compliant joined:joined device:registered.device; do
    person "${case%%:*}"; expect "password: ${case%%:*}" 3 "${case#*:}"
done
check "no token was given meanwhile" [ "$(stat tokens_given)" = "$before" ]
asked() { ask "$control/stats" | perl -MJSON::PP -0777 -e 'my ($what) = @ARGV; @ARGV = (); my $s = decode_json(<>); my $n = 0; for (keys %{$s->{paths}}) { $n += $s->{paths}{$_} if /$what/ } print $n' "$1"; }
posts() { asked oauth2/v2.0/token; }
before=$(posts); person locked; check "a locked account is asked for once" [ "$(posts)" = $((before + 1)) ]
run -UserPrincipalName anna@federated.localhost -Credential env:PASSWORD; expect "a federated account" 3 'federated'
run -Credential env:PASSWORD; expect "a password without a user name" 2 'user name'
run -UserPrincipalName "adele.vance@$tenant" -Credential env:NOT_SET; expect "a password from nowhere" 2 'NOT_SET'

# ---- applications ----
app=11111111-2222-4333-8444-555555555555
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/app.key" -out "$work/app.crt" -days 90 -subj '/CN=purvey test' 2>/dev/null
cat "$work/app.key" "$work/app.crt" >"$work/app.pem"; chmod 600 "$work"/app.*
openssl pkcs12 -export -in "$work/app.crt" -inkey "$work/app.key" -out "$work/app.pfx" -passout pass:s3cret; chmod 600 "$work/app.pfx"
openssl pkcs12 -export -in "$work/app.crt" -inkey "$work/app.key" -out "$work/plain.pfx" -passout pass:; chmod 600 "$work/plain.pfx"
thumb=$(openssl x509 -in "$work/app.crt" -noout -fingerprint -sha1 | sed 's/.*=//')
verb /app "$(json app_id "$app" certificate "@$work/app.crt" secret sesame subject 'repo:contoso/ops')" >/dev/null
application() { run -AppId "$app" -Organization "$tenant" "$@"; }
export PFX=s3cret
application -CertificateFilePath "$work/app.pem"; expect "a PEM certificate" 0 ''
application -CertificateFilePath "$work/app.pfx" -CertificatePassword env:PFX; expect "a PFX with its password" 0 ''
application -CertificateFilePath "$work/app.pfx" -CertificatePassword env:PASSWORD; expect "a PFX with a wrong password" 3 'does not open'
application -CertificateFilePath "$work/app.pfx"; expect "a PFX without its password" 3 'none was given'
: >"$work/nothing"
EMPTY='' application -CertificateFilePath "$work/plain.pfx" -CertificatePassword env:EMPTY; expect "an empty password is one" 0 ''
application -CertificateFilePath "$work/plain.pfx" -CertificatePassword "file:$work/nothing"; expect "out of a file as well" 0 ''
application -CertificateFilePath "$work/plain.pfx" -CertificatePassword env:NOT_SET; expect "but not one that is not set" 2 'NOT_SET is not set'
EMPTY='' application --client-secret env:EMPTY; expect "no other secret is empty" 2 'EMPTY is empty'
base64 "$work/app.pfx" >"$work/text.pfx"; base64 "$work/plain.pfx" >"$work/plain.text"; chmod 600 "$work"/*.text "$work"/text.pfx
application -CertificateFilePath "$work/text.pfx" -CertificatePassword env:PFX; expect "a PFX as base64 text" 0 ''
application -Certificate "file:$work/plain.text"; expect "in a file that -Certificate names" 0 ''
openssl x509 -in "$work/app.crt" -outform DER | base64 >"$work/text.cer"
application -CertificateFilePath "$work/text.cer"; expect "a certificate as base64 text" 3 'no private key'
perl -pe 'BEGIN { binmode STDOUT, ":raw:encoding(UTF-16LE)"; print "\x{FEFF}" }' <"$work/app.pem" >"$work/wide.pem"; chmod 600 "$work/wide.pem"
application -CertificateFilePath "$work/wide.pem"; expect "a PEM file in UTF-16, with the line that converts it" 3 'iconv -f UTF-16'
application -CertificateFilePath "$work/app.pem" --assertion-algorithm RS256; expect "RS256 on request" 0 ''
application -CertificateFilePath "$work/app.pem" --send-chain; expect "the chain sent along" 0 ''
application -Certificate "file:$work/app.pem"; expect "-Certificate file:" 0 ''
BASE64=$(base64 -w0 "$work/plain.pfx") application -Certificate env:BASE64; expect "-Certificate env: with base64" 0 ''
PEM=$(cat "$work/app.pem") application -Certificate env:PEM; expect "-Certificate env: with PEM" 0 ''
application -Certificate fd:5 5<"$work/app.pem"; expect "-Certificate fd:" 0 ''
mkdir -p "$work/config/purvey/certs" && cp "$work/app.pem" "$work/config/purvey/certs/ops.pem"
application -CertificateThumbprint "$(printf '\342\200\216')$thumb"; expect "a thumbprint with colons and a hidden mark" 0 ''
rm "$work/config/purvey/certs/ops.pem"
store="$work/home/.dotnet/corefx/cryptography/x509stores/my"; mkdir -p "$store" && chmod 700 "$store"
cp "$work/plain.pfx" "$store/$(echo "$thumb" | tr -d :).pfx"
application -CertificateThumbprint "$(echo "$thumb" | tr -d : | tr A-F a-f)"; expect "a thumbprint in .NET's store" 0 ''
application -CertificateThumbprint 83213AEAC56D61C97AEE5C1528F4AC5EBA7321C1; expect "a thumbprint that is nowhere" 3 'Looked at'
rm -r "$work/home/.dotnet"
cp "$work/app.pfx" "$work/config/purvey/certs/"
application -CertificateThumbprint "$thumb"; expect "one that may be in a file that is closed" 3 'give that file.s password'
rm "$work/config/purvey/certs/app.pfx"

openssl req -x509 -newkey rsa:1024 -nodes -keyout "$work/small.key" -out "$work/small.crt" -days 9 -subj '/CN=small' 2>/dev/null
cat "$work/small.key" "$work/small.crt" >"$work/small.pem"
application -CertificateFilePath "$work/small.pem"; expect "a key of 1024 bits" 3 '1024 bits'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/ec.key" -out "$work/ec.crt" -days 9 -subj '/CN=ec' 2>/dev/null
cat "$work/ec.key" "$work/ec.crt" >"$work/ec.pem"
application -CertificateFilePath "$work/ec.pem"; expect "an elliptic curve key" 3 'elliptic'
application -CertificateFilePath "$work/app.crt"; expect "a certificate without its key" 3 'no private key'
dated() { # dated NAME FROM TO: a certificate of that time, by GnuTLS, since this openssl makes none
    printf 'cn = "dated"\nactivation_date = "%s"\nexpiration_date = "%s"\n' "$2" "$3" >"$work/dated.template"
    certtool --generate-self-signed --load-privkey "$work/app.key" --template "$work/dated.template" --outfile "$work/dated.crt" 2>/dev/null
    cat "$work/app.key" "$work/dated.crt" >"$work/$1.pem"
}
dated old '2020-01-01 00:00:00 UTC' '2021-01-01 00:00:00 UTC'
application -CertificateFilePath "$work/old.pem"; expect "an expired certificate" 3 'expired on'
dated early '2090-01-01 00:00:00 UTC' '2091-01-01 00:00:00 UTC'
application -CertificateFilePath "$work/early.pem"; expect "one that is not valid yet" 3 'not valid before'
openssl pkcs8 -topk8 -scrypt -in "$work/app.key" -out "$work/scrypt.key" -passout pass:s3cret 2>/dev/null
cat "$work/scrypt.key" "$work/app.crt" >"$work/scrypt.pem"
application -CertificateFilePath "$work/scrypt.pem" -CertificatePassword env:PFX; expect "a key protected with scrypt, with the line that converts it" 3 'openssl'
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/other.key" -out "$work/other.crt" -days 9 -subj '/CN=other' 2>/dev/null
cat "$work/other.key" "$work/other.crt" >"$work/other.pem"
cat "$work/other.key" "$work/app.crt" >"$work/mixed.pem"
application -CertificateFilePath "$work/mixed.pem"; expect "a key that is not the certificate's" 3 'belongs to another key'
application -CertificateFilePath "$work/other.pem"; expect "a certificate that was not uploaded is named, with where it is from" 3 "This was the certificate [0-9A-F]\{40\} (CN=other), from the file $work/other.pem"
run -AppId 99999999-2222-4333-8444-555555555555 -Organization "$tenant" -CertificateFilePath "$work/app.pem"
expect "an unknown application" 3 'not known in this tenant'
run -AppId "$app" -CertificateFilePath "$work/app.pem"; expect "an application without its organization" 2 'Organization'
application -CertificateFilePath "$work/app.pem" -CertificateThumbprint "$(echo "$thumb" | tr -d :)"; expect "two certificates at once" 2 'exclude'

export SESAME=sesame
application --client-secret env:SESAME; expect "a client secret, with a warning" 0 'WARNING.*certificate is the better'
SESAME=wrong application --client-secret env:SESAME; expect "a wrong client secret" 3 'secret is wrong'
printf 'cmd:touch %s/ran' "$work" >"$work/odd"; other_app=22222222-2222-4333-8444-555555555555
verb /app "$(json app_id $other_app secret "@$work/odd")" >/dev/null
run -AppId $other_app -Organization "$tenant" --client-secret "file:$work/odd"; expect "a secret that reads like a source" 0 ''
check "is not taken for one" [ ! -e "$work/ran" ]
run -AppId $other_app -Organization "$tenant" --client-secret "text:$(cat "$work/odd")"; expect "text: says so on the command line" 0 'WARNING'
part() { printf '%s' "$1" | base64 -w0 | tr '+/' '-_' | tr -d =; }
printf '%s.%s.c2ln\n' "$(part '{"alg":"RS256"}')" "$(part '{"iss":"https://issuer","sub":"repo:contoso/ops"}')" >"$work/federated"
application --federated-token-file "$work/federated"; expect "a token of another issuer" 0 ''
echo nonsense >"$work/federated"; application --federated-token-file "$work/federated"; expect "a file that is no token" 2 'no token'

export SOFTHSM2_CONF="$work/softhsm.conf"; mkdir "$work/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\n' "$work/tokens" >"$SOFTHSM2_CONF"
softhsm2-util --init-token --free --label ops --pin 1234 --so-pin 5678 >/dev/null 2>&1
openssl pkcs8 -topk8 -nocrypt -in "$work/app.key" -out "$work/app.p8" 2>/dev/null
softhsm2-util --import "$work/app.p8" --token ops --label app --id A1 --pin 1234 >/dev/null 2>&1
module=$(find /usr/lib -name libsofthsm2.so | head -n 1)
check "a PKCS#11 token is made" p11tool --provider "$module" --write --load-certificate "$work/app.crt" --label app --id A1 --login \
    --set-pin 1234 --outfile "$work/p11.out" 'pkcs11:token=ops'
PIN=1234; export PIN
application -Certificate 'pkcs11:token=ops;object=app' -CertificatePassword env:PIN; expect "a key in a PKCS#11 token" 0 ''
application -CertificateThumbprint "$(echo "$thumb" | tr -d :)" -CertificatePassword env:PIN; expect "found there by its thumbprint" 0 ''
application -Certificate 'pkcs11:token=ops;object=app' -CertificatePassword env:PASSWORD; expect "a wrong PIN" 3 'PIN'

# ---- machines and vaults ----
run -ManagedIdentity; expect "a machine has to say for whom" 2 'Organization'
AZURE_POD_IDENTITY_AUTHORITY_HOST=$metadata run -ManagedIdentity -Organization "$tenant"; expect "a virtual machine's identity" 0 ''
IDENTITY_ENDPOINT=$metadata/msi/token IDENTITY_HEADER=demo-identity run -ManagedIdentity -Organization "$tenant"; expect "an app service's identity" 0 ''
IDENTITY_ENDPOINT=$metadata/msi/token IDENTITY_HEADER=wrong run -ManagedIdentity -Organization "$tenant"; expect "a machine that is refused" 3 'gave no token'
IDENTITY_ENDPOINT=http://elsewhere.example/msi IDENTITY_HEADER=x run -ManagedIdentity -Organization "$tenant"; expect "an identity service elsewhere" 3 'metadata'
cat >"$work/agent" <<'EOF'
# An agent of Azure Arc that names a file of somebody else; what it is asked goes to its standard output.
use strict; use warnings; use IO::Socket::INET; $| = 1;
my $listener = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die;
print 'port ', $listener->sockport, "\n";
while (my $peer = $listener->accept) {
    while (my $line = <$peer>) { print $line; last if $line =~ /^\r?$/ }
    print $peer "HTTP/1.1 401 x\r\nWWW-Authenticate: Basic realm=/etc/passwd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"; close $peer;
}
EOF
perl "$work/agent" >"$work/agent.out" & agent=$!
tries=0; until grep -qs '^port' "$work/agent.out" || [ $tries -ge 300 ]; do tries=$((tries + 1)); sleep 0.1; done
agent_port=$(sed -n 's/^port //p' "$work/agent.out")
IMDS_ENDPOINT=http://127.0.0.1:$agent_port IDENTITY_ENDPOINT=http://127.0.0.1:$agent_port/token run -ManagedIdentity -Organization "$tenant"
expect "an Arc agent that names another's file" 3 'none of its own: /etc/passwd'
check "gets nothing of it" [ "$(grep -c '^GET' "$work/agent.out") $(grep -c '^Authorization' "$work/agent.out")" = "1 0" ]
kill $agent; agent=
verb /vault "$(json name ops pem "@$work/app.pem")" >/dev/null
vault="https://demo.vault.azure.localhost:$port"
AZURE_POD_IDENTITY_AUTHORITY_HOST=$metadata application -Certificate "keyvault:$vault/secrets/ops"; expect "a certificate out of Key Vault" 0 ''
AZURE_POD_IDENTITY_AUTHORITY_HOST=$metadata application -Certificate "keyvault:$vault/certificates/ops"; expect "a key that stays in Key Vault" 0 ''
AZURE_POD_IDENTITY_AUTHORITY_HOST=$metadata application -Certificate "keyvault:$vault/secrets/nothing"; expect "a name that is not in the vault" 2 'not found'
verb /vault "$(json name small pem "@$work/small.pem")" >/dev/null
for kind in secrets certificates; do
    AZURE_POD_IDENTITY_AUTHORITY_HOST=$metadata application -Certificate "keyvault:$vault/$kind/small"; expect "a key of 1024 bits among the vault's $kind" 3 '1024 bits'
done
VAULT=$(verb /token '{"app_only":true,"audience":"https://vault.azure.localhost"}' | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
export VAULT
application -Certificate "keyvault:$vault/secrets/ops" --vault-token env:VAULT; expect "a vault opened with a given token" 0 ''
application -Certificate keyvault:https://vault.example.com/secrets/x; expect "a vault that is none" 2 'Key Vault'

# ---- a code for another device ----
with_code() { # with_code VERB [USER]: run with a code, which is approved, declined or expired as soon as it is shown
    : >"$work/err"; run -UserPrincipalName "adele.vance@$tenant" --sign-in device & runner=$!
    tries=0; until grep -q 'enter the code' "$work/err" || [ $tries -ge 300 ]; do tries=$((tries + 1)); sleep 0.1; done
    verb "/$1" "$(json user_code "$(sed -n 's/^and enter the code //p' "$work/err")" user "${2:-adele.vance}@$tenant")" >/dev/null
    wait $runner; code=$?
}
with_code approve; expect "a code that is approved" 0 'To sign in, open https://'
check "who signs in with what is said beside it" grep -q "Signing in as adele.vance@$tenant with Microsoft Exchange" "$work/err"
with_code decline; expect "one that is declined" 3 'declined on the other device'
with_code approve mfa; expect "a second factor is no trouble for a code" 0 ''
with_code approve blocked; expect "a policy against codes is told, and the other way" 3 'likely to forbid the code: try the browser'
with_code approve compliant; expect "a device that no code can show to be managed" 3 'AADSTS53000'
with_code expire; expect "one that has expired" 3 'expired before anybody'

# ---- the browser ----
cat >"$work/browser" <<'EOF'
#!/usr/bin/perl
# Signs in as a person would: fetches the page, posts its form, posts the form that comes back.
use strict; use warnings;
my $out = "$ENV{XDG_RUNTIME_DIR}/browser";
sub curl { open my $p, '-|', 'curl', '-sS', '--noproxy', '*', '--cacert', "$out.ca", @_ or die; local $/; my $t = <$p>; return $t // '' }
sub slurp { open my $f, '<', $_[0] or return ''; local $/; my $t = <$f>; chomp $t; return $t }
sub plain { my $t = shift; for ($t) { s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/&/g } return $t }
sub fields { my $t = shift; my @f; while ($t =~ /name="([^"]+)"(?: value="([^"]*)")?/g) { push @f, [ $1, plain($2 // '') ] if $1 ne 'hiddenform' && $1 ne 'decision' } return @f }
my $url = shift;
open my $log, '>', "$out.url"; print $log "$url\n"; close $log;
my $page = curl($url);
my %form = map { $_->[0] => $_->[1] } fields($page);
$form{username} = slurp("$out.user") || $form{username}; $form{password} = 'demo-password'; $form{decision} = slurp("$out.decision") || 'sign-in';
my $back = curl((map { ('--data-urlencode', "$_=$form{$_}") } keys %form), $url);
my ($action) = $back =~ /action="([^"]+)"/;
open my $f, '>', "$out.back"; print $f $back; close $f;
my $answer = curl('-i', (map { ('--data-urlencode', "$_->[0]=$_->[1]") } fields($back)), plain($action // 'http://localhost:1/'));
open my $a, '>', "$out.answer"; print $a $answer; close $a;
EOF
chmod 700 "$work/browser"; cp "$ca" "$work/browser.ca"
in_browser() { printf '%s' "${2:-sign-in}" >"$work/browser.decision"; printf '%s' "$1@$tenant" >"$work/browser.user"; BROWSER="$work/browser" run -UserPrincipalName "$1@$tenant" --sign-in browser; }
in_browser adele.vance; expect "the browser signs in" 0 ''
check "it asks for form_post, S256, a state and a nonce" sh -c "grep -q 'response_mode=form_post' '$work/browser.url' && grep -q 'code_challenge_method=S256' '$work/browser.url' && grep -q 'state=[A-Za-z0-9_-]\\{43\\}' '$work/browser.url' && grep -q 'nonce=' '$work/browser.url'"
tries=0; until grep -q 'reached purvey' "$work/browser.answer" 2>/dev/null || [ $tries -ge 100 ]; do tries=$((tries + 1)); sleep 0.1; done
check "the page says that it may be closed" grep -q 'can close this window' "$work/browser.answer"
in_browser mfa; expect "a second factor is no trouble there" 0 ''
in_browser blocked; expect "a policy is told, and the other way" 3 'forbids the browser from here; a code may be allowed'
in_browser adele.vance cancel; expect "cancelled in the browser" 3 'cancelled'
person_port=$((20000 + $$ % 20000))
printf sign-in >"$work/browser.decision"
BROWSER="$work/browser" run -UserPrincipalName "adele.vance@$tenant" --sign-in browser --redirect-port "$person_port"
expect "on a port of one's choice" 0 ''
check "and it was that one" grep -q "localhost%3A$person_port" "$work/browser.url"

# ---- tokens that were handed in ----
handed() { TOKEN=$(verb /token "$1" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'); export TOKEN; shift; run -AccessToken env:TOKEN "$@"; }
handed '{}'; expect "a token of a person" 0 ''
handed '{"app_only":true}' -Organization "$tenant"; expect "a token of an application" 0 ''
handed '{"app_only":true}'; expect "a token of an application that names no organization" 2 'Organization'
handed '{"audience":"https://graph.microsoft.com"}'; expect "a token for Graph" 3 'Microsoft Graph'
handed '{"audience":"https://ps.compliance.protection.office365.us"}'; expect "a token of another cloud" 3 'GCC High'
handed '{"lifetime_s":0}'; expect "a token that has no time left is refused by the service" 3 ''
TOKEN=abc; run -AccessToken env:TOKEN; expect "a token that is none" 3 'not an access token'
handed '{"audience":"https://outlook.office365.com"}'; expect "a token that the service does not take is not said to have ended" 3 'does not take the access token'
handed '{}' -DelegatedOrganization "$tenant" -Organization other.example.com; expect "of two organizations it is said which one is used" 0 "$tenant is used"
made() { TOKEN="$(part "$1").$(part "$2").c2ln"; export TOKEN; shift 2; run -AccessToken env:TOKEN "$@"; }
soon=$(($(date +%s) + 3600))
made '{"typ":"pop"}' "{\"exp\":$soon}"; expect "a token that is bound to a key" 3 'proof of possession'
made '{}' "{\"exp\":$soon}"; expect "a token that does not say of which tenant it is" 2 'Organization'
other=11111111-2222-3333-4444-555555555555
made '{}' "{\"exp\":$soon,\"tid\":\"$other\",\"upn\":\"a@b.example\",\"scp\":\"x\"}" -Organization "$tenant"
expect "a token of another tenant than the one that is named" 3 "tenant $other, but -Organization names $tenant (tenant [0-9a-f]*-"
made '{}' "{\"exp\":$soon,\"tid\":\"$other\",\"upn\":\"a@b.example\",\"scp\":\"x\"}" -Organization "$tenant" -DelegatedOrganization fabrikam.onmicrosoft.localhost
expect "and than the customer's" 3 "tenant $other, but -DelegatedOrganization names fabrikam.onmicrosoft.localhost"
finding() { asked openid-configuration; }
verb /fault '{"action":"delay","path":"openid-configuration","delay_ms":20000,"count":9}' >/dev/null
before=$(finding); CACHE=file handed '{}' -Organization "$tenant"; expect "a sign-in service that is silent holds no token up" 0 ''
check "it was asked whose name that is" [ "$(finding)" = $((before + 1)) ]
CACHE=file handed '{}' -Organization "$tenant"; check "and is not asked again at once" [ "$code $(finding)" = "0 $((before + 1))" ]
verb /fault/clear '{}' >/dev/null; rm -rf "$work/state"
handed '{}' -Organization nobody.example.com; expect "an organization that nobody knows is no reason to refuse" 0 ''
TOKEN="Bearer $(verb /token '{}' | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')"; run -AccessToken env:TOKEN; expect "the word before a token of a header is no part of it" 0 ''
TOKEN="'${TOKEN#Bearer }'"; run -AccessToken env:TOKEN; expect "but a quotation mark is told" 3 'nothing around it'
run -AccessToken env:TOKEN -ManagedIdentity -Organization "$tenant"; expect "a token beside another way" 2 'exclude'
run -UserPrincipalName "adele.vance@$tenant" --cloud gcc-high -Credential env:PASSWORD; expect "an environment that is not the addresses'" 2 'GCC High, ConnectionUri to the demo tenant'
run -UserPrincipalName "adele.vance@$tenant" -AccessToken env:TOKEN -Credential env:PASSWORD; expect "two sign-ins at once" 2 'exclude'
timeout 120 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "${authority%/*}/nobody.example.com" \
    --token-cache memory -UserPrincipalName "adele.vance@$tenant" -Credential env:PASSWORD Get-Label >"$work/out" 2>"$work/err" </dev/null; code=$?
expect "an unknown tenant" 3 'no such tenant'

# ---- compliance searches want a token for another audience ----
LINE='Get-ComplianceSearch | measure'
before=$(stat tokens_given); person adele.vance; expect "a search opens a session of its own" 0 'search-only session was opened'
check "with one more token of the same sign-in" [ "$(stat tokens_given)" = $((before + 2)) ]
run -UserPrincipalName "adele.vance@$tenant" -Credential env:PASSWORD -EnableSearchOnlySession; expect "or is opened at once" 0 ''
run -UserPrincipalName "adele.vance@$tenant" -Credential env:PASSWORD '-EnableSearchOnlySession:$false'
expect "without it the service says what it wants" 5 'EnableSearchOnlySession'
application -CertificateFilePath "$work/app.pem"; expect "an application gets its second token by itself" 0 'search-only session was opened'
LINE=

# ---- what is kept ----
CACHE=file; export CACHE
person adele.vance; expect "a sign-in that is kept" 0 ''
before=$(stat tokens_given)
run -UserPrincipalName "adele.vance@$tenant"; expect "the next run asks nobody" 0 ''
check "and sends no token request" [ "$(stat tokens_given)" = "$before" ]

# ---- the list of cmdlets that was kept ----
modules() { asked EXOModuleFile; }
kept() { find "$work/state/purvey" -name 'cmdlets-*' | wc -l; }
check "the list of cmdlets is kept" [ "$(kept)" = 1 ]
check "for its owner only" [ "$(find "$work/state/purvey" -name 'cmdlets-*' -perm 600 | wc -l)" = 1 ]
lists=$(modules); CACHE=file person adele.vance; expect "a connection with a kept list" 0 ''
check "asks for no list" [ "$(modules)" = "$lists" ]
touch -d '1 hour ago' "$work"/state/purvey/cmdlets-*
lists=$(modules); CACHE=file LINE='Get-User -ResultSize Unlimited | measure' person adele.vance
expect "an older list is used all the same" 0 ''
check "and brought up to date behind" [ "$(modules)" -gt "$lists" ]
lists=$(modules); CACHE=file LINE='Get-Nothing' person adele.vance; expect "what the kept list does not know" 2 'Get-Nothing'
check "is looked for in a new one first" [ "$(modules)" -gt "$lists" ]
for file in "$work"/state/purvey/cmdlets-*; do head -c 900 "$file" >"$work/cut"; cat "$work/cut" >"$file"; done
CACHE=file person adele.vance; expect "a damaged list is as good as none" 0 ''
touch -d '40 days ago' "$work"/state/purvey/cmdlets-*
lists=$(modules); CACHE=file person adele.vance; check "an old list is read anew" [ "$(modules)" -gt "$lists" ]
LINE=
check "the file is private" [ "$(find "$work/state/purvey/tokens" -perm 600 | wc -l)" = 1 ]
verb /token/expire '{}' >/dev/null
run -UserPrincipalName "adele.vance@$tenant"; expect "a withdrawn token is renewed by itself" 0 ''
check "with one token" [ "$(stat tokens_given)" = $((before + 1)) ]
for i in 1 2 3 4; do
    timeout 120 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" --token-cache file \
        -UserPrincipalName "adele.vance@$tenant" --output jsonl Get-Label >"$work/out.$i" 2>"$work/err.$i" </dev/null &
    pids="${pids:-} $!"
done
code=0; for pid in $pids; do wait "$pid" || code=1; done
expect "four runs share one cache" 0 ''
verb /token/expire '{}' >/dev/null; before=$(stat refresh_reuses)
pids=''
for i in 1 2 3 4; do
    timeout 120 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" --token-cache file \
        -UserPrincipalName "adele.vance@$tenant" --output jsonl Get-Label >"$work/out.$i" 2>"$work/err.$i" </dev/null &
    pids="$pids $!"
done
code=0; for pid in $pids; do wait "$pid" || code=1; done; cat "$work"/err.[1-4] >"$work/err"
expect "four runs renew at once" 0 ''
check "no refresh token is used twice" [ "$(stat refresh_reuses)" = "$before" ]
timeout 60 "$PURVEY" sign-out --token-cache file >"$work/out" 2>"$work/err"; code=$?; expect "sign-out forgets" 0 ''
check "the lists of cmdlets as well" [ "$(kept)" = 0 ]
check "and says how many" grep -q '^1 sign-in forgotten' "$work/out"
for place in "XDG_STATE_HOME=$ca" 'HOME='; do
    env -u XDG_STATE_HOME "$place" timeout 60 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" \
        --token-cache file -AccessToken env:PASSWORD Get-Label >"$work/out" 2>"$work/err" </dev/null; code=$?
    expect "without a place for a file of tokens it is said what to do" 8 '--token-cache memory'
done
application -CertificateFilePath "$work/app.pem"; before=$(stat tokens_given); application -CertificateFilePath "$work/app.pem"
check "an application's token is kept as well" [ "$(stat tokens_given)" = "$before" ]
CACHE=memory

# ---- a long read outlives its token ----
verb /fault '{"action":"delay","path":"InvokeCommand","delay_ms":700,"count":2,"skip":1}' >/dev/null
LINE='Get-User -ResultSize Unlimited'; export LINE
timeout 120 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" --token-cache memory \
    -UserPrincipalName "adele.vance@$tenant" -Credential env:PASSWORD --output jsonl "$LINE" >"$work/out" 2>"$work/err" </dev/null &
reader=$!
tries=0; until ask "$control/requests" | grep -q 'skiptoken' || [ $tries -ge 300 ]; do tries=$((tries + 1)); sleep 0.05; done
verb /token/expire '{}' >/dev/null
wait "$reader"; code=$?
expect "a token that ends in the middle of a read is renewed" 0 ''
check "and no row is lost or doubled" sh -c "[ \$(wc -l <'$work/out') = 3000 ] && [ \$(sort -u '$work/out' | wc -l) = 3000 ]"
unset LINE; verb /fault/clear '{}' >/dev/null

# ---- nothing leaks ----
LINE='Get-User -ResultSize Unlimited' person adele.vance
check "secrets are in no message" sh -c "! grep -rq 'demo-password\|s3cret\|eyJ' '$work/err' '$work/out'"
run -UserPrincipalName "adele.vance@$tenant" -Credential demo-password; expect "a literal password works, with a warning" 0 'WARNING'

# ---- a token that is soon to end, in a tenant of its own ----
rm "$work/ready"; "$PURVEY_DEMO" --interval 0 --token-lifetime 200 <"$work/life" >"$work/ready" 2>"$work/demo.err" & brief=$!
ready; places
verb /fault '{"action":"status","path":"oauth2/v2.0/token","status":400,"body":"{\"error\":\"invalid_scope\"}","skip":1,"count":9}' >/dev/null
person adele.vance; expect "a renewal ahead of time that fails is no error" 0 ''
check "it was tried" [ "$(posts)" -gt 1 ]
echo "1..$test"
