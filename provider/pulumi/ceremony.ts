// What the command `exchange-keys` loads for ceremonies, probes, tests of a connection and drift. Not for programs.

export { openBrowser } from "../ceremony/browser";
export { compareNames, documentOf, hidden, keyType, nameOf, parseDocument, stackOf, typeIn, type Step } from "../preview/document";
export { depositFolder } from "../ceremony/folder";
export { servePage, type Page } from "../ceremony/page/server";
export type { Finding, Row, Session, TaskView } from "../ceremony/session";
export { statementText, writeStatement } from "../ceremony/statement";
export { KeyError } from "../core/errors";
export { ipDelta } from "../core/ip";
export type { AllowedIps } from "../core/model";
export { POWERS } from "../core/powers";
export { Secret } from "../core/secret";
export type { Cause } from "./causes";
export { testConnection, type Connection } from "./connection";
export { probe } from "./probe";
export type { Sources } from "./settings";
export { sit, type Sitting, type SittingQuestion } from "./sitting";
