# shellcheck shell=bash
# What .ci/run is made of, to be sourced.
#
#   step "name" command…               runs it; when it fails the run goes on, and fails in the end
#   optional "name" "reason" command…  with an empty reason a step, otherwise left out for that reason; a command that
#                                      ends with 77 cannot run here, and says why in its last line
#   needs terraform go                 prints which of these are not installed; nothing when all are
#   counted command…                   a vitest command, whose tests count in the last line
#   finish                             what each step cost, what was left out, what failed, and the test runner's own
#                                      count as the last line
#
# What a command prints as "left out: …" or "note: …" is said again in the end.

readonly CANNOT_RUN_HERE=77

left_out=()
costs=()
failures=()
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT

step() { optional "$1" "" "${@:2}"; }

optional() {
  local name=$1 reason=$2 status=0 began=$SECONDS
  shift 2
  if [ -z "$reason" ]; then
    printf '\n== %s\n' "$name"
    "$@" 2>&1 | tee "$reports/last" || status=${PIPESTATUS[0]}
    sed $'s/\e\\[[0-9;]*m//g' "$reports/last" >>"$reports/log"
    costs+=("$((SECONDS - began)) $name")
    [ "$status" -ne 0 ] || return 0
    if [ "$status" -ne "$CANNOT_RUN_HERE" ]; then
      failures+=("$name")
      return 0
    fi
    reason=$(tail -n 1 "$reports/last")
  fi
  left_out+=("$name: ${reason:-no reason given}")
}

needs() {
  local missing=() name
  for name in "$@"; do command -v "$name" >/dev/null || missing+=("$name"); done
  [ "${#missing[@]}" -eq 0 ] || printf 'not installed: %s' "${missing[*]}"
}

counted() { "$@" --reporter=default --reporter=json --outputFile.json="$reports/$BASHPID$RANDOM.json"; }

finish() {
  local line status=0
  printf '\nseconds: %s in all' "$SECONDS"
  [ "${#costs[@]}" -eq 0 ] || printf '%s\n' "${costs[@]}" | sort -rn | while read -r line; do printf ', %s' "$line"; done
  printf '\n'
  for line in ${left_out[@]+"${left_out[@]}"}; do printf 'left out: %s\n' "$line"; done
  grep -E '^(left out|note): ' "$reports/log" | sort -u || true
  for line in ${failures[@]+"${failures[@]}"}; do printf 'failed: %s\n' "$line"; done
  node "$(dirname "${BASH_SOURCE[0]}")/count.mjs" "$reports" || status=1
  [ "${#failures[@]}" -eq 0 ] || status=1
  exit "$status"
}
