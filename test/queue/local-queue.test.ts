import { describe } from "vitest";
import { createLocalQueue, type QueueFactory, type WorkQueue } from "../../src/queue/index.ts";
import { until } from "../e2e/until.ts";
import { queueContract } from "./contract.ts";

describe("the queue of one process", () => {
  queueContract(async () => {
    let queue: WorkQueue<never> | undefined;
    const create: QueueFactory = (options) => {
      const made = createLocalQueue(options);
      queue = made as unknown as WorkQueue<never>;
      return made;
    };
    return {
      create,
      waiting: async (count) => void (await until(`${count} to wait`, () => queue?.depth === count)),
      close: async () => {},
    };
  });
});
