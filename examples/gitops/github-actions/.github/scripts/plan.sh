#!/usr/bin/env bash
# Of the base branch: what `up` would do now, with the true state. Writes the review for the people who approve it, and the file of what they
# approve, whose hash goes on as an output of the job. Needs the backend and its passphrase, STACK and RENEW; no managing credential.

# shellcheck source=command.sh
source "$(dirname "${BASH_SOURCE[0]}")/command.sh"
here="$(dirname "${BASH_SOURCE[0]}")"
plain_project

pulumi stack select "$STACK" --non-interactive
pulumi config set exchange-keys:renew "$RENEW"
# With the keys that stay as they are: what is approved is each key as declared, and setting one right is no more than that.
pulumi preview --json --show-sames --non-interactive >"$out/preview.json"

if [[ "$RENEW" == due ]]; then
  # Nobody looks at a renewal before it happens, so it is one and nothing else.
  jq -e -f "$here/due.jq" "$out/preview.json" >/dev/null || fail "merged changes wait to be applied: approve them, and what is due is renewed by the next run"
fi

status=0
rm -f "$out/approved.json"
keys review --from "$out/preview.json" --format markdown --approve "$out/approved.json" >"$out/review.md" 2>"$out/review.txt" || status=$?
cat "$out/review.txt" >&2
if ((status != 0)) || ! is_review "$out/review.md" || [[ ! -s "$out/approved.json" ]]; then
  {
    echo "**The plan can't be reviewed (exit code $status), and nothing is approved.** What the review says:"
    echo
    # As code: these lines are for a terminal.
    sed 's/^/    /' "$out/review.txt"
    echo
    cat "$out/review.md"
  } >>"$GITHUB_STEP_SUMMARY"
  fail "the plan can't be reviewed" "$((status == 0 ? 3 : status))"
fi
cat "$out/review.md" >>"$GITHUB_STEP_SUMMARY"
echo "sha256=$(sha256sum "$out/approved.json" | cut -d ' ' -f 1)" >>"$GITHUB_OUTPUT"
echo "changes=$(jq '(.steps // []) | map(select(.op != "same")) | length > 0' "$out/preview.json")" >>"$GITHUB_OUTPUT"
