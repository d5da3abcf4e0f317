#!/usr/bin/env bash
# The one script that changes keys: `pulumi up` under the approved file, so that whatever isn't in it is refused before it is written.
# Needs the backend and its passphrase, the managing credentials, STACK, RENEW, SHA256, MEND, and approved.json in
# its folder.

# shellcheck source=command.sh
source "$(dirname "${BASH_SOURCE[0]}")/command.sh"
[[ "$SHA256" =~ ^[0-9a-f]{64}$ ]] || fail "the plan names no hash" 2

pulumi stack select "$STACK" --non-interactive
pulumi config set exchange-keys:renew "$RENEW"
pulumi config set --path exchange-keys:approved.file "$(realpath "$out/approved.json")"
pulumi config set --path exchange-keys:approved.sha256 "$SHA256"
if [[ "$MEND" == true ]]; then refresh=(--refresh); else refresh=(); fi
pulumi up --yes --skip-preview --non-interactive "${refresh[@]}"
