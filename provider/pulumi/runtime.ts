// The frozen entry that the shim calls in the provider process, and the methods that the engine calls then. Alone here: the environment and the clock.

import { readFileSync, statSync } from "node:fs";
import type { Engine } from "./engine";
import { KEYS, NAMESPACE } from "./names";
import type { Run } from "./run";
import type { Settings } from "./settings";

type Properties = Readonly<Record<string, unknown>>;

/** What the shim sends. Members are only ever added. */
export interface Attachment {
  readonly version: number;
  /** The object whose methods the engine calls. */
  readonly provider: object;
  readonly config: unknown;
}

type Question =
  | { readonly operation: "check"; readonly olds: Properties; readonly news: Properties }
  | { readonly operation: "diff"; readonly olds: Properties; readonly news: Properties }
  | { readonly operation: "create"; readonly news: Properties }
  | { readonly operation: "read"; readonly id: string; readonly olds: Properties }
  | { readonly operation: "update"; readonly id: string; readonly olds: Properties; readonly news: Properties }
  | { readonly operation: "delete"; readonly olds: Properties };

/** The parts of the runtime, loaded at the first operation. */
interface Parts {
  readonly check: typeof import("./check");
  readonly operations: typeof import("./operations");
  readonly run: typeof import("./run");
  readonly subject: typeof import("./subject");
  readonly settings: typeof import("./settings");
  readonly say: typeof import("./say");
  readonly errors: typeof import("../core/errors");
}

const FLOOR = [22, 12] as const;

let raw: Properties = {};
let offset: Promise<number> | undefined;
let offsetMs = 0;
let current: { readonly run: Run; readonly settings: Settings } | undefined;
let watched: Engine | undefined;
let working = 0;
let gone = false;

/**
 * Puts the methods into the provider and stores the configuration, both before it returns, since the engine sends other questions without
 * waiting. Errors that reach the engine have a message, and no stack.
 */
export function attach({ version, provider, config }: Attachment): Promise<void> {
  const given = valuesOf(config);
  // Keys of two releases have two texts, and so two providers in one process: they share the run, its lists and its channels.
  if (JSON.stringify(given) !== JSON.stringify(raw)) {
    raw = given;
    current = undefined;
    offset = undefined;
  }
  Object.assign(provider, methods(version));
  return Promise.resolve();
}

/** As `dynamic.ResourceProvider` has them. */
function methods(version: number): object {
  const ask = (question: Question): Promise<unknown> => answer(version, question);
  return {
    check: (olds: Properties, news: Properties) => ask({ operation: "check", olds, news }),
    diff: (_: string, olds: Properties, news: Properties) => ask({ operation: "diff", olds, news }),
    create: (news: Properties) => ask({ operation: "create", news }),
    read: (id: string, olds: Properties) => ask({ operation: "read", id, olds }),
    update: (id: string, olds: Properties, news: Properties) => ask({ operation: "update", id, olds, news }),
    delete: (_: string, olds: Properties) => ask({ operation: "delete", olds }),
  };
}

async function answer(version: number, question: Question): Promise<unknown> {
  if (!newEnough(process.versions.node))
    throw bare(
      `exchange-keys: Node.js ${process.versions.node} runs the provider, and 22.12 or later is needed; put a later \`node\` first on PATH`,
    );
  if (!supported(version))
    throw bare("exchange-keys: the state was written by a later release of pulumi-exchange-keys; install that one or a later one");
  working += 1;
  try {
    return await dispatch(question, parts());
  } catch (error) {
    throw bare(error);
  } finally {
    working -= 1;
    if (gone && working === 0) process.exit(0);
  }
}

async function dispatch(question: Question, loaded: Parts): Promise<unknown> {
  const { operations } = loaded;
  if (question.operation === "check") return check(question.olds, question.news, loaded);
  const { run } = await started(loaded);
  switch (question.operation) {
    case "diff":
      return operations.diff(run, question.olds, question.news);
    case "create":
      return operations.create(run, question.news);
    case "read":
      return operations.read(run, question.id, question.olds);
    case "update":
      return operations.update(run, question.id, question.olds, question.news);
    case "delete":
      return operations.remove(run, question.olds);
  }
}

