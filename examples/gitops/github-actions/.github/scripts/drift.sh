#!/usr/bin/env bash
# Nightly: looks whether the venues have what is declared, and keeps one issue about it: opened, kept up to date, closed; a comment tells when what
# differs is another thing than before. Where nobody knows (a venue is down, the state is locked), the job fails, and the issue stays as it is unless
# something is known to differ all the same. Needs the backend and its passphrase, the observers' credentials, GH_TOKEN (issues: write),
# GITHUB_REPOSITORY, STACK, RUN_URL. Exits with what the command said: 0 same, 1 differs, 3 unknown.

# shellcheck source=command.sh
source "$(dirname "${BASH_SOURCE[0]}")/command.sh"
marker="<!-- exchange-keys drift of $STACK -->"
label=exchange-keys-drift
plain_project

pulumi stack select "$STACK" --non-interactive
status=0
keys drift --format markdown >"$out/drift.md" || status=$?
cat "$out/drift.md" >>"$GITHUB_STEP_SUMMARY"
# A command that crashes may end with 1 too, or with 0 and nothing said: an answer's headline says what its exit code does.
case "$status" in
  0) headline='^### (There are no keys|[0-9]+ keys? (.* )?(is|are) as declared$)' ;;
  1) headline='^### [0-9]+ of [0-9]+ keys? (.* )?differs?$' ;;
  # One venue is down, and another one's key differs: that is told, and nothing is closed.
  3) headline="^### [0-9]+ of [0-9]+ keys? (.* )?differs?; whether others do isn't known\$" ;;
  *) fail "whether $STACK has drifted isn't known (exit code $status)" "$status" ;;
esac
[[ "$(sed -n 1p "$out/drift.md")" == '<!-- exchange'* && "$(sed -n 2p "$out/drift.md")" =~ $headline ]] ||
  fail "whether $STACK has drifted isn't known (exit code $status)" 3

gh api --paginate "repos/$GITHUB_REPOSITORY/issues?state=open&labels=$label&per_page=100" >"$out/issues.json"
jq -s --arg marker "$marker" '
  add // [] | [.[] | select(.user.login == "github-actions[bot]" and (.body // "" | startswith($marker)))][0]' "$out/issues.json" >"$out/issue.json"
number="$(jq -r '.number // empty' "$out/issue.json")"

if ((status == 0)); then
  [[ -n "$number" ]] || exit 0
  jq -n --arg url "$RUN_URL" '{ body: ("The venues have what is declared again: " + $url) }' >"$out/body.json"
  gh api -X POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" --input "$out/body.json" >"$out/written.json"
  jq -n '{ state: "closed", state_reason: "completed" }' >"$out/body.json"
  gh api -X PATCH "repos/$GITHUB_REPOSITORY/issues/$number" --input "$out/body.json" >"$out/written.json"
  exit 0
fi

jq -Rs --arg marker "$marker" --arg url "$RUN_URL" --arg stack "$STACK" --arg tag "$label" \
  '{ title: ("Drift: keys of " + $stack + " aren'"'"'t as declared"), labels: [$tag], body: ($marker + "\n" + .[0:60000] + "\nLast seen: " + $url) }' \
  "$out/drift.md" >"$out/issue-body.json"
if [[ -z "$number" ]]; then
  gh api -X POST "repos/$GITHUB_REPOSITORY/issues" --input "$out/issue-body.json" >"$out/written.json"
  exit "$status"
fi
# GitHub tells nobody of a body that is edited, so a finding that is another one is told by a comment, and first: what is written then is known.
changed="$(jq -s 'map(.body | gsub("\r"; "") | sub("\nLast seen: [^\n]*$"; "")) | .[0] != .[1]' "$out/issue.json" "$out/issue-body.json")"
if [[ "$changed" == true ]]; then
  jq -Rs --arg url "$RUN_URL" '{ body: ("What differs has changed: " + $url + "\n\n" + .[0:60000]) }' "$out/drift.md" >"$out/body.json"
  gh api -X POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" --input "$out/body.json" >"$out/written.json"
fi
gh api -X PATCH "repos/$GITHUB_REPOSITORY/issues/$number" --input "$out/issue-body.json" >"$out/written.json"
exit "$status"
