// `npm run bench`: figures and ratios of one run, to be read by people; nothing passes or fails. docs/performance.md says what they mean.
// `--quick` measures each once, with fewer tokens; names of parts (`lifecycle load memory pace ceremony review venues paces wide policy`) measure those alone.

import { cpus } from "node:os";
import { Bench, FULL, QUICK } from "./bench";
import { ceremony } from "./ceremony";
import { lifecycle } from "./lifecycle";
import { load } from "./load";
import { memory } from "./memory";
import { pace } from "./pace";
import { policy } from "./policy";
import { review } from "./review";
import { paces, venues, wide } from "./venues";

const PARTS = {
  lifecycle: ["Bare dynamic resources and tokens", lifecycle],
  load: ["What a program loads and registers", load],
  memory: ["Memory of the provider process", memory],
  pace: ["Under a limit of requests", pace],
  ceremony: ["A ceremony of forty keys", ceremony],
  review: ["A review of ten thousand steps", review],
  venues: ["Each venue's keys", venues],
  paces: ["Under each venue's own limits", paces],
  wide: ["A long list of other people's keys", wide],
  policy: ["A policy pack", policy],
} as const;

async function main(args: readonly string[]): Promise<void> {
  const named = args.filter((arg) => arg !== "--quick");
  const wrong = named.find((name) => !Object.hasOwn(PARTS, name));
  if (wrong !== undefined) throw new Error(`no part "${wrong}"; there is ${Object.keys(PARTS).join(", ")}, and --quick`);
  const bench = await Bench.open(args.includes("--quick") ? QUICK : FULL);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => void bench.close().then(() => process.exit(130)));
  try {
    const system = `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${process.platform}, Node ${process.version}`;
    console.log(`One run on ${system}. Several figures: median (least–greatest).`);
    for (const [name, [title, measure]] of Object.entries(PARTS)) {
      if (named.length === 0 || named.includes(name)) console.log(`\n## ${title}\n\n${await measure(bench)}`);
    }
  } finally {
    await bench.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
