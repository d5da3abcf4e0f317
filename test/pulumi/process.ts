// The dynamic-provider process of @pulumi/pulumi, started and asked as the engine does it, with plain objects in and out. The engine is
// a stand-in: an address that accepts connections, and the other end of standard input.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as status from "@pulumi/pulumi/proto/status_pb";
import * as struct from "google-protobuf/google/protobuf/struct_pb";
import { root, type Properties } from "./program";

const command = join(root, "node_modules/@pulumi/pulumi/cmd/dynamic-provider");
const guard = join(root, "test/network-guard.cjs");

/** What the engine does with an error: it shows the message, or else the reasons, and records the properties. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(
    message: string,
    readonly partial: { readonly id: string; readonly properties: Properties; readonly reasons: readonly string[] } | undefined,
  ) {
    super(message);
  }
}

export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

export interface Differing {
  readonly changes: boolean;
  readonly replaces: readonly string[];
  readonly deletesFirst?: true;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
}

/** The engine as the process sees it. */
class StandIn {
  readonly #sockets = new Set<Socket>();
  private constructor(private readonly server: Server) {
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
    });
  }

  static async open(): Promise<StandIn> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new StandIn(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, "close");
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

export class ProviderProcess {
  readonly #client: ResourceProviderClient;

  private constructor(
    private readonly child: ChildProcess,
    private readonly engine: StandIn,
    /** Its exit code, once it has ended; null when it was killed. */
    readonly ended: Promise<number | null>,
    private readonly heard: { text: string },
    port: number,
  ) {
    this.#client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** Starts the process and hands it the configuration, which is settled when its first question is. */
  static async start(config: Readonly<Record<string, string>>, { env = {} }: StartOptions = {}): Promise<ProviderProcess> {
    const engine = await StandIn.open();
    const child = spawn(process.execPath, [command, engine.address], {
      cwd: root,
      env: { PATH: process.env["PATH"], NODE_OPTIONS: `--require=${guard}`, ...env },
      stdio: "pipe",
    });
    child.stdin.on("error", () => undefined);
    const ended = once(child, "close").then(([code]) => code as number | null);
    const heard = { text: "" };
    const port = new Promise<number>((resolve, reject) => {
      let listening = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (heard.text += text));
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        if (/^\d+\n/.test(listening)) {
          heard.text += text;
          return;
        }
        listening += text;
        const [, number, rest] = /^(\d+)\n([^]*)$/.exec(listening) ?? [];
        if (number === undefined) return;
        heard.text += rest;
        resolve(Number(number));
      });
      void ended.then(() => reject(new Error(`the provider process ended before it listened: ${heard.text}`)));
    });
    const started = new ProviderProcess(child, engine, ended, heard, await port);
    await started.configure(config);
    return started;
  }

  /** All that it printed, but for the line with its port. */
  get printed(): string {
    return this.heard.text;
  }

  async configure(config: Readonly<Record<string, string>>): Promise<void> {
    const request = new messages.ConfigureRequest();
    request.setArgs(toStruct(config));
    await this.#ask((client, answer: Answer<unknown>) => client.configure(request, answer));
  }

  async check(news: Properties, olds: Properties = {}): Promise<Checked> {
    const request = new messages.CheckRequest();
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const response = await this.#ask((client, answer: Answer<messages.CheckResponse>) => client.check(request, answer));
    const failures = response.getFailuresList().map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
    return { inputs: fromStruct(response.getInputs()), failures };
  }

  /** `deletesFirst` is there where the engine is told to. */
  async diff(id: string, olds: Properties, news: Properties): Promise<Differing> {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const response = await this.#ask((client, answer: Answer<messages.DiffResponse>) => client.diff(request, answer));
    const { DIFF_SOME } = messages.DiffResponse.DiffChanges;
    const deletesFirst = response.getDeletebeforereplace() ? { deletesFirst: true as const } : {};
    return { changes: response.getChanges() === DIFF_SOME, replaces: response.getReplacesList(), ...deletesFirst };
  }

  async create(news: Properties): Promise<{ readonly id: string; readonly outs: Properties }> {
    const request = new messages.CreateRequest();
    request.setProperties(toStruct(news));
    const response = await this.#ask((client, answer: Answer<messages.CreateResponse>) => client.create(request, answer));
    return { id: response.getId(), outs: fromStruct(response.getProperties()) };
  }

  /** As a refresh asks: the old outputs alone. An empty id means that the resource is gone. */
  async read(id: string, outs: Properties): Promise<{ readonly id: string; readonly outs: Properties; readonly inputs: Properties }> {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(toStruct(outs));
    const response = await this.#ask((client, answer: Answer<messages.ReadResponse>) => client.read(request, answer));
    return { id: response.getId(), outs: fromStruct(response.getProperties()), inputs: fromStruct(response.getInputs()) };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const response = await this.#ask((client, answer: Answer<messages.UpdateResponse>) => client.update(request, answer));
    return fromStruct(response.getProperties());
  }

  async delete(id: string, outs: Properties): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(toStruct(outs));
    await this.#ask((client, answer: Answer<unknown>) => client.delete(request, answer));
  }

  /** What kill -9 of the engine does: its address refuses, and standard input ends. */
  async killEngine(): Promise<void> {
    await this.engine.close();
    this.child.stdin?.end();
  }

  /** Standard input ends, while the engine's address still answers. */
  endInput(): void {
    this.child.stdin?.end();
  }

  /** The engine's address refuses, whatever standard input does. */
  async closeEngineAddress(): Promise<void> {
    await this.engine.close();
  }

  /** Ends it from outside, as the engine ends its plugins. */
  async end(): Promise<void> {
    this.#client.close();
    this.child.kill("SIGKILL");
    await this.ended;
    await this.engine.close();
  }

  #ask<T>(call: (client: ResourceProviderClient, answer: Answer<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      call(this.#client, (error, value) => {
        if (error === null) resolve(value);
        else reject(refused(error));
      });
    });
  }
}

type Answer<T> = (error: ServiceError | null, value: T) => void;

function refused(error: ServiceError): Refused {
  const [packed] = error.metadata.get("grpc-status-details-bin");
  if (packed === undefined) return new Refused(error.details, undefined);
  const [details] = status.Status.deserializeBinary(packed as Buffer).getDetailsList();
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(details!.getValue_asU8());
  const partial = { id: failed.getId(), properties: fromStruct(failed.getProperties()), reasons: failed.getReasonsList() };
  return new Refused(error.details, partial);
}

function toStruct(properties: Properties): struct.Struct {
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, struct.JavaScriptValue>);
}

function fromStruct(given: struct.Struct | undefined): Properties {
  return given?.toJavaScript() ?? {};
}
