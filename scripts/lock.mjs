// One set-up at a time: a lock file that names its holders, so that what a killed run left is taken over and a living one is waited for.

import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { say } from "./process.mjs";

const pause = 200; // ms between two looks at the lock
const forgotten = 60_000; // ms without a sign of life from another host's holder
const heartbeat = 10_000; // ms
const guardForgotten = 10_000; // ms; the guard is held for microseconds

/**
 * Runs `work` alone among all processes that use the same lock file. `work` gets `hold(child)`: a child counts as holder too, since it
 * may outlive us when we are killed.
 */
export async function withLock(path, waitingFor, work) {
  mkdirSync(dirname(path), { recursive: true });
  await take(path, waitingFor);
  const pids = [process.pid];
  const write = () => replace(path, holder(pids));
  const beat = setInterval(write, heartbeat);
  beat.unref();
  try {
    return await work((child) => {
      pids.push(child.pid);
      write();
    });
  } finally {
    clearInterval(beat);
    rmSync(path, { force: true });
  }
}

async function take(path, waitingFor) {
  for (let told = false; !create(path);) {
    if (isDead(path)) {
      remove(path);
      continue;
    }
    if (!told) say(`Another run is ${waitingFor} just now; waiting for it.`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function holder(pids) {
  return JSON.stringify({ host: hostname(), pids });
}

/** Creates the lock with its content in one step; false when there is one. */
function create(path) {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, holder([process.pid]));
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

function replace(path, content) {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, content);
  renameSync(mine, path);
}

/** Removes a dead lock. Under a guard and looked at again there, or two who saw it dead could remove a fresh one. */
function remove(path) {
  const guard = `${path}.guard`;
  try {
    mkdirSync(guard);
  } catch {
    if (age(guard) > guardForgotten) rmSync(guard, { recursive: true, force: true });
    return;
  }
  try {
    if (isDead(path)) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

function isDead(path) {
  try {
    const { host, pids } = JSON.parse(readFileSync(path, "utf8"));
    return host === hostname() ? !pids.some(isAlive) : age(path) > forgotten;
  } catch {
    return false; // gone meanwhile: the next look tells
  }
}

/** True while a process with this number runs, ours or not. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function age(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
