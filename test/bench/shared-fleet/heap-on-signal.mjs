// Loaded before the program, with --expose-gc: SIGUSR2 collects, and tells in bytes what lives. RSS also has what V8 has not given back.
process.on("SIGUSR2", () => {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write(`lives after collection: ${heapUsed + external}\n`);
});
