import { expect, test } from "vitest";
import { Reach } from "../../src/cluster/reach.ts";
import { PlumblineError, toProblem } from "../../src/model/index.ts";

const gone = new PlumblineError("PL-KUBE-UNREACHABLE", {
  message: "https://eu.example cannot be reached (ECONNREFUSED)",
});
/** Lets everything that waits for nothing but its turn go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function reach() {
  let now = 1_000_000;
  const turns: string[] = [];
  const probes: PromiseWithResolvers<void>[] = [];
  const probe = () => {
    const asked = Promise.withResolvers<void>();
    probes.push(asked);
    return asked.promise;
  };
  const made = new Reach({
    name: "prod-eu",
    probe,
    onTurn: () => turns.push(made.state().state),
    now: () => now,
    random: () => 0,
  });
  const refusal = () => {
    try {
      made.admit();
      return undefined;
    } catch (error) {
      return toProblem(error);
    }
  };
  return { made, probes, refusal, pass: (ms: number) => (now += ms), turns };
}

test("one answer that did not come makes no cluster away: a little question decides", async () => {
  const { made, probes, refusal, turns } = reach();
  made.answered();
  made.silent(gone);
  expect(refusal()).toBeUndefined();
  probes[0]?.resolve();
  await settled();
  expect(refusal()).toBeUndefined();
  expect(made.state().state).toBe("Answers");
  expect([probes.length, turns]).toEqual([1, []]);
});

test("a cluster that is away turns everybody away at once, with the reason and its age, and asks one question at a time", async () => {
  const { made, probes, refusal, pass } = reach();
  made.silent(gone);
  made.silent(gone);
  probes[0]?.reject(gone);
  await settled();
  pass(42_000);
  expect(refusal()).toMatchObject({
    code: "PL-CLUSTER-AWAY",
    message: "prod-eu does not answer for 42s: https://eu.example cannot be reached (ECONNREFUSED)",
    where: "cluster prod-eu",
    retry: "soon",
  });
  expect(made.state()).toMatchObject({ state: "Away", since: new Date(1_000_000).toISOString() });
  expect(probes).toHaveLength(1);
  made.stop();
});

test("the first answer ends it, and is told", async () => {
  const { made, probes, refusal, turns } = reach();
  made.silent(gone);
  probes[0]?.reject(gone);
  await settled();
  made.answered();
  expect(refusal()).toBeUndefined();
  expect(turns).toEqual(["Away", "Answers"]);
});

test("home turns nobody away, and its state is known all the same", () => {
  const home = new Reach({ name: "home", now: () => 0 });
  expect(home.state().state).toBe("Unasked");
  home.silent(gone);
  home.admit();
  expect(home.state()).toMatchObject({ state: "Away", problem: { code: "PL-KUBE-UNREACHABLE" } });
});
