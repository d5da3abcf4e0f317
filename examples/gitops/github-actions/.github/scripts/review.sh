#!/usr/bin/env bash
# Of the base branch: reviews what a pull request's preview claims, and says it in one comment. The preview's JSON, names of branches and of
# files are a stranger's. Needs GH_TOKEN (pull-requests: write), GITHUB_REPOSITORY, STACK and, of the run that previewed, RUN_ID, HEAD_OWNER,
# HEAD_BRANCH, HEAD_SHA.

# shellcheck source=command.sh
source "$(dirname "${BASH_SOURCE[0]}")/command.sh"
here="$(dirname "${BASH_SOURCE[0]}")"
[[ "$HEAD_SHA" =~ ^[0-9a-f]{40}$ ]] || fail "the event names no commit" 2

# The event names no pull request where it comes from a fork: it is the open one whose head is this very commit.
gh api -X GET "repos/$GITHUB_REPOSITORY/pulls" -f state=open -f head="$HEAD_OWNER:$HEAD_BRANCH" -f per_page=100 >"$out/pulls.json"
number="$(jq -r --arg sha "$HEAD_SHA" '[.[] | select(.head.sha == $sha)][0].number // empty' "$out/pulls.json")"
if [[ ! "$number" =~ ^[0-9]+$ ]]; then
  echo "no open pull request has $HEAD_SHA as its head any more"
  exit 0
fi

verdict="The preview failed, or wrote nothing that can be read: see its run."
: >"$out/details.md"
if ARTIFACT=preview FILE=preview.json "$here/artifact.sh"; then
  status=0
  keys review --from "$out/preview.json" --format markdown >"$out/review.md" || status=$?
  if ((status <= 1)); then
    # Its first line is a marker of its own, the second says it all.
    verdict="$(sed -n 2p "$out/review.md")"
    tail -n +3 "$out/review.md" >"$out/details.md"
  else
    verdict="The preview can't be reviewed (exit code $status): see the run of this review."
  fi
fi

# Names of files, within a line of Markdown: what isn't plain becomes a question mark.
plain='gsub("[^A-Za-z0-9._/@+ -]"; "?")'
gh api --paginate "repos/$GITHUB_REPOSITORY/pulls/$number/files?per_page=100" >"$out/files.json"
jq -r -s "add // [] | map(.filename, .previous_filename // empty) | unique | .[]
  | select(test(\"(^|/)(package(-lock)?\\\\.json|npm-shrinkwrap\\\\.json|\\\\.npmrc|[^/]*\\\\.lock|pnpm-lock\\\\.yaml|Pulumi[^/]*\\\\.ya?ml)\$|^\\\\.github/\"))
  | \"- \`\" + ($plain) + \"\`\"" "$out/files.json" >"$out/sensitive.md"

{
  echo "$verdict"
  echo
  echo "Claimed by the pull request: its own code made this preview, of commit ${HEAD_SHA:0:12}. What \`apply\` will do is planned anew after the merge."
  if [[ -s "$out/sensitive.md" ]]; then
    echo
    echo "**Look at these first.** They decide what runs, and with what:"
    echo
    head -n 50 "$out/sensitive.md"
    (($(wc -l <"$out/sensitive.md") <= 50)) || echo "- and more"
  fi
  cat "$out/details.md"
} >"$out/comment.md"
NUMBER="$number" MARKER="exchange-keys review of $STACK" BODY="$out/comment.md" "$here/comment.sh"
