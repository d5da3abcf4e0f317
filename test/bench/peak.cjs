// Preloaded into the command that is measured: says at its end what memory it had at most, in kilobytes, and what time of processors, in microseconds.

process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write(`peak ${maxRSS} ${userCPUTime + systemCPUTime}\n`);
});
