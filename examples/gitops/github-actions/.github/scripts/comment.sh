#!/usr/bin/env bash
# Writes a comment on an issue or pull request once, and from then on changes it in place. It is found by a hidden marker, and by who wrote it:
# anybody can write a marker. Needs GH_TOKEN, GITHUB_REPOSITORY, NUMBER, MARKER, and BODY, a file.

# shellcheck source=command.sh
source "$(dirname "${BASH_SOURCE[0]}")/command.sh"
# shellcheck disable=SC2153
marker="<!-- $MARKER -->"

gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments?per_page=100" >"$out/comments.json"
id="$(jq -r -s --arg marker "$marker" '
  add // [] | [.[] | select(.user.login == "github-actions[bot]" and (.body | startswith($marker)))][0].id // empty' "$out/comments.json")"
# A comment has 65,536 characters at most.
jq -Rs --arg marker "$marker" '{ body: ($marker + "\n" + if length > 60000 then .[0:60000] + "\n\n… cut off here: the run has the rest." else . end) }' \
  "$BODY" >"$out/body.json"
if [[ -n "$id" ]]; then
  gh api -X PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --input "$out/body.json" >"$out/written.json"
else
  gh api -X POST "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" --input "$out/body.json" >"$out/written.json"
fi
