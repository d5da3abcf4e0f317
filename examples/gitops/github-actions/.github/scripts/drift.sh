#!/usr/bin/env bash
# Nightly: looks whether the venues have what is declared, and keeps one issue about it: opened, kept up to date, closed. Where nobody knows
# (a venue is down, the state is locked), the issue stays as it is and the job fails. Needs the backend and its passphrase, the observers'
# credentials, GH_TOKEN (issues: write), GITHUB_REPOSITORY, STACK, RUN_URL. Exits with what the command said: 0 same, 1 differs, 3 unknown.

# shellcheck source=command.sh
source "$(dirname "${BASH_SOURCE[0]}")/command.sh"
marker="<!-- exchange-keys drift of $STACK -->"
label=exchange-keys-drift

pulumi stack select "$STACK" --non-interactive
status=0
keys drift --format markdown >"$out/drift.md" || status=$?
cat "$out/drift.md" >>"$GITHUB_STEP_SUMMARY"
((status <= 1)) || fail "whether $STACK has drifted isn't known (exit code $status)" "$status"

gh api --paginate "repos/$GITHUB_REPOSITORY/issues?state=open&labels=$label&per_page=100" >"$out/issues.json"
number="$(jq -r -s --arg marker "$marker" '
  add // [] | [.[] | select(.user.login == "github-actions[bot]" and (.body // "" | startswith($marker)))][0].number // empty' "$out/issues.json")"

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
  "$out/drift.md" >"$out/body.json"
if [[ -n "$number" ]]; then
  gh api -X PATCH "repos/$GITHUB_REPOSITORY/issues/$number" --input "$out/body.json" >"$out/written.json"
else
  gh api -X POST "repos/$GITHUB_REPOSITORY/issues" --input "$out/body.json" >"$out/written.json"
fi
exit 1
