// All that programs may import.

export * as binance from "./venues/binance/resource";
export * as bitfinex from "./venues/bitfinex/resource";
export * as bybit from "./venues/bybit/resource";
export { Bot, type BotArgs } from "./pulumi/bot";
export type { AllowedIpsInput, KeyWarning, Notes, Retiring, RotationInput } from "./pulumi/resource";
export { KeyResource } from "./pulumi/resource";
export type { Power, Reason } from "./core/model";
