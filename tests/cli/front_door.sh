#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The front door finds the parts beside itself, then on PATH, and passes everything through. Parts
# are played by small scripts in a folder of this test; BINDIR says where the program maatstaf is.
set -u
BINDIR=${BINDIR:-.}
dir=$(mktemp -d /tmp/maatstaf-door.XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

check() { # name, expected, got
    if [ "$2" = "$3" ]; then
        echo "ok - $1"
    else
        echo "not ok - $1: expected '$2', got '$3'"
        failed=1
    fi
}

has() { # name, text, file
    if grep -qF -e "$2" "$3"; then
        echo "ok - $1"
    else
        echo "not ok - $1: '$2' is not in: $(cat "$3")"
        failed=1
    fi
}

part() { # file: a part that shows its folder, its arguments between bars, and ends with 3
    cat > "$1" <<'PART'
#!/bin/sh
printf '%s' "$(basename "$(dirname "$0")")"
for a in "$@"; do printf '|%s' "$a"; done
echo
exit 3
PART
    chmod +x "$1"
}

door() { # arguments: runs the front door, output in $dir/out and $dir/err, status in $status
    PATH="$dir/path:$PATH" "$dir/beside/maatstaf" "$@" > "$dir/out" 2> "$dir/err"
    status=$?
}

mkdir "$dir/beside" "$dir/path" "$dir/link"
if ! cp "$BINDIR/maatstaf" "$dir/beside/maatstaf"; then
    echo "not ok - the program maatstaf is not in $BINDIR"
    exit 1
fi
part "$dir/beside/maatstaf-db"
part "$dir/path/maatstaf-db"
part "$dir/path/maatstaf-extra"

door db load areas --dry-run "a b" ""
check "a part beside the door is run with all arguments" "beside|load|areas|--dry-run|a b|" "$(cat "$dir/out")"
check "the status of the part is the door's" 3 "$status"

ln -s ../beside/maatstaf "$dir/link/maatstaf"
"$dir/link/maatstaf" db x > "$dir/out" 2>&1
check "a link to the door leads to the parts beside the door" "beside|x" "$(cat "$dir/out")"

door extra --version
check "a part on PATH is found" "path|--version" "$(cat "$dir/out")"

door help db
check "help of a part is its --help" "beside|--help" "$(cat "$dir/out")"
door help db load areas
check "help of a verb is its --help" "beside|load|areas|--help" "$(cat "$dir/out")"
door help db load areas more
check "help takes no further words" 2 "$status"

for how in "" help --help; do
    # shellcheck disable=SC2086
    door $how
    check "overview by '$how' is a success" 0 "$status"
    for name in db collector analyzer simulate; do
        check "overview by '$how' has one line for $name" 1 "$(grep -c "^  $name  *[a-z]" "$dir/out")"
    done
done

door --version
check "the version is printed" 0 "$status"
has "the version has the program's name" "maatstaf " "$dir/out"

door analyser run
check "an unknown part is wrong usage" 2 "$status"
has "an unknown part is named" "there is no part 'analyser'" "$dir/err"
has "an unknown part gets a hint" "did you mean analyzer?" "$dir/err"
check "an unknown part prints nothing on standard output" "" "$(cat "$dir/out")"

for name in ../path/maatstaf-db 'db;x' 'D' '' 'a b' nosuchpart; do
    door "$name"
    check "'$name' is no part" 2 "$status"
done
door --man
check "the front door prints its page" 0 "$status"
has "the page names the parts" "maatstaf\\-collector" "$dir/out"
door --nonsense
check "an option before the part is wrong usage" 2 "$status"

mkdir "$dir/beside/maatstaf-collector"
door collector
check "a part that cannot be run is a failure" 1 "$status"
has "a part that cannot be run is named" "maatstaf-collector cannot be run" "$dir/err"

rm -rf "$dir/beside/maatstaf-collector" "$dir/path/maatstaf-db" "$dir/beside/maatstaf-db"
PATH=/nowhere "$dir/beside/maatstaf" db > "$dir/out" 2> "$dir/err"
check "a known part that is not installed is a failure" 1 "$?"
has "a known part that is not installed says where to look" "beside the program maatstaf" "$dir/err"

"$dir/beside/maatstaf" > /dev/full 2> "$dir/err"
check "an overview that cannot be written is a failure" 1 "$?"

exit $failed
