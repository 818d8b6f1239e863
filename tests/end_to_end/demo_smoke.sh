#!/bin/sh
# The demo tenant against the contract, seen with curl: a client that shares nothing with purvey. Speaks TAP.
#   PURVEY_DEMO   the program (build/asan/purvey-demo)
set -u
cd "$(dirname "$0")/../.." || exit 1
program=${PURVEY_DEMO:-$PWD/build/asan/purvey-demo}
work=$(mktemp -d) || exit 1
demo=
test=0
trap 'exec 9>&- 2>/dev/null; [ -n "$demo" ] && kill "$demo" 2>/dev/null; rm -rf "$work"' EXIT

check() {   # check "what" "" = fine, else why not
    test=$((test + 1))
    if [ -z "$2" ]; then echo "ok $test - $1"; else echo "not ok $test - $1"; echo "$2" | cut -c1-400 | sed 's/^/# /'; fi
}
# equal "what" expected got
equal() { check "$1" "$([ "$2" = "$3" ] || echo "expected $2, got $3")"; }
# holds "what" fixed-text [file]
holds() { check "$1" "$(grep -qF -- "$2" "${3:-$work/body}" || { echo "no $2 in:"; head -c 300 "${3:-$work/body}"; })"; }
text() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "${2:-$work/body}" | head -n 1; }
settle() {  # waits until a command succeeds, at most ten seconds
    for _ in $(seq 200); do "$@" && return 0; sleep 0.05; done
    return 1
}
start() {   # start options...: a tenant whose life line is descriptor 9
    rm -f "$work/life"
    mkfifo "$work/life"
    "$program" "$@" <"$work/life" >"$work/ready" 2>"$work/complaints" &
    demo=$!
    exec 9>"$work/life"
    settle grep -q '"ready":true' "$work/ready"
}
ended() { ! kill -0 "$demo" 2>/dev/null; }

start --interval 0 --users 2500
check "one ready line" "$([ "$(wc -l <"$work/ready")" = 1 ] || cat "$work/ready" "$work/complaints")"
for key in port authority connection_uri ca_file control user tenant tenant_id control_key; do
    holds "the ready line has $key" "\"$key\":" "$work/ready"
done
port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$work/ready")
ca=$(text ca_file "$work/ready") key=$(text control_key "$work/ready") tenant=$(text tenant "$work/ready")
tid=$(text tenant_id "$work/ready") user=$(text user "$work/ready")
equal "the CA file is private" 600 "$(stat -c %a "$ca")"
equal "so is its directory" 700 "$(stat -c %a "$(dirname "$ca")")"

login=https://login.microsoftonline.localhost:$port
door=ps.compliance.protection.outlook.localhost
client=fb78d390-0c51-40cd-8e17-fdbfab77341b
# ask arguments of curl: body, headers and status in $work; never follows a redirect
ask() {
    : >"$work/body"
    status=$(curl -s --max-time 30 --noproxy '*' --cacert "$ca" --resolve "*:$port:127.0.0.1" -o "$work/body" -D "$work/headers" -w '%{http_code}' "$@")
    code=$?
    tr -d '\r' <"$work/headers" >"$work/plain" 2>/dev/null
}
control() { ask -H "X-Control-Key: $key" "https://control.localhost:$port$1" ${2:+--data "$2"}; }

check "another CA does not fit" "$(curl -s --noproxy '*' --resolve "*:$port:127.0.0.1" "$login/" >/dev/null && echo "accepted without the CA")"

# ---- Entra ----
ask "$login/organizations/v2.0/.well-known/openid-configuration"
holds "organizations: the issuer is a placeholder" '{tenantid}/v2.0'
ask "$login/$tenant/v2.0/.well-known/openid-configuration"
holds "a domain: the issuer has its GUID" "$tid/v2.0"
holds "region scope" '"tenant_region_scope"'
ask "$login/nowhere.example/v2.0/.well-known/openid-configuration"
equal "an unknown tenant is a bad request" 400 "$status"
holds "with AADSTS90002" '"error_codes":[90002]'
holds "and a trace id" '"trace_id":"'

