#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Installs what Maatstaf needs from Debian's own packages: `install-deps.sh run`, `… test` or `… lint` (each
# includes the one before). Says what is missing and asks first, unless YES=1, CI=true or there is
# nobody to ask (no terminal).
set -eu

run="gcc make pkg-config libc6-dev libpq-dev postgresql-15 libjansson-dev libcurl4-openssl-dev libssl-dev libmicrohttpd-dev
     libicu-dev libhunspell-dev hunspell-nl hunspell-en-us r-mathlib libopenblas-dev liblapacke-dev tzdata"
test="check fiu-utils procps curl jq openssl clang libclang-rt-14-dev libcsv-dev python3-jsonschema"
lint="clang-format clang-tidy cppcheck shellcheck git"

case "${1:-run}" in
run) want="$run" ;;
test) want="$run $test" ;;
lint) want="$run $test $lint" ;;
*) echo "usage: install-deps.sh [run|test|lint]" >&2; exit 2 ;;
esac

missing=""
for p in $want; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

echo "These Debian packages are missing:$missing"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "Install them as root: apt-get install$missing" >&2
        exit 1
    fi
    as_root="sudo"
fi
if [ "${YES:-}" != 1 ] && [ "${CI:-}" != true ] && [ -t 0 ]; then
    printf 'Install them now with apt-get? [y/N] '
    read -r answer
    case "$answer" in y | Y | yes | j | ja) ;; *) echo "Nothing was installed."; exit 1 ;; esac
fi

# The package must not start a server of its own: Maatstaf runs a private one.
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    $as_root mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" | $as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
export DEBIAN_FRONTEND=noninteractive
echo "Installing."
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of package names
$as_root apt-get install -y -qq --no-install-recommends $missing > /dev/null
