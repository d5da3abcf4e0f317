#!/usr/bin/env bash
# The one script that changes keys: `pulumi up` under the approved file, so that whatever isn't in it is refused before it is written.
# Needs the backend and its passphrase, the managing credentials, STACK, RENEW, SHA256, MEND, and approved.json in
# its folder.

# shellcheck source=command.sh
source "$(dirname "${BASH_SOURCE[0]}")/command.sh"
[[ "$SHA256" =~ ^[0-9a-f]{64}$ ]] || fail "the plan names no hash" 2
plain_project

pulumi stack select "$STACK" --non-interactive
pulumi config set exchange-keys:renew "$RENEW"
# By the environment, which counts too where the program declares no key any more: there the engine takes the configuration of the state.
EXCHANGE_KEYS_APPROVED="$SHA256 $(realpath "$out/approved.json")"
export EXCHANGE_KEYS_APPROVED
if [[ "$MEND" == true ]]; then refresh=(--refresh); else refresh=(); fi
pulumi up --yes --skip-preview --non-interactive "${refresh[@]}"
