# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=sh
# What every test script begins with, sourced from the root of the checkout: a folder of its own in $work with room
# for a cluster in $home (and more in $work/home-…), gone at the end whatever happens; words for checks and for what
# is skipped. A script ends with `exit $failed`. It does not stop what a script started itself.
script=$(basename "$0" .sh)
BINDIR=$(cd "${BINDIR:-.}" && pwd)
work=$(mktemp -d "/tmp/maatstaf-$script.XXXXXX") || exit 1
chmod 755 "$work" # the server runs as another user
home="$work/home"
failed=0

finish() {
    for one in "$work"/home*; do
        [ ! -d "$one" ] || "$BINDIR/maatstaf-db" stop --home "$one" > /dev/null 2>&1
    done
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

verdict() { # status name [why not]
    if [ "$1" -eq 0 ]; then echo "ok - $2"; return; fi
    echo "not ok - $2${3:+: $3}"
    # shellcheck disable=SC2034 # scripts end with it
    failed=1
    return 1
}
check() { # name: judges the status of the command before; false when it failed, so that || shows more
    verdict $? "$1"
}
same() { # name expected got
    [ "$2" = "$3" ]
    verdict $? "$1" "expected '$2', got '$3'"
}
has() { # name text file…
    check_name=$1
    check_text=$2
    shift 2
    grep -qF -e "$check_text" "$@"
    verdict $? "$check_name" "'$check_text' is not in: $(cat "$@")"
}
passes() { # name command…: what the command said is shown when it fails
    check_name=$1
    shift
    "$@" > "$work/out" 2>&1
    verdict $? "$check_name" || cat "$work/out"
}
apart() { # command…: what it says in $work/out and $work/err, its status in $status
    "$@" > "$work/out" 2> "$work/err"
    status=$?
}
refused() { # name, status, text: the last command run apart said so on standard error, and nothing on the other
    same "$1: status" "$2" "$status"
    has "$1: message" "$3" "$work/err"
    same "$1: nothing on standard output" "" "$(cat "$work/out")"
}
skip() { # name why
    echo "skipped: $1: $2"
}
needs() { # file…: without them nothing of the script can be checked
    for needed in "$@"; do
        if [ ! -r "$needed" ]; then
            skip "$script" "$needed is not here"
            exit 0
        fi
    done
}

db() { "$BINDIR/maatstaf-db" "$@" --home "$home"; }
collector() { "$BINDIR/maatstaf-collector" "$@" --home "$home"; }
analyzer() { "$BINDIR/maatstaf-analyzer" "$@" --home "$home"; }
sql() { "$BINDIR/maatstaf-db" psql --home "$home" -- -X -q -At -v ON_ERROR_STOP=1 "$@"; }
take() { collector import "$1" > "$work/report" 2>&1; } # file

cluster() { # a new one at $home; without it the rest makes no sense
    db init > "$work/log" 2>&1 && return
    cat "$work/log"
    verdict 1 "$script: the cluster did not start"
    exit 1
}
decided() { # from until [modes]: on these days groups may be registered
    db decide group-mode --mode "${3:-perceived}" --decision TEST --dpia TEST --from "$1" --until "$2" >> "$work/log" 2>&1
}
agreed() { # file of withdrawals (NDJSON): a second person agrees to each, of the version that is stored now
    agreed_to "$(sed 's/.*"source_record_no":"\([^"]*\)".*/\1/' "$1" | tr '\n' ' ')"
}
agreed_to() { # record numbers
    sql -c "SELECT registration.appoint_reviewer('clerk', 'chief', u, '2020-01-01', '2100-01-01', NULL)
              FROM (SELECT DISTINCT s.unit_code FROM registration.stop s WHERE s.unit_code IS NOT NULL) x (u);
            SELECT registration.agree_withdrawal(s.stop_id, 'chief', 'registered twice') FROM registration.source_key k
              JOIN registration.stop s USING (stop_id, ledger_from)
             WHERE s.source_record_no = ANY (string_to_array('$1', ' '))" > "$work/agreed" 2>&1 || cat "$work/agreed"
    [ "$(grep -c '^[0-9]' "$work/agreed")" -gt 0 ]
}
