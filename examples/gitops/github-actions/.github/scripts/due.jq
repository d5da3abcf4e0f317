# True where a preview renews what is due, revokes what was given its time, and does nothing else.

def renewal: ["generation", "decidedAt", "reason", "keepUntil"];
def changed: (.oldState.inputs // {}) as $was | (.newState.inputs // {}) as $is
  | [($was + $is | keys[]) | select($was[.] != $is[.])];

(.steps // []) | map(select(.op != "same"))
| all(.op == "update"
    and (.newState.type | startswith("pulumi-nodejs:dynamic/exchange-keys/"))
    and (changed - renewal == [])
    and (.newState.inputs.generation == .oldState.inputs.generation or .newState.inputs.reason == "due"))
