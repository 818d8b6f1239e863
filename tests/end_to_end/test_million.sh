#!/bin/sh
# A million users through `run --output jsonl` in bounded memory: each of them exactly once, and never more than 128 MiB of
# data in either program (the kernel refuses more). The plain build: sanitizers keep a memory of their own. Speaks TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
unset PURVEY_DEMO
count=1000000
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8

# Every user's Name ends in the number it is computed from: 0, 1, 2... So count, sum and sum of squares are known.
(ulimit -d 131072; exec build/release/purvey run --demo --users "$count" 'Get-User -ResultSize Unlimited' --output jsonl) 2>"$work/err" |
    LC_ALL=C awk '
        match($0, /"Name":"[^"]*"/) {
            name = substr($0, RSTART + 8, RLENGTH - 9)
            match(name, /[0-9]+$/)
            number = substr(name, RSTART) + 0
            rows++; sum += number; squares += number % 1000 * (number % 1000)
        }
        END { printf "%d %d %d\n", rows, sum, squares }' >"$work/sums"
expected=$(awk -v n="$count" 'BEGIN { for (i = 0; i < n; i++) { sum += i; squares += i % 1000 * (i % 1000) } printf "%d %d %d\n", n, sum, squares }')
found=$(cat "$work/sums")
if [ "$found" = "$expected" ]; then
    echo "ok 1 - a million users, each exactly once, within 128 MiB of data"
else
    echo "not ok 1 - a million users, each exactly once, within 128 MiB of data"
    echo "# found $found, expected $expected"
    sed 's/^/# /' "$work/err" | head
fi
echo "1..1"
