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
  readonly rules?: unknown;
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
      if ("persistentVolumeClaim" in volume) expect(has("PersistentVolumeClaim", volume.persistentVolumeClaim.claimName)).toBe(true);
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

test("a service account may do what it is there for: write one Secret, answer the operator, and nothing else", () => {
  const secret = { apiGroups: [""], resources: ["secrets"] };
  expect(of("Role").map(({ metadata, rules }) => [metadata.namespace, rules])).toEqual([
    [
      "bots",
      [
        { ...secret, verbs: ["create"] },
        { ...secret, resourceNames: ["hedge-credential"], verbs: ["get", "patch", "update", "delete"] },
      ],
    ],
  ]);
  const bound = of("ClusterRoleBinding").map(({ roleRef, subjects }) => [roleRef!.name, subjects!.map(({ name }) => name)]);
  expect(bound).toEqual([
    ["system:auth-delegator", ["handover"]],
    ["system:auth-delegator", ["exchange-keys"]],
  ]);
  expect(of("RoleBinding").map(({ roleRef, subjects }) => [roleRef!.kind, subjects!.map(({ name }) => name)])).toEqual([
    ["Role", ["handover"]],
  ]);
});

test("pods that hold a credential are restricted, and the stack of production isn't made by mistake", () => {
  expect(stacks.map(({ spec }) => spec.workspaceTemplate!.spec.securityProfile)).toEqual(["restricted", "restricted"]);
  expect(stacks[1]!.spec.useLocalStackOnly).toBe(true);
  const namespace = of("Namespace").find(({ metadata }) => metadata.name === "exchange-keys")! as unknown as {
    metadata: { labels: object };
  };
  expect(namespace.metadata.labels).toEqual({ "pod-security.kubernetes.io/enforce": "restricted" });
});

test("the bot's pod has its Secret, for its own group alone, and no token of the cluster's", () => {
  const [{ spec }] = of("Deployment") as [Manifest];
  const { strategy, template } = spec as { strategy: unknown; template: { spec: Record<string, unknown> } };
  expect(strategy).toEqual({ type: "Recreate" });
  const { automountServiceAccountToken, securityContext, containers } = template.spec;
  expect(automountServiceAccountToken).toBe(false);
  const user = 10001;
  expect(securityContext).toEqual({ runAsNonRoot: true, runAsUser: user, fsGroup: user, seccompProfile: { type: "RuntimeDefault" } });
  expect(containers).toMatchObject([
    { securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } } },
  ]);
  // Read as text: YAML's versions differ about such a number.
  for (const file of files) {
    const text = readFileSync(join(FOLDER, file), "utf8");
    expect([file, text.match(/^ *defaultMode: .*$/gm)?.map((line) => line.trim())]).toEqual([file, ["defaultMode: 0440"]]);
    expect(text.match(/secretName:/g)).toHaveLength(1);
  }
});

test("who hands over has a role of its own, and the passphrase is a file", () => {
  const named = (index: number): readonly string[] => {
    const names = [...JSON.stringify(stacks[index]).matchAll(/"secret":\{"name":"([^"]+)"|"secretName":"([^"]+)"/g)];
    return [...new Set(names.map(([, ref, volume]) => (ref ?? volume)!))].sort();
  };
  expect(named(0)).toEqual(["pulumi-passphrase", "pulumi-state-handover"]);
  expect(named(1)).toEqual(["bybit-master", "bybit-observer", "git", "pulumi-passphrase", "pulumi-state"]);
  for (const { spec } of stacks) {
    expect(Object.keys(spec.envRefs!)).not.toContain("PULUMI_CONFIG_PASSPHRASE");
    expect(spec.envRefs!["PULUMI_CONFIG_PASSPHRASE_FILE"]).toEqual({ type: "Literal", literal: { value: "/run/passphrase/passphrase" } });
    const pod = spec.workspaceTemplate!.spec.podTemplate!.spec;
    expect(pod.containers![0]!.volumeMounts).toContainEqual({ name: "passphrase", mountPath: "/run/passphrase", readOnly: true });
    expect(pod.securityContext).toEqual({ fsGroup: 1000 });
    if (spec.projectRepo !== undefined) expect(spec.gitAuth).toBeDefined();
  }
  const readme = readFileSync(join(FOLDER, "README.md"), "utf8");
  for (const name of [...named(0), ...named(1)]) expect(readme).toContain(`create secret generic ${name} `);
});
