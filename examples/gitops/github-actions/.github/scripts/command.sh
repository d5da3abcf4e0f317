# shellcheck shell=bash
# What the other scripts begin with: strict mode, the commands, and a folder for what they write. Values come from the environment alone.

set -euo pipefail
export PULUMI_SKIP_UPDATE_CHECK=true
out="${OUT:-out}"
mkdir -p "$out"

# The one that package-lock.json pins.
keys() {
  "${EXCHANGE_KEYS:-node_modules/.bin/exchange-keys}" "$@"
}

fail() {
  echo "$1" >&2
  exit "${2:-1}"
}
