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
  void import("./program.js").then(async ({ run }) => {
    process.exitCode = await run(process.argv);
  });
}

export {};
