#!/usr/bin/env bash
# Of the base branch: writes the stack's state without its secrets, for previews of pull requests.
# Needs the backend and its passphrase, and STACK; no managing credential.

# shellcheck source=command.sh
source "$(dirname "${BASH_SOURCE[0]}")/command.sh"
plain_project

pulumi stack export --stack "$STACK" | keys redact >"$out/redacted-state.json"
