// Loaded before the program: SIGUSR2 blocks its only thread for so long, as a debugger or a long computation would.
const FOREVER = new Int32Array(new SharedArrayBuffer(4));
process.on("SIGUSR2", () => void Atomics.wait(FOREVER, 0, 0, Number(process.env["STALL_MS"])));
