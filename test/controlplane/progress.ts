import { performance } from "node:perf_hooks";

/** Says on stderr which step is running and for how many seconds: one living line on a terminal, a line now and then in a log. */
export interface Progress {
  /** Runs `work` under this title. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  say(line: string): void;
}

const LOG_EVERY_MS = 15_000;
const REDRAW_EVERY_MS = 1_000;

/** `label` begins each line. */
export function terminalProgress(label = "controlplane", stream: NodeJS.WriteStream = process.stderr): Progress {
  const say = (line: string) => void stream.write(`${label}: ${line}\n`);
  return {
    say,
    async step(title, work) {
      const started = performance.now();
      const draw = () => drawStep(stream, `${label}: ${title}, ${secondsSince(started)} s`);
      draw();
      const timer = setInterval(draw, stream.isTTY ? REDRAW_EVERY_MS : LOG_EVERY_MS);
      try {
        const result = await work();
        say(`${title}: done in ${secondsSince(started)} s`);
        return result;
      } finally {
        clearInterval(timer);
      }
    },
  };
}

function drawStep(stream: NodeJS.WriteStream, line: string): void {
  stream.write(stream.isTTY ? `\r\u001b[K${line}\r` : `${line}\n`);
}

function secondsSince(started: number): number {
  return Math.round((performance.now() - started) / 1000);
}
