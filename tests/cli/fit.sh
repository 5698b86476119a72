#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# `maatstaf analyzer fit` as a program: files and standard input, exit status, what stands on which
# stream. BINDIR says where the program is; no database is touched.
set -u
BINDIR=${BINDIR:-.}
dir=$(mktemp -d /tmp/maatstaf-fit.XXXXXX) || exit 1
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

fit() { # arguments: output in $dir/out and $dir/err, status in $status
    "$BINDIR/maatstaf-analyzer" fit "$@" > "$dir/out" 2> "$dir/err"
    status=$?
}

refused() { # name, status, text: the last call said so on standard error, and nothing on the other
    check "$1: status" "$2" "$status"
    has "$1: message" "$3" "$dir/err"
    check "$1: nothing on standard output" "" "$(cat "$dir/out")"
}

printf 'place,group,n,k\nHaringey,black,29200,2224\nHaringey,white,161400,1905\n' > "$dir/cells.csv"

fit proportion --reference white "$dir/cells.csv"
check "a file of cells is fitted" 0 "$status"
has "the published odds ratio" '"method":"fisher","name":"odds-ratio"' "$dir/out"
has "to six digits" '"value":6.902434' "$dir/out"
cp "$dir/out" "$dir/from_file"
fit proportion --reference white < "$dir/cells.csv"
check "standard input gives the same" "$(cat "$dir/from_file")" "$(cat "$dir/out")"
fit proportion - --reference white < "$dir/cells.csv"
check "- is standard input" "$(cat "$dir/from_file")" "$(cat "$dir/out")"
mkfifo "$dir/pipe"
cat "$dir/cells.csv" > "$dir/pipe" &
fit proportion --reference white "$dir/pipe"
check "a pipe is a file" "$(cat "$dir/from_file")" "$(cat "$dir/out")"

fit proportion "$dir"
refused "a directory" 1 "$dir: is a directory"
fit proportion < "$dir"
refused "a directory on standard input" 1 "is a directory"
fit proportion "$dir/none.csv"
refused "no such file" 1 "none.csv: cannot be opened"
: > "$dir/empty.csv"
fit proportion "$dir/empty.csv"
refused "an empty file" 1 "empty.csv: there is no header"
has "an empty file: remedy" "the columns are place, group, k, n" "$dir/err"
printf 'place,group,n,k\n' > "$dir/header.csv"
fit proportion "$dir/header.csv"
refused "a header only" 1 "header.csv: there are no rows after the header"
printf 'place,group,n,k\nx,a,3,4\n' > "$dir/wrong.csv"
fit proportion "$dir/wrong.csv"
refused "k over n" 1 "wrong.csv: line 2, column 7: k is larger than n"

fit
refused "no model" 2 "needs a second word"
fit magic "$dir/cells.csv"
refused "no such model" 2 "there is no verb 'fit magic'"
fit rate --formula 'group + place' "$dir/cells.csv"
refused "an option of no use to the model" 2 "unknown option --formula"
fit proportion --level 95 "$dir/cells.csv"
refused "a level over 1" 2 "--level must lie between 0 and 1"
fit proportion --reference nobody "$dir/cells.csv"
refused "a reference that no row has" 2 "no row has the group that --reference names"
fit proportion "$dir/cells.csv" "$dir/cells.csv"
refused "two files" 2 "unexpected argument"

printf 'k,n,g,place\n3,9,a,x\n5,7,b,x\n1,8,a,y\n6,11,b,y\n' > "$dir/shares.csv"
fit logistic --formula 'g + place' "$dir/shares.csv"
check "a regression is fitted" 0 "$status"
has "its terms are R's" '"term":"placey"' "$dir/out"
cp "$dir/out" "$dir/pinned"
OPENBLAS_CORETYPE=Prescott OPENBLAS_NUM_THREADS=2 fit logistic --formula 'g + place' "$dir/shares.csv"
check "whatever OpenBLAS is told, the bytes are the same" "$(cat "$dir/pinned")" "$(cat "$dir/out")"
fit logistic --formula 'g ^ place' "$dir/shares.csv"
refused "a formula outside the subset" 2 "the formula, at character 3"
fit poisson --family gamma "$dir/shares.csv"
refused "a family that is not known" 2 "--family"

fit --help
check "help lists the models" 0 "$status"
for model in rate proportion poisson logistic veil; do
    has "help lists $model" "fit $model" "$dir/out"
    fit "$model" --help
    check "help of $model" 0 "$status"
    has "help of $model says its options" "--reference GROUP" "$dir/out"
    fit --help
done

exit $failed