device() { ask "$login/organizations/oauth2/v2.0/devicecode" -d client_id="${2:-$client}" --data-urlencode "scope=$1"; }
token() { ask "$login/organizations/oauth2/v2.0/token" -d client_id=$client "$@"; }
poll() { token -d grant_type=urn:ietf:params:oauth:grant-type:device_code -d device_code="$1"; }
scope="https://$door/.default openid profile offline_access"

device "$scope" 11111111-1111-1111-1111-111111111111
holds "a foreign application" '[700016]'
device "openid"
holds "a scope without a resource" '[70011]'
device "https://graph.example/.default"
holds "a foreign resource" '[500011]'
ask "$login/organizations/oauth2/v2.0/token"
holds "a GET where a POST is due" '[900561]'
poll nonsense
holds "an unknown device code" '"error":"bad_verification_code"'

for end in decline:authorization_declined expire:expired_token; do
    device "$scope"
    secret=$(text device_code) shown=$(text user_code)
    control "/${end%%:*}" "{\"user_code\":\"$shown\"}"
    poll "$secret"
    equal "after ${end%%:*}" "${end##*:}" "$(text error)"
done

device "https://$door/.default"
secret=$(text device_code) shown=$(text user_code)
control /approve "{\"user_code\":\"$shown\",\"user\":\"megan.bowen@$tenant\"}"
ask "$login/$tenant/oauth2/v2.0/token" -d client_id=$client -d grant_type=urn:ietf:params:oauth:grant-type:device_code -d device_code="$secret"
equal "a code at another tenant's address" bad_verification_code "$(text error)"
poll "$secret"
check "without offline_access no refresh token" "$(text refresh_token)"
check "without openid no id token" "$(text id_token)"

device "$scope"
secret=$(text device_code) shown=$(text user_code)
equal "nine letters and digits" 1 "$(printf '%s' "$shown" | grep -cE '^[A-Z0-9]{9}$')"
poll "$secret"
equal "before the approval" authorization_pending "$(text error)"
ask "$login/device"
holds "a page with a form" '<form method="post"'
check "and no script" "$(grep -i '<script' "$work/body")"
ask "$login/device" --data "code=$shown&decision=approve"
poll "$secret"
equal "after the approval on the page" 200 "$status"
bearer=$(text access_token) refresh=$(text refresh_token)
equal "the token has three parts" 3 "$(printf '%s' "$bearer" | tr . '\n' | grep -c .)"
check "without client_info=1 there is none" "$(text client_info)"
poll "$secret"
equal "a device code works once" bad_verification_code "$(text error)"
token -d grant_type=refresh_token -d refresh_token="$refresh" --data-urlencode "scope=$scope"
equal "a refresh token works" 200 "$status"
refresh=$(text refresh_token)
token -d grant_type=refresh_token -d refresh_token="$refresh" --data-urlencode "scope=$scope" -d client_info=1
holds "with client_info=1 it tells the account" '"client_info":"'
check "and is replaced" "$([ "$(text refresh_token)" != "$refresh" ] || echo "the same came back")"
token -d grant_type=refresh_token -d refresh_token=wrong
holds "an unknown one does not" '"error":"invalid_grant"'

# ---- tokens of all kinds ----
minted() { control /token "$1"; text access_token; }
foreign=$(minted '{"audience":"https://outlook.office365.localhost"}')
expired=$(minted '{"lifetime_s":0}')
app=$(minted '{"app_only":true}')

# ---- an application's proof, made by openssl ----
client_app=11111111-2222-4333-8444-555555555555
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/app.key" -out "$work/app.crt" -days 9 -subj /CN=app 2>/dev/null
url64() { base64 -w0 | tr '+/' '-_' | tr -d =; }
registered() { control /app "$(perl -MJSON::PP -0777 -ne "print encode_json({ app_id => '$client_app', certificate => \$_ })" <"$work/app.crt")"; }
prove() { # prove JTI: leaves the proof in $proof
    head=$(printf '{"alg":"RS256","typ":"JWT","x5t":"%s"}' "$(openssl x509 -in "$work/app.crt" -outform DER | openssl sha1 -binary | url64)" | url64)
    now=$(date +%s)
    body=$(printf '{"aud":"%s/%s/oauth2/v2.0/token","iss":"%s","sub":"%s","jti":"%s","nbf":%d,"exp":%d}' "$login" "$tenant" "$client_app" "$client_app" "$1" "$now" $((now + 600)) | url64)
    proof=$head.$body.$(printf '%s.%s' "$head" "$body" | openssl dgst -sha256 -sign "$work/app.key" -binary | url64)
}
as_app() { # as_app [CURL ARGUMENTS]
    ask "$@" --data-urlencode grant_type=client_credentials --data-urlencode client_id=$client_app --data-urlencode "scope=https://$door/.default" \
        --data-urlencode client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
        --data-urlencode "client_assertion=$proof" "$login/$tenant/oauth2/v2.0/token"
}
registered; prove one
as_app; equal "a proof is taken" 200 "$status"
as_app; equal "and once only" 401 "$status"
holds "with the reason" 'used before'
as_app -H 'x-client-SKU: MSAL.JS.Node'; equal "unless MSAL says that it is MSAL, which sends one until it ends" 200 "$status"
prove two; as_app; equal "a new one is taken" 200 "$status"
proof=${proof%????}AAAA; as_app; equal "a forged one is not" 401 "$status"

