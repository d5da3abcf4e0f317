// All that programs may import.

export * as bitfinex from "./venues/bitfinex/resource";
export type { AllowedIpsInput, KeyWarning, Notes, Retiring, RotationInput } from "./pulumi/resource";
export { KeyResource } from "./pulumi/resource";
export type { Power, Reason } from "./core/model";
