#!/bin/sh
# The whole suite: `test.sh`, or one marked part of it: `test.sh slow`, `test.sh bench`.
# Every part runs even if one before it failed; the exit code is 0 only if all went well.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
part=${1:-}
failed=""

DATA_DIR=$(mktemp -d "${TMPDIR:-/tmp}/sochibo-test-XXXXXX")
export DATA_DIR
unset DATABASE_URL REDIS_URL PROFILE SECRET_KEY ALLOWED_HOSTS PORT
trap 'rm -rf "$DATA_DIR"' EXIT
trap 'exit 130' INT TERM

step() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    "$@" || failed="$failed, $name"
}

suite() {
    # Its tests and the browser wait more than they count: a third worker fills the two cores.
    [ "$1" = postgresql ] && WORKERS=${WORKERS:-3}
    database=$1 marks=$2
    shift 2
    TEST_DATABASE=$database "$bin/python" -m pytest -m "$marks" --dist loadfile -n "${WORKERS:-2}" "$@"
    code=$?
    [ $code -eq 5 ] && [ -n "$part" ] && return 0 # nothing bears that mark yet
    return $code
}

stories=" and not browser"
if [ -n "$part" ]; then
    [ "$part" = bench ] && WORKERS=0
    export EXAMPLES=new
    step "$part tests on SQLite" suite sqlite "$part and not browser"
    [ "$part" = slow ] && part="slow or once" # what the quick run tries on SQLite only
    step "$part tests on PostgreSQL" suite postgresql "$part"
else
    [ "${BROWSER:-yes}" = yes ] && stories=""
    step "ruff check" "$bin/ruff" check --quiet .
    step "ruff format" "$bin/ruff" format --quiet --check .
    step "system checks" "$bin/python" manage.py check --fail-level WARNING
    step "migrations" "$bin/python" manage.py makemigrations --check --dry-run
    step "tests on SQLite" suite sqlite "not slow and not bench and not browser"
    # The stories run once, on the database that offices with many cells use.
    step "tests on PostgreSQL" suite postgresql "not slow and not bench and not once$stories"
fi

[ -z "$failed" ] && exit 0
printf '\nFailed: %s\n' "${failed#, }"
exit 1
