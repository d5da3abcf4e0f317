// What policy packs import: the rules as policies, and what own rules are written with. Loads nothing of @pulumi/policy.

export { keyPolicies } from "./pack";
export type { Configuration } from "./configuration";
export type { Key } from "./key";
export {
  keyRule,
  stackRule,
  type KeyRule,
  type Level,
  type Report,
  type Rule,
  type RuleOptions,
  type Severity,
  type StackReport,
  type StackRule,
} from "./rule";
export { RULES } from "./rules";
export type { AllowedIps, Power, Powers } from "../core/model";
