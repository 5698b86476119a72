#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The `fast` threshold test on threshold_124.csv, simulated: bulk effective sample size of the worst
# quantity per CPU second, warm-up included, of ours and of Stan, seed by seed and in turns.
#   tests/bench/threshold.sh [--quick]    SEEDS=10 by default, --quick is 2
# Stan is Debian's r-cran-rstan (and r-cran-posterior); where it is not installed its column is skipped.
# Exit status 1: a seed under 30 times Stan, a tail size of 400 or less, or a divergence.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
BINDIR=$(cd "${BINDIR:-.}" && pwd)
seeds=${SEEDS:-10}
case "${1:-}" in
"") ;;
--quick) seeds=${SEEDS:-2} ;;
*) echo "usage: threshold.sh [--quick]" >&2; exit 2 ;;
esac
work=$(mktemp -d "${TMPDIR:-/tmp}/maatstaf-threshold.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

stan=""
if command -v Rscript > /dev/null &&
    Rscript -e 'quit(status = !(requireNamespace("rstan", quietly = TRUE) && requireNamespace("posterior", quietly = TRUE)))' \
        > /dev/null 2>&1; then
    stan=yes
else
    echo "skipped: threshold test beside Stan: no r-cran-rstan and r-cran-posterior"
fi
# one number of the diagnostics
number() { sed "s/.*\"$1\":\([-0-9.e]*\).*/\1/" "$work/ours.json"; }

for sampler in nuts hmc; do
    : > "$work/rows.$sampler"
done
seed=0
while [ $((seed += 1)) -le "$seeds" ]; do
    theirs=-
    if [ -n "$stan" ]; then
        theirs=$(Rscript "$here/threshold.R" "$here" "$work/model.rds" "$seed" 2> "$work/stan.log") ||
            { cat "$work/stan.log" >&2; exit 1; }
    fi
    for sampler in nuts hmc; do
        "$BINDIR/maatstaf-analyzer" fit threshold --signal fast --sampler $sampler --seed "$seed" \
            "$here/threshold_124.csv" > "$work/ours.json"
        echo "$(number ess_per_second) $(number ess_tail_min) $(number divergences) $theirs" >> "$work/rows.$sampler"
    done
done

cat > "$work/table.awk" << 'AWK'
function middle(a, n) { return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2 }
function sort(a, n, i, j, t) { for (i = 2; i <= n; i++) for (j = i; j > 1 && a[j] < a[j - 1]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t } }
{
    ours[NR] = $1; diverged += $3
    if (NR == 1 || $2 < tail) tail = $2
    if ($4 != "-") { stan[++n] = $4; ratio[n] = $1 / $4 }
}
END {
    sort(ours, NR); sort(stan, n); sort(ratio, n)
    printf "%s, %d seeds: least %.0f, median %.0f effective draws per CPU second; least tail size %.0f, divergences %d\n", name, NR, ours[1], middle(ours, NR), tail, diverged
    good = tail > 400 && diverged == 0
    if (n) {
        printf "  Stan: median %.1f (%.1f to %.1f); ratio at least %.0f, median %.0f, required >= 30: %s\n", middle(stan, n), stan[1], stan[n], ratio[1], middle(ratio, n), (ratio[1] >= 30 ? "met" : "NOT MET")
        good = good && ratio[1] >= 30
    }
    exit !good
}
AWK
met=yes
for sampler in nuts hmc; do
    awk -v name="threshold test, $sampler" -f "$work/table.awk" "$work/rows.$sampler" || met=no
done
[ $met = yes ]
