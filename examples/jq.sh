#!/bin/sh
# gemline in a shell: JSON lines in, accepted trajectories out, books on stderr.
# Run: sh examples/jq.sh [DOCS.jsonl]
set -eu

if ! command -v jq > /dev/null 2>&1; then
  echo 'examples/jq.sh needs jq (https://jqlang.org), which is not installed here' >&2
  exit 127
fi

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
docs=${1:-"$here/data/docs.jsonl"}

# The built command of this clone if it is there, else the package.
gemline () {
  if [ -f "$here/../dist/lib/app/cli.js" ]; then node "$here/../dist/lib/app/cli.js" "$@"; else npx gemline "$@"; fi
}

# A pipe in plain sh ends as its last command does; the status of gemline is kept beside it, so that its failure is ours.
status=$(mktemp)
trap 'rm -f "$status"' EXIT
# shellcheck disable=SC2002
cat "$docs" | { code=0; gemline run --source - --sink - || code=$?; echo "$code" > "$status"; } | jq -c '.stats'
exit "$(cat "$status")"
