#!/bin/sh
# Off-boards everyone on a list: tries it dry, then with --go begins each off-boarding, waits for it, and says what came
# of it. Safe to run again: the Idempotency-Key is made from the line, so what was begun is looked up, not begun anew.
#
#   LOCKSMITH_URL=https://locksmith.example.org LOCKSMITH_API_KEY=lsk_… ./offboard-leavers.sh leavers.csv [--go]
#
# A line is `userId,reason`, such as `alice,ticket 4711: last day 30 November`. A head, empty lines, and lines that begin
# with # are passed over. `-` reads standard input. Needs curl 7.71 or later, and jq. The scope is users:offboard, users:read.
#
# Ends with 0: everybody is off-boarded (or, without --go, could be). 1: a person has to look at somebody, see the table.
# 2: the list or the call is not right; nothing was begun. 3: Locksmith could not be asked.
set -eu

patience=${LOCKSMITH_PATIENCE:-600} # seconds for each leaver; after that it goes on without us

die() {
  echo "offboard-leavers: $2" >&2
  exit "$1"
}

[ $# -ge 1 ] && [ $# -le 2 ] || die 2 'usage: offboard-leavers.sh LIST [--go]'
[ "${2:---go}" = --go ] || die 2 "unknown: $2"
: "${LOCKSMITH_URL:?}" "${LOCKSMITH_API_KEY:?}"
[ "$1" = - ] || [ -r "$1" ] || die 2 "cannot be read: $1"
command -v curl >/dev/null && command -v jq >/dev/null || die 2 'needs curl and jq'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ask METHOD PATH [option of curl …]: the status is in $status, the answer in $work/answer. The key is no argument of a
# program: those can be seen by everybody on the host. What has no answer, or one that passes, is asked again.
ask() {
  how=$1 where=$2
  shift 2
  status=$(printf 'Authorization: Bearer %s\n' "$LOCKSMITH_API_KEY" |
    curl -sS -X "$how" "${LOCKSMITH_URL%/}$where" -H @- -o "$work/answer" -w '%{http_code}' --max-time 90 \
      --retry 3 --retry-all-errors --retry-max-time 180 "$@" 2>"$work/error") ||
    die 3 "no answer: $(tail -n 1 "$work/error")"
  [ "$status" != 401 ] || die 3 'the API key is refused'
}

answer() { jq -r "$1" "$work/answer"; }

hash_of() { printf %s "$1" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c 1-64; }

# Lines without what is passed over, carriage returns, and the mark that spreadsheets put before the first.
leavers() {
  cat -- "$1" | LC_ALL=C awk 'NR == 1 { sub(/^\357\273\277/, "") } { sub(/\r$/, "") }
    /^(userId,reason|#.*| *)$/ { next } { print }'
}

# read_line LINE: sets $user, $path and $body.
read_line() {
  user=${1%%,*} reason=${1#*,}
  path=/users/$(jq -rn --arg id "$user" '$id | @uri')/offboard
  body=$(jq -cn --arg reason "$reason" '{reason: $reason}')
}

row() { printf '%-24s %-18s %s\n' "$user" "$1" "$2" | sed 's/ *$//'; }

# What is in the way, in words that can be looked up: docs/problems.
why='if .problem then "\(.problem.code): \(.problem.detail)" elif .approval then .approval else "" end'
# What still is there by which the leaver gets in, or files get out.
left='[.outcome.residualAccess // {} | to_entries[] | select(.value != 0) | "\(.key) \(.value)"] |
  if length > 0 then "left: " + join(", ") else "" end'

try_dry() {
  ask POST "$path?dryRun=true" -H 'Content-Type: application/json' -d "$body"
  case $status in
  200) row "$(answer .would)" "$(answer "$why")" ;;
  *) row refused "$(answer '"\(.code): \(.detail)"')" ;;
  esac
  case $(answer '.code // if .would == "refused" then .problem.code else "" end') in
  # It ends by itself, and is waited for; or it is ours, from an earlier run.
  '' | operation-already-running | awaiting-approval) ;;
  *) return 1 ;;
  esac
}

# wait_for PATH: until the operation is over, or waits for a person, or our patience is. Its state is in $state.
wait_for() {
  ask GET "$1"
  until=$(($(date +%s) + patience))
  while [ "$status" = 200 ]; do
    state=$(answer .state)
    case $state in
    queued | running | waiting) [ "$(date +%s)" -lt "$until" ] || return 0 ;;
    *) return 0 ;;
    esac
    ask GET "$1" -H 'Prefer: wait=20'
  done
  state=unknown
}

offboard() {
  for _ in 1 2 3 4 5; do
    ask POST "$path" -H 'Content-Type: application/json' -H "Idempotency-Key: offboard-$(hash_of "$1")" -d "$body"
    case "$status $(answer '.code // ""')" in
    200* | 202*)
      # What was answered may be from an earlier run: how is it now?
      wait_for "/operations/$(answer .id)"
      case $state in
      succeeded) row "$state" "$(answer "$left")" ;;
      unknown) row "$state" "$(answer '"\(.code): \(.detail)"')" ;;
      *) row "$state" "$(answer "\"\(.id) \" + ($why)")" ;;
      esac
      [ "$state" = succeeded ]
      return
      ;;
    '409 operation-already-running') wait_for "$(answer .operation)" ;;
    '409 idempotency-key-in-flight') sleep 2 ;;
    *) break ;;
    esac
  done
  row refused "$(answer '"\(.code): \(.detail)"')"
  return 1
}

leavers "$1" >"$work/list"
while IFS= read -r line; do
  case $line in
  *\"*) die 2 "quotes are not understood: $line" ;;
  ?*,?*) ;;
  *) die 2 "not userId,reason: $line" ;;
  esac
done <"$work/list"

looked_at=0
: >"$work/able"
echo 'What would come of it:'
while IFS= read -r line; do
  read_line "$line"
  if try_dry </dev/null; then printf '%s\n' "$line" >>"$work/able"; else looked_at=1; fi
done <"$work/list"
if [ $# = 1 ]; then
  echo 'Nothing was changed. With --go they are off-boarded.'
  exit $looked_at
fi

echo 'What came of it:'
while IFS= read -r line; do
  read_line "$line"
  offboard "$line" </dev/null || looked_at=1
done <"$work/able"
exit $looked_at