# ---- front door ----
anchor="X-AnchorMailbox: UPN:$user"
front="https://$door:$port" region="https://eur01b.$door:$port"
run() {     # run 'CmdletName' 'parameters' [more curl arguments]
    name=$1 parameters=$2
    shift 2
    ask -H "Authorization: Bearer $bearer" -H "$anchor" -H 'Content-Type: application/json' -H "X-CmdletName: $name" \
        -H 'X-ResponseFormat: json' -H 'Prefer: odata.maxpagesize=1000' "$@" \
        --data "{\"CmdletInput\":{\"CmdletName\":\"$name\",\"Parameters\":$parameters}}" "${to:-$region/adminapi/beta/$tid/InvokeCommand}"
}
ask -H "Authorization: Bearer $bearer" -H "$anchor" "$front/AdminApi/v1.0/$tid/EXOModuleFile?Version=3.9.2"
equal "the front door redirects" 302 "$status"
holds "to the region's admin host" "ocation: https://eur01b.admin.protection.outlook.localhost:446/AdminApi/v1.0/$tid/EXOModuleFile?Version=3.9.2" "$work/plain"
holds "with a cookie" 'et-Cookie: ' "$work/plain"
ask -H "$anchor" "$front/AdminApi/v1.0/$tid/EXOModuleFile"
equal "without a bearer" 401 "$status"
equal "the body is empty" 0 "$(wc -c <"$work/body")"
holds "and says what it wants" 'WWW-Authenticate: Bearer' "$work/plain"
ask -H "Authorization: Bearer ${bearer}x" -H "$anchor" "$front/AdminApi/v1.0/$tid/EXOModuleFile"
equal "a changed bearer" 401 "$status"
for kind in foreign expired; do
    eval "other=\$$kind"
    ask -H "Authorization: Bearer $other" -H "$anchor" "$front/AdminApi/v1.0/$tid/EXOModuleFile"
    equal "a token that is $kind" 401 "$status"
done
ask -H "Authorization: Bearer $bearer" "$front/AdminApi/v1.0/$tid/EXOModuleFile"
equal "a person needs no anchor" 302 "$status"
ask -H "Authorization: Bearer $app" "$front/AdminApi/v1.0/$tid/EXOModuleFile"
equal "an application does" 500 "$status"
ask -H "Authorization: Bearer $app" -H "X-AnchorMailbox: UPN:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@$tenant" "$front/AdminApi/v1.0/$tid/EXOModuleFile"
equal "and has one" 302 "$status"
ask -H "Authorization: Bearer $bearer" -H 'X-AnchorMailbox: UPN:someone@fabrikam.example' "$front/AdminApi/v1.0/$tid/EXOModuleFile"
equal "an anchor in another tenant" 500 "$status"
holds "has no container" 'organization container'

# ---- region ----
ask -H "Authorization: Bearer $bearer" -H "$anchor" -H 'CommandName: *' "$region/adminapi/V1.0/$tid/exomodulefile?Version=3.9.2"
equal "the module file comes, whatever the case of the path" 200 "$status"
holds "as a psm1" '"fileName":"ExchangeOnline.psm1"'
holds "with function blocks" 'function script:Get-ComplianceCase\n{\n    [CmdletBinding('
holds "and the list of cmdlets" '"exportedCmdlets":"'
to="https://nam01b.$door:$port/adminapi/beta/$tid/InvokeCommand" run Get-Label '{}'
equal "a foreign region" 500 "$status"

