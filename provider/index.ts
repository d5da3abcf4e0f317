// All that programs may import.

export * as binance from "./venues/binance/resource";
export * as bitfinex from "./venues/bitfinex/resource";
export * as bybit from "./venues/bybit/resource";
export * as deribit from "./venues/deribit/resource";
export * as kucoin from "./venues/kucoin/resource";
export * as gate from "./venues/gate/resource";
export * as okx from "./venues/okx/resource";
export { Bot, type BotArgs } from "./pulumi/bot";
export type {
  AllowedIpsInput,
  ApiKeyCredential,
  KeyWarning,
  Notes,
  PassphraseCredential,
  PublicKeyCredential,
  Retiring,
  RotationInput,
} from "./pulumi/resource";
export { KeyResource } from "./pulumi/resource";
export type { Power, Reason } from "./core/model";
