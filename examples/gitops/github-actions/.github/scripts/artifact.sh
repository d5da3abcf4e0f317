#!/usr/bin/env bash
# Takes one file out of one artifact of a run, as data: nothing is unpacked to where the archive says, and no more than a limit is read.
# Needs GH_TOKEN, GITHUB_REPOSITORY, RUN_ID, ARTIFACT, FILE; LIMIT in bytes. Exits with 3 where the run has no such artifact.

# shellcheck source=command.sh
source "$(dirname "${BASH_SOURCE[0]}")/command.sh"
limit="${LIMIT:-20000000}"

gh api -X GET "repos/$GITHUB_REPOSITORY/actions/runs/$RUN_ID/artifacts" -f name="$ARTIFACT" -f per_page=100 >"$out/artifacts.json"
id="$(jq -r --arg name "$ARTIFACT" '[.artifacts[] | select(.name == $name and (.expired | not))] | last | .id // empty' "$out/artifacts.json")"
[[ "$id" =~ ^[0-9]+$ ]] || fail "run $RUN_ID has no artifact $ARTIFACT" 3
size="$(jq --argjson id "$id" '.artifacts[] | select(.id == $id) | .size_in_bytes' "$out/artifacts.json")"
((size <= limit)) || fail "artifact $ARTIFACT has $size bytes, and $limit are read at most" 3

gh api "repos/$GITHUB_REPOSITORY/actions/artifacts/$id/zip" >"$out/artifact.zip"
# A small archive may hold a very large file: one byte more than the limit tells.
unzip -p "$out/artifact.zip" "$FILE" | head -c $((limit + 1)) >"$out/$FILE" || true
rm "$out/artifact.zip"
read_bytes="$(wc -c <"$out/$FILE")"
((read_bytes > 0)) || fail "artifact $ARTIFACT has no $FILE" 3
((read_bytes <= limit)) || fail "$FILE in artifact $ARTIFACT has more than $limit bytes" 3
