#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The front door finds the parts beside itself, then on PATH, and passes everything through. Parts
# are played by small scripts in a folder of this test; BINDIR says where the program maatstaf is.
set -u
. tests/lib/check.sh

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

door() { apart env PATH="$work/path:$PATH" "$work/beside/maatstaf" "$@"; }

mkdir "$work/beside" "$work/path" "$work/link"
if ! cp "$BINDIR/maatstaf" "$work/beside/maatstaf"; then
    verdict 1 "the program maatstaf is not in $BINDIR"
    exit 1
fi
part "$work/beside/maatstaf-db"
part "$work/path/maatstaf-db"
part "$work/path/maatstaf-extra"

door db load areas --dry-run "a b" ""
same "a part beside the door is run with all arguments" "beside|load|areas|--dry-run|a b|" "$(cat "$work/out")"
same "the status of the part is the door's" 3 "$status"

ln -s ../beside/maatstaf "$work/link/maatstaf"
"$work/link/maatstaf" db x > "$work/out" 2>&1
same "a link to the door leads to the parts beside the door" "beside|x" "$(cat "$work/out")"

door extra --version
same "a part on PATH is found" "path|--version" "$(cat "$work/out")"

door help db
same "help of a part is its --help" "beside|--help" "$(cat "$work/out")"
door help db load areas
same "help of a verb is its --help" "beside|load|areas|--help" "$(cat "$work/out")"
door help db load areas more
same "help takes no further words" 2 "$status"

for how in "" help --help; do
    # shellcheck disable=SC2086
    door $how
    same "overview by '$how' is a success" 0 "$status"
    for name in db collector analyzer simulate; do
        same "overview by '$how' has one line for $name" 1 "$(grep -c "^  $name  *[a-z]" "$work/out")"
    done
done

door --version
same "the version is printed" 0 "$status"
has "the version has the program's name" "maatstaf " "$work/out"

door analyser run
refused "an unknown part" 2 "there is no part 'analyser'"
has "an unknown part gets a hint" "did you mean analyzer?" "$work/err"

for name in ../path/maatstaf-db 'db;x' 'D' '' 'a b' nosuchpart; do
    door "$name"
    same "'$name' is no part" 2 "$status"
done
door --man
same "the front door prints its page" 0 "$status"
has "the page names the parts" "maatstaf\\-collector" "$work/out"
door --nonsense
same "an option before the part is wrong usage" 2 "$status"

mkdir "$work/beside/maatstaf-collector"
door collector
refused "a part that cannot be run" 1 "maatstaf-collector cannot be run"

rm -rf "$work/beside/maatstaf-collector" "$work/path/maatstaf-db" "$work/beside/maatstaf-db"
apart env PATH=/nowhere "$work/beside/maatstaf" db
refused "a known part that is not installed" 1 "beside the program maatstaf"

"$work/beside/maatstaf" > /dev/full 2> "$work/err"
same "an overview that cannot be written is a failure" 1 "$?"

exit $failed
