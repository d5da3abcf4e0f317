// Runs as a process of its own under the pinned Node, so that release.mjs can end it: installs a Pulumi CLI.
// Arguments: version, folder. CommonJS, like the module that it loads.

const { PulumiCommand } = require("@pulumi/pulumi/automation");
const { SemVer } = require("semver");

const [version, root] = process.argv.slice(2);

PulumiCommand.install({ version: new SemVer(version), root }).catch((error) => {
  console.error(
    String(error.message ?? error)
      .replace(/\s+/g, " ")
      .trim(),
  );
  process.exit(1);
});
