/** Where the server itself does not let an apply put everything right, with its reason. Each must be needed by some edit. */
export interface Exception {
  /** In the server's refusal, or in the line that says what is not as it was. */
  readonly text: RegExp;
  readonly why: string;
  /** It depends on who is first, so that no edit may need it. */
  readonly seldom?: boolean;
}

/** Of healings that the server refuses; the pass reports what it says. */
export const STUCK: readonly Exception[] = [
  {
    text: /Duplicate value/,
    why: "the item under its new key keeps the name; only `foreign: prune` takes it away first",
  },
  {
    text: /ports\[0\]\.name: Required value/,
    why: "the same, where items of a list must have names once there are two",
  },
  { text: /more than 1 volume type/, why: "a volume without a source gets an emptyDir, which then blocks ours" },
  { text: /omits all key fields/, why: "an item without its merge key makes every apply of the object fail" },
  { text: /less than or equal to previous value/, why: "a Pod's deadline may only shrink" },
  { text: /existing toleration can not be modified/, why: "tolerations of a Pod may only be added" },
  {
    text: /^CustomResourceDefinition change .*names.*field is immutable/,
    why: "the definition was established after the edit and before its healing",
    seldom: true,
  },
];

/** Of what stays after an apply though nobody of us wants it. */
export const LEFT: readonly Exception[] = [
  {
    text: /^Service .*after healing \/spec\/healthCheckNodePort: \d+ -> \d+$/,
    why: "the server allocates another one",
  },
  {
    text: /^Service .*allocateLoadBalancerNodePorts.* \/spec\/ports\/0\/nodePort: nothing -> \d+$/,
    why: "the server allocates it, nobody owns it, and it is kept when it is no longer asked for",
  },
  {
    text: /^Job remove \/metadata\/labels .*after healing \/metadata\/labels\/\S*(uid|job-name): nothing -> /,
    why: "a Job without labels gets those of its template, and keeps them",
  },
];

/** The lines that no exception is about; notes which exceptions were needed. */
export function unexcused(
  lines: readonly string[],
  exceptions: readonly Exception[],
  needed: Set<Exception>,
): string[] {
  return lines.filter((line) => {
    const excuse = exceptions.find(({ text }) => text.test(line));
    if (excuse !== undefined) needed.add(excuse);
    return excuse === undefined;
  });
}
