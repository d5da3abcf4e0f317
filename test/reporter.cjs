// The last line of a run: `N passed, N failed`, with `, N skipped` if any. A test file that fails to load counts as failed, and so do
// the steps before Jest (scripts/test.mjs hands them over in EXCHANGE_KEYS_STEPS).

class ClosingLine {
  onRunComplete(_contexts, results) {
    const steps = JSON.parse(process.env.EXCHANGE_KEYS_STEPS ?? "{}");
    for (const name of steps.failed ?? []) process.stderr.write(`Failed before the tests: ${name} (its output is above).\n`);
    const passed = results.numPassedTests + (steps.passed ?? []).length;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + (steps.failed ?? []).length;
    const skipped = results.numPendingTests + results.numTodoTests;
    // On exit, so that nothing of Jest's own comes after it.
    process.on("exit", () => process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`));
  }
}

module.exports = ClosingLine;
