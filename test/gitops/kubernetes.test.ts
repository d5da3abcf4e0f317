// The manifests of examples/gitops/kubernetes: of the operator's shape, agreeing with each other, and with the managing credentials in one place.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { programSchema, stackSchema } from "./operator";

const yaml = require(require.resolve("js-yaml", { paths: [require.resolve("@pulumi/pulumi")] })) as { loadAll(text: string): unknown[] };

const EXAMPLES = join(__dirname, "../../examples/gitops");
const FOLDER = join(EXAMPLES, "kubernetes");

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly subjects?: readonly { readonly name: string; readonly namespace: string }[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
const all = files.flatMap((file) => yaml.loadAll(readFileSync(join(FOLDER, file), "utf8")) as Manifest[]);
const of = (kind: string): readonly Manifest[] => all.filter((each) => each.kind === kind);
const stacks = of("Stack").map((each) => stackSchema.parse(each));
const has = (kind: string, name: string): boolean => of(kind).some(({ metadata }) => metadata.name === name);

test("the operator's kinds are of its shape; the others are Kubernetes' own", () => {
  expect(stacks.map(({ metadata }) => metadata.name)).toEqual(["handover", "exchange-keys"]);
  expect(of("Program").map((each) => programSchema.parse(each).metadata.name)).toEqual(["handover"]);
  const kinds = {
    v1: ["Namespace", "PersistentVolumeClaim", "ServiceAccount"],
    "apps/v1": ["Deployment"],
    "pulumi.com/v1": ["Program", "Stack"],
  };
  const rbac = { "rbac.authorization.k8s.io/v1": ["ClusterRoleBinding", "Role", "RoleBinding"] };
  for (const [apiVersion, expected] of Object.entries({ ...kinds, ...rbac })) {
    expect([...new Set(all.filter((each) => each.apiVersion === apiVersion).map(({ kind }) => kind))].sort()).toEqual(expected);
  }
});

test("the shape refuses what the operator would", () => {
  const [stack] = of("Stack");
  const spec = (changes: object): unknown => ({ ...stack, spec: { ...stack!.spec, ...changes } });
  for (const wrong of [
    { resyncFrequencySeconds: 5 },
    { unknown: true },
    { projectRepo: "https://x" },
    { envRefs: { A: { type: "Secret" } } },
  ]) {
    expect(stackSchema.safeParse(spec(wrong)).success).toBe(false);
  }
  expect(stackSchema.safeParse(spec({})).success).toBe(true);
});

test("each reference leads somewhere", () => {
  for (const { spec } of stacks) {
    if (spec.programRef !== undefined) expect(has("Program", spec.programRef.name)).toBe(true);
    expect(has("ServiceAccount", spec.serviceAccountName!)).toBe(true);
    for (const { name } of spec.prerequisites ?? []) expect(stacks.some(({ metadata }) => metadata.name === name)).toBe(true);
    for (const volume of spec.workspaceTemplate?.spec.podTemplate?.spec.volumes ?? []) {
      expect(has("PersistentVolumeClaim", volume.persistentVolumeClaim.claimName)).toBe(true);
    }
  }
  for (const { subjects = [], roleRef } of [...of("RoleBinding"), ...of("ClusterRoleBinding")]) {
    for (const { name, namespace } of subjects) {
      expect(of("ServiceAccount").some(({ metadata }) => metadata.name === name && metadata.namespace === namespace)).toBe(true);
    }
    if (roleRef!.kind === "Role") expect(has("Role", roleRef!.name)).toBe(true);
  }
  for (const { metadata } of all) if (metadata.namespace !== undefined) expect(has("Namespace", metadata.namespace)).toBe(true);
});

test("every variable that the program's configuration names is given, and to nobody else", () => {
  const configuration = readFileSync(join(EXAMPLES, "github-actions/Pulumi.production.yaml"), "utf8");
  const named = [...configuration.matchAll(/Env: (\w+)$/gm)].map(([, variable]) => variable!);
  const given = Object.fromEntries(stacks.map(({ metadata, spec }) => [metadata.name, Object.keys(spec.envRefs ?? {})]));
  expect(given["exchange-keys"]).toEqual(expect.arrayContaining(named));
  for (const variable of named) expect(given["handover"]).not.toContain(variable);
  const [mount] = stacks[1]!.spec.workspaceTemplate!.spec.podTemplate!.spec.containers![0]!.volumeMounts;
  expect(configuration).toContain(`exchange-keys:journal: ${mount!.mountPath}/`);
});

test("deleting an object revokes nothing, the schedule runs again on the same commit, and secrets aren't logged", () => {
  for (const { spec } of stacks) {
    expect(spec).toMatchObject({ destroyOnFinalize: false, continueResyncOnCommitMatch: true });
    expect(spec.resyncFrequencySeconds).toBeGreaterThanOrEqual(60);
    expect(spec.workspaceTemplate?.spec.image).toMatch(/:3\.\d+\.\d+-nonroot$/);
  }
  expect(JSON.stringify(stacks)).not.toContain("pulumiLogLevel");
});

test("what the Secret is handed over as is what the bot mounts, and what the program exports", () => {
  const text = JSON.stringify(all);
  expect(text).toContain('"secretName":"hedge-credential"');
  const [program] = of("Program").map((each) => programSchema.parse(each).program.resources);
  const data = program!["hedge"]!.properties!["stringData"] as Record<string, string>;
  expect(Object.keys(data)).toEqual(["venue", "environment", "apiKey", "apiSecret"]);
  const index = readFileSync(join(EXAMPLES, "github-actions/index.ts"), "utf8");
  expect(index).toContain("export const credentials = { hedge: hedge.credential");
  const project = readFileSync(join(EXAMPLES, "github-actions/Pulumi.yaml"), "utf8");
  expect(program!["keys"]!.properties!["name"]).toBe(`organization/${/^name: (.*)$/m.exec(project)![1]}/production`);
});
