#!/usr/bin/env bash
# In a pull request's job: fetches the redacted state that the base branch published last. This file is the pull request's own there, so that
# whatever the token can do, its code can: reading. Needs GH_TOKEN, GITHUB_REPOSITORY, BASE_BRANCH, STACK.

# shellcheck source=command.sh
source "$(dirname "${BASH_SOURCE[0]}")/command.sh"
name="redacted-state-$STACK"

gh api -X GET "repos/$GITHUB_REPOSITORY/actions/artifacts" -f name="$name" -f per_page=100 >"$out/artifacts.json"
# A fork may have a branch of that name too, and upload what it likes.
run="$(jq -r --arg branch "$BASE_BRANCH" '
  [.artifacts[] | select(.expired | not) | select(.workflow_run.head_branch == $branch and .workflow_run.head_repository_id == .workflow_run.repository_id)]
  | sort_by(.created_at) | last | .workflow_run.id // empty' "$out/artifacts.json")"
[[ "$run" =~ ^[0-9]+$ ]] || fail "$BASE_BRANCH has published no state of $STACK yet: run its workflow apply once"

RUN_ID="$run" ARTIFACT="$name" FILE=redacted-state.json LIMIT=200000000 "$(dirname "${BASH_SOURCE[0]}")/artifact.sh"
