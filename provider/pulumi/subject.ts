// Which resource is meant: its venue, kind and account by its properties, and what an account must be for it. Asks nobody.

import type { KindManifest, Manifest, NonceUnit, OwnKey, Permissions } from "../core/capability";
import type { AccountFacts, AccountScope } from "../core/driver";
import { KeyError } from "../core/errors";
import { identitySchema } from "../core/inputs";
import type { Grants, Identity } from "../core/model";
import { venue } from "../venues/registry";
import { accountNamed, type AccountSettings, type Settings } from "./settings";
import type { Properties } from "./state";

/** One resource, as its properties name it. */
export interface Subject {
  readonly identity: Identity;
  /** How messages name it: `token "nightly-report"`. */
  readonly title: string;
  readonly manifest: Manifest;
  readonly kindName: string;
  readonly kind: KindManifest;
  readonly alias: string;
  readonly account: AccountSettings;
  /** What the key's holder counts its requests in, where the resource says so. */
  readonly nonceUnit: NonceUnit | undefined;
  /** Where the resource's keys are listed. */
  readonly scope: AccountScope;
  /** What its properties ask for, in the venue's words. */
  wanted(): Grants;
  readonly provider: unknown;
}

/** Whose properties these are. Throws KeyError where their venue, kind or account isn't known here. */
export function subjectOf(properties: Properties, settings: Settings): Subject {
  const { manifest, kind, kindName } = kindOf(properties);
  const alias = String(properties["account"]);
  const account = accountNamed(settings, alias);
  if (account === undefined || account.venue !== manifest.id) {
    throw new KeyError("configuration", {
      venue: manifest.id,
      operation: "find the account",
      cause: `the configuration exchange-keys:accounts has no ${manifest.id} account ${JSON.stringify(alias)}; it has ${Object.keys(settings.accounts).join(", ") || "none"}`,
      wayOut: "add it; refresh and destroy use the configuration in the state, unless --run-program is given",
    });
  }
  const identity = identitySchema.parse(properties["identity"]);
  return {
    identity,
    title: `${kind.noun} "${identity.name}"`,
    manifest,
    kindName,
    kind,
    alias,
    account,
    nonceUnit: kind.options?.(properties).nonceUnit,
    scope: kind.scope?.(properties) ?? {},
    wanted: () => kind.grants(properties["permissions"] as Permissions, properties),
    provider: properties["__provider"],
  };
}

/** The manifest of a resource's venue and kind. Throws KeyError where this release has none. */
export function kindOf(properties: Properties): { readonly manifest: Manifest; readonly kindName: string; readonly kind: KindManifest } {
  const id = String(properties["venue"]);
  const kindName = String(properties["kind"]);
  const manifest = venue(id)?.manifest();
  const kind = manifest !== undefined && Object.hasOwn(manifest.kinds, kindName) ? manifest.kinds[kindName] : undefined;
  if (manifest !== undefined && kind !== undefined) return { manifest, kindName, kind };
  throw new KeyError("state", {
    operation: "find the kind of key",
    cause: `this release has no ${id} ${kindName}`,
    wayOut: "install the release of pulumi-exchange-keys that the program was written for",
  });
}

/** Told before anything is sent: the venue's own refusal may have the code of another mistake. */
export function assertManaging(
  { kind, alias, wanted }: Subject,
  own: OwnKey,
  facts: AccountFacts,
  where: { readonly venue: string; readonly operation: string },
): void {
  const lacks = kind.managing?.(own, facts, wanted()) ?? [];
  if (lacks.length === 0) return;
  throw new KeyError("managing-key", {
    ...where,
    cause: `the managing key of "${alias}" can't manage keys: ${lacks.join("; ")}`,
    wayOut: "edit that key at the venue, or give the account another one",
  });
}