run Get-ComplianceCase '{}'
equal "a list" 200 "$status"
for part in '"@odata.context":"' '"@adminapi.warnings":[]' '"value":[{' '"Name":"' '@data.type":"System.Guid"'; do holds "has $part" "$part"; done
check "non-ASCII is escaped" "$(LC_ALL=C grep -n '[^ -~]' "$work/body")"
holds "OData headers" 'OData-Version: 4.0' "$work/plain"
holds "a request id" 'request-id: ' "$work/plain"
cases() { run Get-ComplianceCase '{}'; grep -o '"Name":"' "$work/body" | wc -l; }
before=$(cases)
run New-ComplianceCase '{"Name":"Smoke case"}'
equal "a case is made" 200 "$status"
equal "one more" $((before + 1)) "$(cases)"
run New-ComplianceCase '{"Name":"Smoke case"}'
equal "it exists already" 400 "$status"
run Remove-ComplianceCase '{"Identity":"Smoke case","Confirm":true}'
holds "a removal that asks" '"@adminapi.confirmationmessage":"'
equal "removes nothing" $((before + 1)) "$(cases)"
run Remove-ComplianceCase '{"Identity":"Smoke case","Confirm":false}'
holds "a removal" '"value":[]'
equal "removes" "$before" "$(cases)"
run Remove-ComplianceCase '{"Identity":"Smoke case","Confirm":false}'
equal "not found" 404 "$status"
run Get-Mailbox '{}'
equal "an unknown cmdlet" 403 "$status"
run Get-Label '{"Wrong":1}'
equal "an unknown parameter" 400 "$status"
run Get-ComplianceCase '{"CaseType":"Nonsense"}'
equal "a wrong enum value" 400 "$status"
holds "names the right ones" 'AdvancedEdiscovery'
run New-ComplianceCase '{}'
equal "a missing mandatory parameter" 400 "$status"

# ---- packed, for who takes it so ----
run Get-ComplianceCase '{}'
check "unasked, an answer is not packed" "$(grep -i '^content-encoding' "$work/plain")"
plain=$(wc -c <"$work/body")
run Get-ComplianceCase '{}' -H 'Accept-Encoding: gzip'
holds "asked for, it is" 'Content-Encoding: gzip' "$work/plain"
holds "with its length" 'Content-Length: ' "$work/plain"
check "and smaller" "$([ "$(wc -c <"$work/body")" -lt "$plain" ] || echo "$(wc -c <"$work/body") of $plain bytes")"
run Get-ComplianceCase '{}' --compressed
equal "it unpacks to the same length" "$plain" "$(wc -c <"$work/body")"
run Get-ComplianceCase '{}' -H 'Accept-Encoding: gzip;q=0'
check "a refusal is heard" "$(grep -i '^content-encoding' "$work/plain")"
run Get-User '{}' --compressed
holds "a stream is packed too" 'Content-Encoding: gzip' "$work/plain"
equal "and whole" 1000 "$(grep -o '"UserPrincipalName":"' "$work/body" | wc -l)"
ask --compressed -H "Authorization: Bearer $bearer" -H "$anchor" "$region/adminapi/v1.0/$tid/EXOModuleFile?Version=3.9.2"
holds "the module file as well" 'function script:Get-ComplianceCase'
holds "with the port in its context" "\"@odata.context\":\"$region/adminapi/v1.0/$tid/"
ask --compressed "$login/organizations/v2.0/.well-known/openid-configuration"
check "the sign-in service does not pack" "$(grep -i '^content-encoding' "$work/plain")"

# ---- people, in pages ----
run Get-User '{}'
equal "a thousand people without ResultSize" 1000 "$(grep -o '"UserPrincipalName":"' "$work/body" | wc -l)"
run Get-User '{"ResultSize":"Unlimited"}'
next=$(text '@odata.nextLink') people=0 pages=0
while :; do
    people=$((people + $(grep -o '"UserPrincipalName":"' "$work/body" | wc -l))) pages=$((pages + 1))
    next=$(text '@odata.nextLink')
    [ -n "$next" ] && [ $pages -lt 10 ] || break
    last=$next
    to=$next run Get-User '{"ResultSize":"Unlimited"}'
