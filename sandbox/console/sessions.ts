// Browser sessions of a console: who is signed in where, and what they are in the middle of. Plain data in the store, so
// that they survive a restart with a state file.

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../clock";

/** Ours, since no venue says: a session ends so long after it began or was signed in to. */
const LASTS_MS = 24 * 3_600_000;
/** Ours: the oldest are dropped beyond this number, of those that are somebody's and of those that are nobody's yet. */
const KEPT = 200;

export const sessionSchema = z.strictObject({
  id: z.string(),
  /** Forms of this session are signed with it. */
  secret: z.string(),
  since: z.number(),
  /** Nobody, somebody whose password was right, somebody who is in. */
  stage: z.enum(["nobody", "code", "in"]),
  account: z.string().nullable(),
  /** What waits for a one-time code: the venue's own business. */
  pending: z.json().nullable(),
});

export type Session = z.infer<typeof sessionSchema>;

export class Sessions {
  constructor(
    private readonly sessions: Session[],
    private readonly clock: Clock,
  ) {}

  find(id: string | undefined): Session | undefined {
    const session = this.sessions.find((candidate) => candidate.id === id);
    return session && this.clock.now() - session.since < LASTS_MS ? session : undefined;
  }

  open(): Session {
    const session: Session = { id: random(), secret: random(), since: this.clock.now(), stage: "nobody", account: null, pending: null };
    const live = this.sessions.filter((candidate) => this.find(candidate.id) !== undefined);
    const nobodys = live.filter(({ stage }) => stage === "nobody").slice(1 - KEPT);
    const others = live.filter(({ stage }) => stage !== "nobody").slice(-KEPT);
    this.sessions.splice(0, this.sessions.length, ...others, ...nobodys, session);
    return session;
  }

  /** A session in the place of `former`, with a new id: an id from before a sign-in is worth nothing after it. */
  renew(former: Session, stage: "code" | "in", account: string): Session {
    this.close(former);
    return Object.assign(this.open(), { stage, account });
  }

  close(session: Session): void {
    const index = this.sessions.indexOf(session);
    if (index >= 0) this.sessions.splice(index, 1);
  }
}

/** The hidden value that a form of this session carries; another for each form. */
export function formToken(session: Session, form: string): string {
  return createHmac("sha256", session.secret).update(form).digest("base64url");
}

export function sameText(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHmac("sha256", "same").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function random(): string {
  return randomBytes(32).toString("base64url");
}
