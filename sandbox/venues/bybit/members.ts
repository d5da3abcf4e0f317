// The endpoints for sub-accounts: create, list, freeze, delete, and the demo account. Apart from those for keys: they are
// here so that a managing key's whole reach can be seen.

import { z } from "zod";
import type { Call } from "./endpoints";
import { paramsOf } from "./input";
import { addAccount, nextUid, type Account } from "./state";
import { asMember } from "./wire";

/** The master's sub-accounts; a demo account is none of them. */
function subsOf({ caller, state }: Call): Account[] {
  return state.accounts.filter((account) => account.masterUid === caller.account.uid && account.deletedAt === null && !account.demo);
}

/** 6 to 16 letters and digits, both; never the same twice, not even after a deletion. Source: v5/user/create-subuid */
const username = z
  .string()
  .regex(/^[A-Za-z0-9]{6,16}$/)
  .regex(/[A-Za-z]/)
  .regex(/\d/);
/** 8 to 30 characters with digit, capital and small letter. */
const password = z
  .string()
  .regex(/^.{8,30}$/)
  .regex(/\d/)
  .regex(/[A-Z]/)
  .regex(/[a-z]/);

const creation = z.looseObject({
  username,
  password: password.nullish(),
  memberType: z.union([z.literal(1), z.literal(6)]),
  switch: z.union([z.literal(0), z.literal(1)]).nullish(),
  note: z.string().nullish(),
});

/** `POST create-sub-member` */
export function create(call: Call): unknown {
  const { caller, state, clock, refusals } = call;
  const params = paramsOf(call, creation);
  if (state.accounts.some((account) => account.username === params.username)) throw refusals.refused("username: taken");
  const { username, memberType } = params;
  const wanted = { uid: nextUid(state), masterUid: caller.account.uid, username, memberType, remark: params.note ?? "" };
  const { uid, status, remark } = addAccount(state, clock.now(), wanted);
  return { uid, username, memberType, status, remark };
}

/** `GET query-sub-members`: up to 1,000. Source: v5/user/subuid-list */
export function list(call: Call): unknown {
  return { subMembers: subsOf(call).slice(0, 1_000).map(asMember) };
}

const paging = z.looseObject({
  pageSize: z.coerce.number().int().min(1).max(100).default(100),
  nextCursor: z.string().regex(/^\d+$/).default("0"),
});

/** `GET submembers`: by pages of up to 100; "0" means no more. Source: v5/user/page-subuid */
export function page(call: Call): unknown {
  const { pageSize, nextCursor } = paramsOf(call, paging);
  const rest = subsOf(call).filter(({ uid }) => Number(uid) > Number(nextCursor));
  const found = rest.slice(0, pageSize);
  return { subMembers: found.map(asMember), nextCursor: rest.length > pageSize ? (found.at(-1)?.uid ?? "0") : "0" };
}

/** `POST frozen-sub-member`. Source: v5/user/froze-subuid */
export function freeze(call: Call): unknown {
  const params = paramsOf(call, z.looseObject({ subuid: z.int(), frozen: z.union([z.literal(0), z.literal(1)]) }));
  const sub = call.keys.subOf(call.caller.account, String(params.subuid));
  if (!sub) throw call.refusals.unknownSub();
  sub.status = params.frozen === 1 ? 4 : 1;
  return {};
}

/** `POST del-submember`: refused above 0.001 USDT. Source: v5/user/rm-subuid */
export function remove(call: Call): unknown {
  const { subMemberId } = paramsOf(call, z.looseObject({ subMemberId: z.string() }));
  const sub = call.keys.subOf(call.caller.account, subMemberId);
  if (!sub) throw call.refusals.unknownSub();
  if (sub.usdt > 0.001) throw call.refusals.refused("subMemberId: it has assets");
  sub.deletedAt = call.clock.now();
  return {};
}

/** `POST create-demo-member`: "If demo account is existing, this POST request will return the existing UID directly". Source: v5/demo */
export function demo({ caller, state, clock }: Call): unknown {
  const { uid: masterUid, username } = caller.account;
  const there = state.accounts.find((account) => account.masterUid === masterUid && account.demo);
  const made =
    there ?? addAccount(state, clock.now(), { uid: nextUid(state), masterUid, username: `${username}demo`, demo: true, usdt: 50_000 });
  return { subMemberId: made.uid };
}
