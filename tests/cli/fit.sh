#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# `maatstaf analyzer fit` as a program: files and standard input, exit status, what stands on which
# stream. BINDIR says where the program is; no database is touched.
set -u
. tests/lib/check.sh

fit() { apart "$BINDIR/maatstaf-analyzer" fit "$@"; }

printf 'place,group,n,k\nHaringey,black,29200,2224\nHaringey,white,161400,1905\n' > "$work/cells.csv"

fit proportion --reference white "$work/cells.csv"
same "a file of cells is fitted" 0 "$status"
has "the published odds ratio" '"method":"fisher","name":"odds-ratio"' "$work/out"
has "to six digits" '"value":6.902434' "$work/out"
cp "$work/out" "$work/from_file"
fit proportion --reference white < "$work/cells.csv"
same "standard input gives the same" "$(cat "$work/from_file")" "$(cat "$work/out")"
fit proportion - --reference white < "$work/cells.csv"
same "- is standard input" "$(cat "$work/from_file")" "$(cat "$work/out")"
mkfifo "$work/pipe"
cat "$work/cells.csv" > "$work/pipe" &
fit proportion --reference white "$work/pipe"
same "a pipe is a file" "$(cat "$work/from_file")" "$(cat "$work/out")"

fit proportion "$work"
refused "a directory" 1 "$work: is a directory"
fit proportion < "$work"
refused "a directory on standard input" 1 "is a directory"
fit proportion "$work/none.csv"
refused "no such file" 1 "none.csv: cannot be opened"
: > "$work/empty.csv"
fit proportion "$work/empty.csv"
refused "an empty file" 1 "empty.csv: there is no header"
has "an empty file: remedy" "the columns are place, group, k, n" "$work/err"
fit veil "$work/empty.csv"
refused "an empty file, many columns" 1 "empty.csv: there is no header"
has "an empty file, many columns: remedy" "fit MODEL --help names them" "$work/err"
printf 'place,group,n,k\n' > "$work/header.csv"
fit proportion "$work/header.csv"
refused "a header only" 1 "header.csv: there are no rows after the header"
printf 'place,group,n,k\nx,a,3,4\n' > "$work/wrong.csv"
fit proportion "$work/wrong.csv"
refused "k over n" 1 "wrong.csv: line 2, column 7: k is larger than n"

fit
refused "no model" 2 "needs a second word"
fit magic "$work/cells.csv"
refused "no such model" 2 "there is no verb 'fit magic'"
fit rate --formula 'group + place' "$work/cells.csv"
refused "an option of no use to the model" 2 "unknown option --formula"
fit proportion --level 95 "$work/cells.csv"
refused "a level over 1" 2 "--level must lie between 0 and 1"
fit proportion --reference nobody "$work/cells.csv"
refused "a reference that no row has" 2 "no row has the group that --reference names"
fit proportion "$work/cells.csv" "$work/cells.csv"
refused "two files" 2 "unexpected argument"

printf 'k,n,g,place\n3,9,a,x\n5,7,b,x\n1,8,a,y\n6,11,b,y\n' > "$work/shares.csv"
fit logistic --formula 'g + place' "$work/shares.csv"
same "a regression is fitted" 0 "$status"
has "its terms are R's" '"term":"placey"' "$work/out"
cp "$work/out" "$work/pinned"
OPENBLAS_CORETYPE=Prescott OPENBLAS_NUM_THREADS=2 fit logistic --formula 'g + place' "$work/shares.csv"
same "whatever OpenBLAS is told, the bytes are the same" "$(cat "$work/pinned")" "$(cat "$work/out")"
fit logistic --formula 'g ^ place' "$work/shares.csv"
refused "a formula outside the subset" 2 "the formula, at character 3"
fit poisson --family gamma "$work/shares.csv"
refused "a family that is not known" 2 "--family"

fit --help
same "help lists the models" 0 "$status"
for model in rate proportion poisson logistic veil; do
    has "help lists $model" "fit $model" "$work/out"
    fit "$model" --help
    same "help of $model" 0 "$status"
    has "help of $model says its options" "--reference GROUP" "$work/out"
    fit --help
done

exit $failed
