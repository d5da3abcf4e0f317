#!/usr/bin/env node
// The entry of the command: looks at Node's version before anything else is loaded, since the libraries behind it can't
// be loaded at all by an older one.

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `exchange-keys needs Node 22.12 or newer, and this is ${process.versions.node}: install a newer one and run the command again.\n`,
  );
  process.exitCode = 2;
} else {
  process.on("uncaughtException", crashed).on("unhandledRejection", crashed);
  void import("./program.js").then(async ({ run }) => {
    process.exitCode = await run(process.argv);
  }, crashed);
}

/** Node itself would end with 1, which says "it differs" here. Words of an error that nobody foresaw may hold anything, so they aren't told. */
function crashed(error: unknown): void {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  // Who reads what is printed has gone: nothing can be said any more, and nothing is wrong with us.
  if (code === "EPIPE") process.exit(3);
  const what = [code, name].find((each) => typeof each === "string" && /^\w{1,60}$/.test(each));
  process.stderr.write(
    `exchange-keys ended by a mistake of its own (${String(what ?? "no error")}), so that nothing is known; install it again, or report it.\n`,
  );
  process.exit(3);
}

export {};
