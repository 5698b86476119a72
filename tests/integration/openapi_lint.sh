#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The description of the interface under the ruleset of the Dutch API design rules: no error and no warning. The linter
# (npm, a fixed version) is installed beside what is built. And the unit of systemd under systemd's own eyes.
set -u
. tests/lib/check.sh

unit=docs/operations/collector.service
if command -v systemd-analyze > /dev/null; then
    mkdir "$work/unit"
    # A unit is verified with the program where it is now.
    sed "s|/usr/local/bin/maatstaf-collector|$BINDIR/maatstaf-collector|; /^Documentation=/d" $unit > "$work/unit/collector.service"
    passes "the unit of systemd is valid" systemd-analyze verify "$work/unit/collector.service"
    exposure=$(systemd-analyze security --offline=true "$work/unit/collector.service" 2> /dev/null |
        sed -n 's/.*exposure level for collector.service: \([0-9.]*\).*/\1/p')
    awk -v e="${exposure:-10}" 'BEGIN { exit !(e <= 1.5) }'
    verdict $? "its exposure is at most 1.5" "it is ${exposure:-unknown}"
else
    skip collector_unit "systemd-analyze is not here"
fi

rules=${MAATSTAF_DATA:-../shared/data}/adr-linter/linter.yaml
needs "$rules"
command -v npm > /dev/null || { skip openapi_lint "npm is not here"; exit 0; }
tool="${BUILD:-build}/openapi-lint"
mkdir -p "$tool"
cp tests/openapi/package.json tests/openapi/package-lock.json "$tool/"
if [ ! -x "$tool/node_modules/.bin/spectral" ] &&
    ! (cd "$tool" && npm ci --silent --no-audit --no-fund) > "$work/npm" 2>&1; then
    skip openapi_lint "npm cannot install the linter: $(tail -1 "$work/npm")"
    exit 0
fi
spectral() { # file: status, output in $work/lint
    "$tool/node_modules/.bin/spectral" lint --fail-severity=hint -r "$rules" "$1" > "$work/lint" 2>&1
}
spectral docs/openapi/collector.json
check "the description has no error and no warning" || cat "$work/lint"
sed 's/"API-Version"/"Version"/' docs/openapi/collector.json > "$work/broken.json"
! spectral "$work/broken.json"
check "the linter sees a fault that is put in"
exit $failed
