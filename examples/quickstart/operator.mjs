// The person of a ceremony, by script, so that the story needs nobody: comes in with the code that the command prints, does at the console
// what the page says and nothing else, and brings key and secret back.

import { NotAsTold } from "./stage.mjs";
import { note } from "./screen.mjs";

/** Does all tasks of the ceremony whose words and code `line` brings; `desk` is the person at the exchange's console. */
export async function operate(line, desk) {
  const address = await line(/Ceremony: (http:\/\/127\.0\.0\.1:\d+)/);
  const code = await line(/type this code there: (\S+)/);
  let tab;

  async function call(path, body) {
    const headers = {
      "content-type": "application/json",
      "sec-fetch-site": "same-origin",
      origin: address,
      ...(tab === undefined ? {} : { "x-ceremony-tab": tab }),
    };
    const answer = await fetch(`${address}/api/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new NotAsTold(`the ceremony's page refuses ${path} (HTTP ${answer.status})`);
    return answer.json();
  }

  ({ tab } = await call("code", { code }));
  const done = [];
  for (const { id } of (await call("tasks", { seen: -1 })).tasks) {
    const task = ({ tasks }) => tasks.find((each) => each.id === id);
    const before = task(await call("begin", { id }));
    let after;
    if (before.does === "create") {
      note(`(operator) ${before.title}: ${describe(before)}`);
      const { apiKey, apiSecret } = await desk.make(before);
      after = task(await call("submit", { id, apiKey, apiSecret }));
    } else {
      note(`(operator) ${before.title}: revokes the key labelled "${before.label}"`);
      await desk.revoke(before.label);
      after = task(await call("attest", { id }));
    }
    if (after.phase !== "done") throw new NotAsTold(`the ceremony says: ${after.findings.map(({ text }) => text).join(" ")}`);
    done.push(after);
  }
  return done;
}

function describe({ rows, allowedIps, label }) {
  const on = rows.filter(({ want }) => want !== "none").map(({ title, want }) => `${title} ${want}`);
  return `sets ${on.join(", ")}, all else off; allows ${allowedIps.map(({ address }) => address).join(", ")}; labels it "${label}"`;
}
