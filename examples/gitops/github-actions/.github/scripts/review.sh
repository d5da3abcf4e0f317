#!/usr/bin/env bash
# Of the base branch: reviews what a pull request's preview claims, and says it in one comment, and by a status of the commit. The preview's JSON,
# names of branches and of files are a stranger's. Needs GH_TOKEN (pull-requests and statuses: write), GITHUB_REPOSITORY, STACK, RUN_URL and, of the
# run that previewed, RUN_ID, HEAD_OWNER, HEAD_BRANCH, HEAD_SHA.

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

state=failure
verdict="The preview failed, or wrote nothing that can be read: see its run."
: >"$out/details.md"
if ARTIFACT=preview FILE=preview.json "$here/artifact.sh"; then
  status=0
  keys review --from "$out/preview.json" --format markdown >"$out/review.md" || status=$?
  verdict="The preview can't be reviewed (exit code $status): see the run of this review."
  if is_review "$out/review.md"; then
    tail -n +3 "$out/review.md" >"$out/details.md"
    # What can't be told is told, for what it says; and with --fail-on, what failed.
    if ((status > 1)); then verdict+=" As far as it goes: $(sed -n 2p "$out/review.md")"; else verdict="$(sed -n 2p "$out/review.md")"; fi
    if ((status == 0)); then state=success; fi
  fi
fi

# Names of files, within a line of Markdown: what isn't plain becomes a question mark. What decides most comes first, by its very name, since a
# pull request may bring as many others as it likes.
plain='gsub("[^A-Za-z0-9._/@+ -]"; "?") | .[0:200]'
gh api --paginate "repos/$GITHUB_REPOSITORY/pulls/$number/files?per_page=100" >"$out/files.json"
jq -r -s --arg stack "$STACK" "add // [] | map(.filename, .previous_filename // empty) | unique
  | map(select(test(\"(^|/)(package(-lock)?\\\\.json|npm-shrinkwrap\\\\.json|\\\\.npmrc|[^/]*\\\\.lock|pnpm-lock\\\\.yaml|tsconfig[^/]*\\\\.json|CODEOWNERS|Pulumi[^/]*\\\\.(ya?ml|json))\$|^\\\\.github/\")))
  | sort_by(if IN(\"Pulumi.yaml\", \"Pulumi.yml\", \"Pulumi.json\", \"Pulumi.\" + \$stack + \".yaml\") then 0
      elif IN(\"package-lock.json\", \"package.json\", \"npm-shrinkwrap.json\", \".npmrc\", \"tsconfig.json\") then 1
      elif IN(\".github/CODEOWNERS\", \"CODEOWNERS\", \"docs/CODEOWNERS\") then 2
      elif startswith(\".github/workflows/\") then 3 elif startswith(\".github/scripts/\") then 4 else 5 end)
  | .[] | \"- \`\" + ($plain) + \"\`\"" "$out/files.json" >"$out/sensitive.md"
files="$(jq -s 'add // [] | length' "$out/files.json")"
more=$(($(wc -l <"$out/sensitive.md") - 50))

{
  echo "$verdict"
  echo
  echo "Claimed by the pull request: its own code made this preview, of commit ${HEAD_SHA:0:12}. What \`apply\` will do is planned anew after the merge."
  if ((files >= 3000)); then
    echo
    echo "**GitHub lists 3,000 files of a pull request and no more: this one has others, which nobody looked at here.**"
  fi
  if [[ -s "$out/sensitive.md" ]]; then
    echo
    echo "**Look at these first.** They decide what runs, and with what:"
    echo
    head -n 50 "$out/sensitive.md"
    if ((more > 0)); then echo "- and $more more"; fi
  fi
  cat "$out/details.md"
} >"$out/comment.md"
NUMBER="$number" MARKER="exchange-keys review of $STACK" BODY="$out/comment.md" "$here/comment.sh"

# Last, so that no commit passes whose comment couldn't be written. A commit without a preview has no status at all, and waits.
jq -n --arg state "$state" --arg context "exchange-keys review of $STACK" --arg url "$RUN_URL" \
  '{ state: $state, context: $context, target_url: $url, description: (if $state == "success" then "reviewed: see the comment" else "see the comment" end) }' >"$out/status.json"
gh api -X POST "repos/$GITHUB_REPOSITORY/statuses/$HEAD_SHA" --input "$out/status.json" >"$out/written.json"
