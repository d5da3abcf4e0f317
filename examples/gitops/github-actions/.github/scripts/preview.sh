#!/usr/bin/env bash
# In a pull request's job: what its program would change, in a stack of its own made of the redacted state. Runs the pull request's code:
# what this writes is a claim. Needs STACK and what fetch-state.sh wrote; no secret, and no token.

# shellcheck source=command.sh
source "$(dirname "${BASH_SOURCE[0]}")/command.sh"
plain_project
file="Pulumi.$STACK.yaml"
backend="$(mktemp -d)"
trap 'rm -rf "$backend"' EXIT
PULUMI_CONFIG_PASSPHRASE="$(head -c 24 /dev/urandom | base64)"
export PULUMI_CONFIG_PASSPHRASE PULUMI_BACKEND_URL="file://$backend"

if grep -q '^ *secure:' "$file"; then fail "$file holds an encrypted value, which no pull request can read: write a reference instead"; fi
# The lines of production's secrets provider: this stack has its own.
sed -i.bak -E '/^(encryptionsalt|encryptedkey|secretsprovider):/d' "$file"
rm "$file.bak"
pulumi stack init "$STACK" --non-interactive
# The CLI encrypts the dummies while it imports, and wants to be told with what.
salt="$(sed -n 's/^encryptionsalt: *//p' "$file")"
jq --arg salt "$salt" '.deployment.secrets_providers = { type: "passphrase", state: { salt: $salt } }' "$out/redacted-state.json" >"$backend/state.json"
pulumi stack import --stack "$STACK" --file "$backend/state.json" --non-interactive

# Never with --refresh: it would ask the venues, and there is nothing here to ask them with.
pulumi preview --json --show-sames --stack "$STACK" --non-interactive >"$out/preview.json"
