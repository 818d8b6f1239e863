#!/bin/sh
# Sign-ins in the keyring of the desktop, with gnome-keyring on a session bus of its own. Only in a build with LIBSECRET=1;
# any other says so in clear words. Speaks TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
: "${PURVEY:=build/asan/purvey}" "${PURVEY_DEMO:=build/asan/purvey-demo}"
skip() { echo "ok 1 - the keyring of the desktop # skip $1"; echo "1..1"; exit 0; }

if [ "${1:-}" != on-the-bus ]; then
    work=$(mktemp -d) || exit 1
    trap 'rm -rf "$work"' EXIT
    mkdir -m 700 "$work/run" "$work/home"
    unset DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY https_proxy HTTPS_PROXY http_proxy ALL_PROXY all_proxy BROWSER
    export LC_ALL=C.UTF-8 WORK="$work" XDG_RUNTIME_DIR="$work/run" HOME="$work/home" XDG_STATE_HOME="$work/state" PURVEY PURVEY_DEMO
    export XDG_DATA_HOME="$work/data" XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/config"
    said=$("$PURVEY" sign-out --token-cache desktop 2>&1 </dev/null); code=$?
    case $said in *'built without the desktop'*)
        if [ $code = 2 ]; then echo "ok 1 - a build without it says so"; else echo "not ok 1 - a build without it says so ($code)"; fi
        echo "ok 2 - the keyring of the desktop # skip built without LIBSECRET=1"; echo "1..2"; exit 0 ;;
    esac
    for tool in gnome-keyring-daemon dbus-run-session; do command -v $tool >/dev/null || skip "$tool is not installed"; done
    case $said in *'no desktop session'*) ;; *) echo "not ok 1 - without a session it says so"; echo "# $said"; echo "1..1"; exit 1 ;; esac
    timeout 240 dbus-run-session -- sh "$PWD/tests/end_to_end/test_desktop_keyring.sh" on-the-bus 2>"$work/bus"
    exit
fi

work=$WORK test=0
check() { test=$((test + 1)); name=$1; shift; if "$@"; then echo "ok $test - $name"; else
    echo "not ok $test - $name"; { echo "code ${code:-}"; head -c 1000 "$work/out"; head -c 1000 "$work/err"; } 2>/dev/null | sed 's/^/# /'; fi; }
fresh() { # a bus without a daemon starts one that is locked; this one has a keyring with a password
    printf 'log-in password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>"$work/daemon"
}
fresh || skip "gnome-keyring-daemon does not start: $(head -c 200 "$work/daemon")"
mkfifo "$work/life"
"$PURVEY_DEMO" --interval 0 <"$work/life" >"$work/ready" 2>"$work/demo.err" &
demo=$!
exec 9>"$work/life"
trap 'exec 9>&-; kill $demo 2>/dev/null' EXIT
tries=0
until grep -q '"ready"' "$work/ready" || [ $tries -ge 600 ]; do tries=$((tries + 1)); sleep 0.1; done
field() { sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p" "$work/ready"; }
port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$work/ready")
ca=$(field ca_file) control=$(field control) key=$(field control_key) uri=$(field connection_uri) authority=$(field authority)
ask() { curl -sS --noproxy '*' --cacert "$ca" --resolve "control.localhost:$port:127.0.0.1" -H "X-Control-Key: $key" "$@"; }
given() { ask "$control/stats" | grep -o '"tokens_given":[0-9]*'; }
printf 'demo-password' >"$work/password"
run() { timeout 60 "$PURVEY" run --ca-file "$ca" -ConnectionUri "$uri" -AzureADAuthorizationEndpointUri "$authority" --token-cache desktop \
    -UserPrincipalName adele.vance@contoso.onmicrosoft.localhost -Credential "file:$work/password" --output jsonl Get-Label \
    >"$work/out" 2>"$work/err" </dev/null; code=$?; }
is() { [ "$code" = "$1" ]; }

run; check "a sign-in is kept in the keyring of the desktop" is 0
before=$(given)
check "the demo tenant counts tokens" [ -n "$before" ]
run; check "the next run finds it" is 0
check "and asks for no token" [ "$(given)" = "$before" ]
check "no token lies on the disk in the clear" sh -c "! grep -rqE 'eyJ|demo-password' '$work/state' '$work/data'"
check "nor is there a file of tokens" [ ! -e "$work/state/purvey/tokens" ]
timeout 60 "$PURVEY" sign-out --token-cache desktop >"$work/out" 2>"$work/err" </dev/null; code=$?
check "sign-out forgets it" grep -q "^1 sign-in forgotten (kept in the desktop's keyring)" "$work/out"
run; check "so the next run signs in again" [ "$(given)" != "$before" ]
timeout 60 "$PURVEY" sign-out >"$work/out" 2>"$work/err" </dev/null; code=$?
check "sign-out without a place finds it there as well" grep -q "^1 sign-in forgotten (kept .*in the desktop's keyring" "$work/out"
timeout 60 "$PURVEY" sign-out --token-cache desktop >"$work/out" 2>"$work/err" </dev/null; code=$?
check "and nothing is left" grep -q '^0 sign-ins forgotten' "$work/out"
dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets org.freedesktop.Secret.Service.Lock \
    array:objpath:/org/freedesktop/secrets/collection/login >/dev/null 2>"$work/err"
run; check "a locked keyring is told and nobody is asked" sh -c "[ $code != 0 ] && grep -qi 'keyring is locked' '$work/err'"
echo "1..$test"
