import { formatDuration } from "../../kit/duration.ts";

/** "3m12s" since an RFC 3339 time; "" where there is none. */
export function age(time: string | undefined, now: number): string {
  const since = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(since) ? "" : formatDuration(Math.max(1000, now - since));
}
