import { Counter, Gauge, type Registry } from "prom-client";
import type { RedisEvent } from "../model/index.ts";

/** Counts what happens between the queue and Redis. */
export function redisMetrics(registry: Registry): (event: RedisEvent) => void {
  const series = seriesOf([registry]);
  return (event) => {
    switch (event.kind) {
      case "up":
        series.up.set(Number(event.isUp));
        if (event.why !== undefined) series.losses.inc({ reason: event.why });
        break;
      case "answered":
        series.answer.set(event.ms / 1000);
        break;
      case "evicts":
        series.evicts.set(Number(event.mayEvict));
        break;
      case "emptied":
        series.losses.inc({ reason: event.kind });
        break;
      default:
        series[event.kind].inc();
    }
  };
}

function seriesOf(registers: Registry[]) {
  return {
    up: new Gauge({
      name: "plumbline_redis_up",
      help: "1 while Redis does its part: gives the turns, or shows the replicas to one another.",
      registers,
    }),
    losses: new Counter({
      name: "plumbline_redis_losses_total",
      help: "How often Redis stopped doing its part: away, slow, full, refused (password, rights, certificate), or emptied (or begun anew).",
      labelNames: ["reason"],
      registers,
    }),
    answer: new Gauge({
      name: "plumbline_redis_answer_seconds",
      help: "Time of the last answer of Redis.",
      registers,
    }),
    evicts: new Gauge({
      name: "plumbline_redis_evicts",
      help: "1 where maxmemory-policy is not noeviction, so that Redis may throw away what waits.",
      registers,
    }),
    ...jobSeries(registers),
  };
}

function jobSeries(registers: Registry[]) {
  return {
    seeded: new Counter({
      name: "plumbline_redis_seeds_total",
      help: "How often Redis was told all schedules again.",
      registers,
    }),
    refused: new Counter({
      name: "plumbline_redis_jobs_refused_total",
      help: "Jobs that were thrown away, since they have not the form that Plumbline gives them.",
      registers,
    }),
    "lock-lost": new Counter({
      name: "plumbline_redis_locks_lost_total",
      help: "Passes that were cut short, since Redis may have given their application to another process.",
      registers,
    }),
  };
}
