// What the Pulumi Kubernetes Operator, version 2, takes: `Stack` and `Program` of pulumi.com/v1, as its published definitions say it.
// Sources, of github.com/pulumi/pulumi-kubernetes-operator: deploy/helm/pulumi-operator/crds/pulumi.com_stacks.yaml at commit
// 0d34c847fba14ca4abacd3c2b89869ebca3e0398, deploy/crds/pulumi.com_programs.yaml at commit 0a08eb8a62b7e4bef81af8eec2a32ddd1a2abed8,
// operator/api/auto/v1alpha1/workspace_types.go at commit 020f7c13de5ccd58b28dc7e0ebe6d999f0acf4f8. Deprecated members are left out.

import { z } from "zod";

const name = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
const text = z.string().min(1);
const metadata = z.strictObject({ name, namespace: name, labels: z.record(z.string(), z.string()).optional() });

const resourceRef = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("Env"), env: z.strictObject({ name: text }) }),
  z.strictObject({ type: z.literal("FS"), filesystem: z.strictObject({ path: text }) }),
  z.strictObject({ type: z.literal("Secret"), secret: z.strictObject({ name, key: text }) }),
  z.strictObject({ type: z.literal("Literal"), literal: z.strictObject({ value: z.string() }) }),
]);

/** Of the pod, the members that are merged into the operator's own; Kubernetes' schema for the rest. */
const podSpec = z.strictObject({
  terminationGracePeriodSeconds: z.number().int().optional(),
  securityContext: z.strictObject({ fsGroup: z.number().int() }).optional(),
  containers: z
    .array(
      z.strictObject({
        name: z.literal("pulumi"),
        volumeMounts: z.array(z.strictObject({ name, mountPath: text, readOnly: z.boolean().optional() })),
      }),
    )
    .optional(),
  volumes: z
    .array(
      z.union([
        z.strictObject({ name, persistentVolumeClaim: z.strictObject({ claimName: name }) }),
        z.strictObject({ name, secret: z.strictObject({ secretName: name, defaultMode: z.number().int() }) }),
      ]),
    )
    .optional(),
});

const quantities = z.strictObject({ cpu: text.optional(), memory: text.optional() });
const workspaceSpec = z.strictObject({
  serviceAccountName: name.optional(),
  securityProfile: z.enum(["baseline", "restricted"]).optional(),
  image: text.optional(),
  imagePullPolicy: z.enum(["Always", "Never", "IfNotPresent"]).optional(),
  env: z.array(z.strictObject({ name: text, value: z.string() })).optional(),
  resources: z.strictObject({ requests: quantities.optional(), limits: quantities.optional() }).optional(),
  podTemplate: z.strictObject({ spec: podSpec }).optional(),
});

export const stackSchema = z.strictObject({
  apiVersion: z.literal("pulumi.com/v1"),
  kind: z.literal("Stack"),
  metadata,
  spec: z
    .strictObject({
      stack: text,
      backend: text.optional(),
      branch: text.optional(),
      commit: text.optional(),
      projectRepo: text.optional(),
      repoDir: text.optional(),
      shallow: z.boolean().optional(),
      gitAuth: z.strictObject({ accessToken: resourceRef.optional() }).optional(),
      programRef: z.strictObject({ name }).optional(),
      envRefs: z.record(z.string(), resourceRef).optional(),
      environment: z.array(text).optional(),
      secretsProvider: text.optional(),
      serviceAccountName: name.optional(),
      continueResyncOnCommitMatch: z.boolean().optional(),
      destroyOnFinalize: z.boolean().optional(),
      expectNoRefreshChanges: z.boolean().optional(),
      prerequisites: z
        .array(
          z.strictObject({ name, requirement: z.strictObject({ succeededWithinDuration: z.string().regex(/^\d+[smh]$/) }).optional() }),
        )
        .optional(),
      preview: z.boolean().optional(),
      refresh: z.boolean().optional(),
      resyncFrequencySeconds: z.number().int().min(60).optional(),
      retryMaxBackoffDurationSeconds: z.number().int().optional(),
      retryOnUpdateConflict: z.boolean().optional(),
      targets: z.array(text).optional(),
      targetDependents: z.boolean().optional(),
      useLocalStackOnly: z.boolean().optional(),
      workspaceReclaimPolicy: z.enum(["Retain", "Delete"]).optional(),
      workspaceTemplate: z.strictObject({ spec: workspaceSpec }).optional(),
    })
    .refine(({ projectRepo, programRef }) => (projectRepo === undefined) !== (programRef === undefined), "one source")
    .refine(
      ({ projectRepo, branch, commit }) => projectRepo === undefined || (branch === undefined) !== (commit === undefined),
      "branch or commit",
    ),
});

const option = z.strictObject({
  additionalSecretOutputs: z.array(text).optional(),
  dependsOn: z.array(z.unknown()).optional(),
  protect: z.boolean().optional(),
});

export const programSchema = z.strictObject({
  apiVersion: z.literal("pulumi.com/v1"),
  kind: z.literal("Program"),
  metadata,
  program: z.strictObject({
    configuration: z.record(z.string(), z.unknown()).optional(),
    outputs: z.record(z.string(), z.unknown()).optional(),
    packages: z.record(z.string(), z.string()).optional(),
    variables: z.record(z.string(), z.unknown()).optional(),
    resources: z.record(
      z.string(),
      z.strictObject({ type: text, properties: z.record(z.string(), z.unknown()).optional(), options: option.optional() }),
    ),
  }),
});
