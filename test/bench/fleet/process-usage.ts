import { readFileSync } from "node:fs";

/** Of /proc, in hundredths of a second on every Linux that Node runs on. Source: proc_pid_stat(5), sysconf(3). */
const TICKS_A_SECOND = 100;

/** Megabytes (2^20): what is resident now, and what was at the highest. Needs Linux. */
export function memoryOf(pid: number | undefined): { resident: number; highest: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
  return { resident: megabytes("VmRSS"), highest: megabytes("VmHWM") };
}

/** Seconds on processors so far, of all threads, in user and kernel mode. */
export function cpuSecondsOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name of the program stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}