/** A wrong configuration is a failure of each resource, told where people look, instead of an exception. */
async function check(olds: Properties, news: Properties, loaded: Parts): Promise<unknown> {
  const { manifest, kind, kindName } = loaded.subject.kindOf(news);
  const settings = await started(loaded).then(
    (known) => known.settings,
    (error: unknown) => {
      if (error instanceof loaded.errors.KeyError) return error;
      throw error;
    },
  );
  return loaded.check.check({ olds, news, manifest, kind, kindName, settings, now: now() });
}

/** The run of this process: made with the first operation, from the configuration as it is then. */
async function started(loaded: Parts): Promise<{ readonly run: Run; readonly settings: Settings }> {
  const settings = current?.settings ?? loaded.settings.readSettings(raw);
  await moveClock(settings);
  watched ??= watch();
  current ??= {
    settings,
    run: new loaded.run.Run({
      settings,
      sources: { env: process.env, cwd: process.cwd(), readFile: readText },
      engine: watched,
      say: loaded.say.say,
      clock: now,
    }),
  };
  return current;
}

/** The test clock is asked once an operation; those that run at once share the question. */
async function moveClock(settings: Settings): Promise<void> {
  const { testClock } = settings;
  if (testClock === undefined) {
    offsetMs = 0;
    return;
  }
  offset ??= testClockOffset(testClock).finally(() => (offset = undefined));
  offsetMs = await offset;
}

function testClockOffset(control: string): Promise<number> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- for tests alone
  return (require("./testclock") as typeof import("./testclock")).clockOffset(control);
}

function now(): number {
  return Date.now() + offsetMs;
}

/** A dead engine can record nothing: what runs is finished or undone, and then the process ends. */
function watch(): Engine {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded with the first operation
  const engine = (require("./engine") as typeof import("./engine")).watchEngine(process.argv[2]);
  engine.whenGone(() => {
    gone = true;
    if (working === 0) process.exit(0);
  });
  return engine;
}

function parts(): Parts {
  /* eslint-disable @typescript-eslint/no-require-imports -- loaded with the first operation, after the check of Node's version */
  return {
    check: require("./check") as typeof import("./check"),
    operations: require("./operations") as typeof import("./operations"),
    run: require("./run") as typeof import("./run"),
    subject: require("./subject") as typeof import("./subject"),
    settings: require("./settings") as typeof import("./settings"),
    say: require("./say") as typeof import("./say"),
    errors: require("../core/errors") as typeof import("../core/errors"),
  };
  /* eslint-enable @typescript-eslint/no-require-imports */
}

/** The engine's configuration object holds all namespaces as plain strings. */
function valuesOf(config: unknown): Properties {
  const values = (config as { rawConfig?: Properties } | undefined)?.rawConfig;
  if (values !== undefined) return values;
  const get = (config as { get?(key: string): unknown } | undefined)?.get?.bind(config);
  const names = KEYS.map((name) => NAMESPACE + name);
  return Object.fromEntries(names.flatMap((name) => (get?.(name) === undefined ? [] : [[name, get(name)]])));
}

/** Regular files of a credential's size alone: a device or a pipe would keep the run waiting for ever. */
function readText(path: string, most = 65_536): string {
  const stat = statSync(path);
  if (!stat.isFile() || stat.size > most) throw new Error("not a small file");
  return readFileSync(path, "utf8");
}

function newEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > FLOOR[0] || (major === FLOOR[0] && minor >= FLOOR[1]);
}

function supported(version: number): boolean {
  return version === 1;
}

/**
 * The provider process prints `${error}: ${error.stack}`, and the engine shows its message: both are one line, the same, and nothing else
 * of it.
 */
function bare(error: unknown): unknown {
  const plain = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof Error) || OURS.includes(error.name)) {
    const [who = "", ...rest] = plain.message.split(": ");
    plain.toString = () => who;
    plain.stack = rest.join(": ");
  }
  return plain;
}

/** Errors whose messages are written for people; of others the stack is what helps to mend them. */
const OURS: readonly string[] = ["KeyError", "Partial"];
