#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Runs docs/user-guide/send.md: its commands in their order, and what they say.
set -u
. tests/lib/check.sh
. tests/lib/sample.sh
for tool in curl jq; do
    command -v $tool > /dev/null || { skip send_guide "$tool is not here"; exit 0; }
done
. tests/lib/service.sh
mkdir "$work/page"
awk -v out="$work/page" '
    /^```sh$/ { file = sprintf("%s/%02d.sh", out, ++n); next }
    /^```text$/ { file = sprintf("%s/%02d.text", out, n); next }
    /^```$/ { if (file) close(file); file = ""; next }
    file { print > file }' docs/user-guide/send.md
cluster
SOURCE=pol-example
sample_ndjson 1 1 > "$work/page/stop.json"
{
    sample_ndjson 19 100
    sample_ndjson 1 200 | sed 's/"started_at":"[^"]*",//'
} > "$work/page/stops.ndjson"
TOKEN=$(collector token add --source pol-example --label 'Guide' 2> /dev/null)
service_start
check "the service starts" || exit 1
SERVICE=$url
export TOKEN SERVICE
count=0
for commands in "$work"/page/*.sh; do
    count=$((count + 1))
    (cd "$work/page" && sh "$commands") > "$work/said" 2>&1
    same "commands $count of the page say what it has" "$(cat "${commands%.sh}.text")" "$(cat "$work/said")"
done
[ $count -ge 7 ]
check "the page has commands of every kind"
service_stop
check "SIGTERM ends the service" "status $service_status after $service_took s"
exit $failed
