// All that other packages may import: a local exchange on loopback, for tests, examples and the command line.

export { startSandbox, type Sandbox, type SandboxOptions, type SandboxConsole, type SandboxVenue } from "./start";
export { Control, ControlRefusal } from "./client";
export { StateError } from "./store";
export { dialects, isVenue, type AccountOf, type LoginOf, type VenueName } from "./venues/registry";
export { fingerprint } from "./dialect";
export { switchesAsMarkdown } from "./switches";
export type { FaultView } from "./faults";
export type { RequestEntry } from "./requests";
