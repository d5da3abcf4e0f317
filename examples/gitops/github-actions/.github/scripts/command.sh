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

# Before anything of pulumi's runs: the project is what Pulumi.yaml says, as its reviewer read it. Pulumi.json would come before it,
# `main` and `stackConfigDir` (or a text as `config`) would name another program and another configuration, ceiling included. Read by lines, so that
# YAML's other ways to write a member are refused with them. Who wants one of these says so here.
plain_project() {
  local each
  for each in [Pp][Uu][Ll][Uu][Mm][Ii].*; do
    [[ "$each" =~ ^Pulumi(\.[A-Za-z0-9_.-]+)?\.yaml$ && -f "$each" && ! -L "$each" ]] ||
      fail "$(printf '%q' "$each") isn't expected: Pulumi.yaml and Pulumi.<stack>.yaml, as files, are all that may say what runs" 2
  done
  if LC_ALL=C grep -q '[^ -~]' Pulumi.yaml; then fail "Pulumi.yaml has other characters than plain text's" 2; fi
  # What begins a line is a member of the project: `name` first, then what is expected.
  [[ "$(grep -Ev '^ *(#|$)' Pulumi.yaml | head -n 1)" =~ ^name:\  ]] || fail "Pulumi.yaml doesn't begin with name" 2
  if grep -Eqv '^((name|description|runtime):( |$)| |#|$)' Pulumi.yaml; then
    fail "Pulumi.yaml has a member that isn't expected: name, description and runtime are all that it may have" 2
  fi
}

# Whether a file is a review, and not what a command wrote that crashed: its first line is a marker, the second its verdict.
is_review() {
  [[ "$(sed -n 1p "$1")" == '<!-- exchange-keys review -->' && "$(sed -n 2p "$1")" == \*\** ]]
}