done
equal "everyone in three pages" "2500 3" "$people $pages"
ask -H "Authorization: Bearer $bearer" -H "$anchor" "$last"
equal "a GET of the next page" 405 "$status"
to=$(printf '%s' "$last" | sed 's/skiptoken=.*/skiptoken=zzz/') run Get-User '{"ResultSize":"Unlimited"}'
equal "a wrong cursor" 400 "$status"
holds "says so" 'Expired or Invalid pagination request'
to=$last run Get-User '{"ResultSize":"Unlimited","RecipientTypeDetails":"UserMailbox"}'
equal "a cursor with another body" 400 "$status"

# ---- faults ----
ask "https://control.localhost:$port/stats"
equal "the control page wants its key" 403 "$status"
control /fault '{"path":"invokecommand","cmdlet":"Get-Label","count":1,"action":"status","status":503,"retry_after":"1.5","body":"busy"}'
run Get-ComplianceCase '{}'
equal "another cmdlet has no fault" 200 "$status"
run Get-Label '{}'
equal "the dialled status" 503 "$status"
holds "and Retry-After" 'Retry-After: 1.5' "$work/plain"
run Get-Label '{}'
equal "once only" 200 "$status"
control /fault '{"path":"InvokeCommand","action":"cut","after_bytes":100}'
run Get-Label '{}'
check "a cut answer" "$([ $code != 0 ] || echo "curl was content")"
control /fault '{"path":"InvokeCommand","action":"reset"}'
run Get-Label '{}'
check "a reset" "$([ $code != 0 ] || echo "curl was content")"
control /fault '{"path":"InvokeCommand","action":"nul","status":403}'
run Get-Label '{}'
equal "a body of NULs" "403 0" "$status $(tr -d '\000' <"$work/body" | wc -c)"
control /token/expire '{}'
run Get-Label '{}'
equal "when all tokens have expired" 401 "$status"
token -d grant_type=refresh_token -d refresh_token="$refresh" --data-urlencode "scope=$scope"
bearer=$(text access_token)
run Get-Label '{}'
equal "a renewed one is good" 200 "$status"
control /requests
holds "requests are kept" 'Get-Label'
check "without secrets" "$(grep -oF -e "$bearer" -e "$refresh" -e "$secret" "$work/body" | head -n 1)"

# ---- the end ----
exec 9>&-
settle ended
wait "$demo"
equal "it ends with its input" 0 $?
check "and cleans up" "$([ ! -e "$(dirname "$ca")" ] || ls -la "$(dirname "$ca")")"
check "without a complaint" "$(cat "$work/complaints")"
start --port 0 --separate-searches --strict-proofs
ca=$(text ca_file "$work/ready")
port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$work/ready") login=https://login.microsoftonline.localhost:$port
device "$scope"
holds "unless told otherwise, polls are five seconds apart" '"interval":5,'
key=$(text control_key "$work/ready") region=https://eur01b.$door:$port
bearer=$(minted '{}') search=$(minted '{"audience":"https://dataservice.o365filtering.localhost"}')
run Get-ComplianceSearch '{}'
equal "a search in a normal session, when searches are separate" 400 "$status"
holds "names the switch" '-EnableSearchOnlySession'
bearer=$search run Get-ComplianceSearch '{}'
equal "and runs in a session for searches" 200 "$status"
registered; prove three; as_app -H 'x-client-SKU: MSAL.JS.Node'; equal "with strict proofs MSAL's is taken" 200 "$status"
as_app -H 'x-client-SKU: MSAL.JS.Node'; equal "once only as well" 401 "$status"
kill -TERM "$demo"
settle ended
wait "$demo"
equal "it ends on TERM" 0 $?
check "and cleans up then too" "$([ ! -e "$(dirname "$ca")" ] || ls -la "$(dirname "$ca")")"
demo=
mkdir "$work/full"
(trap '' XFSZ; ulimit -f 0; XDG_RUNTIME_DIR=$work/full exec "$program") </dev/null 2>&1 >/dev/null | cat >"$work/complaints"
holds "it says that it cannot write its certificate" 'cannot write' "$work/complaints"
check "and leaves nothing behind" "$(ls "$work/full")"
echo "1..$test"
