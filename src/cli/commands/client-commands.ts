import { Command, Option } from "commander";
import { HEALTH_STATUSES } from "../../model/index.ts";
import { EXIT, type ExitCode, type Finish } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { DIFF_OUTPUTS, OUTPUTS, PLAN_OUTPUTS } from "../settings/client.ts";
import type { Flags, Run } from "./flags.ts";

type VerbOption = readonly [flags: string, description: string, values?: readonly string[] | "repeated"];

interface Verb {
  readonly name: string;
  readonly alias?: string;
  readonly args?: string;
  readonly description: string;
  readonly options?: readonly VerbOption[];
  /** What -o may be; OUTPUTS unless given. */
  readonly outputs?: readonly string[];
  /** Each verb loads its own file only when it runs: starting must stay quick. */
  readonly run: Run;
}

const FOREIGN = ["--foreign", "fields of other managers too, which Git does not mention"] as const;
const SYNC_STATUSES = ["Synced", "Pending", "Drifted", "Diverged", "Unknown"] as const;

/** With a folder; all but the last three are for charts, and as `helm template` has them. */
const RENDER_OPTIONS: readonly VerbOption[] = [
  ["--release-name <name>", "the chart's release (release-name unless given)"],
  ["-n, --namespace <name>", "the release's namespace (default unless given)"],
  ["-f, --values <file>", "values, the later file on top; may be given several times", "repeated"],
  ["--set <key=value>", "a value, on top of the files", "repeated"],
  ["--set-string <key=value>", "a value that is text", "repeated"],
  ["--set-file <key=path>", "a value that is a file's content", "repeated"],
  ["--include-crds", "what stands in crds/ too, as unless --skip-crds is given"],
  ["--skip-crds", "without what stands in crds/"],
  ["--kube-version <version>", "in place of the cluster's version"],
  [
    "-a, --api-versions <list>",
    "beside those that the cluster serves: group/version or group/version/Kind",
    "repeated",
  ],
  ["--remote-sources <urls>", "what kustomizations may fetch from elsewhere (PLUMB_REMOTE_SOURCES)", "repeated"],
  ["--kubeconfig <file>", "the cluster whose versions and objects templates see; offline unless given"],
  ["--context <name>", "the kubeconfig's context"],
];

const GET_VERBS: readonly Verb[] = [
  {
    name: "applications",
    alias: "apps",
    description: "The applications, with their verdicts",
    options: [
      ["-n, --namespace <name>", "only those of this namespace"],
      ["--sync <status>", "only those with this sync status", SYNC_STATUSES],
      ["--health <status>", "only those with this health", HEALTH_STATUSES],
    ],
    run: async (invocation) => (await import("./get-applications.ts")).getApplications(invocation),
  },
  {
    name: "fleets",
    description: "Declarations of many applications: what each makes, and what is wrong with it",
    run: async (invocation) => (await import("./get-fleets.ts")).getFleets(invocation),
  },
  {
    name: "projects",
    description: "Projects: what applications may do, and whose declaration breaks a rule",
    run: async (invocation) => (await import("./get-projects.ts")).getProjects(invocation),
  },
  {
    name: "clusters",
    description: "The clusters there are: how each is reached, and what is wrong with it",
    run: async (invocation) => (await import("./get-clusters.ts")).getClusters(invocation),
  },
  {
    name: "replicas",
    description: "The replicas that share the work: how many applications each has, and what is wrong with it",
    run: async (invocation) => (await import("./get-replicas.ts")).getReplicas(invocation),
  },
  {
    name: "resources",
    args: "<app>",
    description: "The objects of one application, with their verdicts",
    run: async (invocation) => (await import("./get-resources.ts")).getResources(invocation),
  },
];

const REASON = ["--reason <text>", "why, for whoever finds it so later"] as const;

/** What people say of one application beside its declaration. */
const INSTRUCTION_VERBS: readonly Verb[] = [
  {
    name: "rollback",
    args: "<app> [revision]",
    description:
      "Pins an application to a revision and syncs it; without one, to the last before with which it was well",
    options: [
      REASON,
      ["--for <duration>", "how long, such as 2h (24h unless given, 720h at most)"],
      ["--forever", "until somebody unpins it"],
    ],
    run: async (invocation) => (await import("./instruct.ts")).rollback(invocation),
  },
  {
    name: "unpin",
    args: "<app>",
    description: "Ends a pin: what the ref leads to counts again",
    run: async (invocation) => (await import("./instruct.ts")).unpin(invocation),
  },
  {
    name: "suspend",
    args: "<app>",
    description: "From now on the application is looked at, and nothing is written",
    options: [REASON, ["--for <duration>", "how long, such as 2h; until it is resumed unless given"]],
    run: async (invocation) => (await import("./instruct.ts")).suspend(invocation),
  },
  {
    name: "resume",
    args: "<app>",
    description: "Ends a suspension",
    run: async (invocation) => (await import("./instruct.ts")).resume(invocation),
  },
];

const VERBS: readonly Verb[] = [
  {
    name: "diff",
    args: "<app|folder>",
    description: "What differs from Git, field by field: of an application, or of a folder without any server",
    outputs: DIFF_OUTPUTS,
    options: [
      FOREIGN,
      ["-n, --namespace <name>", "with a folder: where objects go that name no namespace"],
      ["--kubeconfig <file>", "with a folder: the cluster to compare with (PLUMB_KUBECONFIG)"],
      ["--context <name>", "with a folder: the kubeconfig's context (PLUMB_CONTEXT)"],
    ],
    run: async (invocation) => (await import("./diff.ts")).diff(invocation),
  },
  {
    name: "drift",
    args: "[app]",
    description: "Every field that the cluster changed, with its author",
    options: [FOREIGN, ["--ended", "what lately ended too, and how"]],
    run: async (invocation) => (await import("./drift.ts")).drift(invocation),
  },
  {
    name: "plan",
    args: "<app>",
    description:
      "What a sync would do now; computed anew, nothing is written. -o graph: in which order, and who waits for whom",
    outputs: PLAN_OUTPUTS,
    options: [
      ["--ref <ref>", "what merging this branch would do, or going to this tag, commit or chart's version"],
      ["--allow-prune", "as it is for a sync with --allow-prune"],
    ],
    run: async (invocation) => (await import("./plan.ts")).plan(invocation),
  },
  {
    name: "render",
    args: "<app|folder>",
    description: "What would be applied: of a folder with manifests, a chart or a kustomization, or of an application",
    options: RENDER_OPTIONS,
    outputs: ["yaml", "json", "name"],
    run: async (invocation) => (await import("./render.ts")).render(invocation),
  },
  {
    name: "sync",
    args: "<app>",
    description: "Asks for a pass that writes, even where sync.auto or selfHeal is off",
    options: [
      ["--allow-prune", "deletes once what the limit or the protection of its kind holds back"],
      ["--plan <hash>", "only where this is the plan still, by the hash that `plumb plan` shows"],
      ["--wait", "until it is synced and healthy, or has failed"],
      ["--timeout <duration>", "longest wait, such as 90s (5m unless given)"],
    ],
    run: async (invocation) => (await import("./sync.ts")).sync(invocation),
  },
  ...INSTRUCTION_VERBS,
  {
    name: "history",
    args: "<app>",
    description: "Its last syncs, the newest first: what was applied, why, by whom, and what came of it",
    run: async (invocation) => (await import("./history.ts")).history(invocation),
  },
  {
    name: "approve",
    args: "<app>",
    description: "Approves exactly one plan, where spec.sync.approve asks for it",
    options: [
      ["--plan <hash>", "the plan's hash, or its first 12 digits; without it the plan is shown and you are asked"],
    ],
    run: async (invocation) => (await import("./approve.ts")).approve(invocation),
  },
  {
    name: "delete",
    args: "<app>",
    description: "Deletes an application that nobody declares any more",
    options: [
      ["--prune", "with its objects"],
      ["--orphan", "without them: they are let go of"],
    ],
    run: async (invocation) => (await import("./delete.ts")).deleteApplication(invocation),
  },
  {
    name: "events",
    args: "<app>",
    description: "What happened, the oldest first",
    options: [["-f, --follow", "then each event as it comes"]],
    run: async (invocation) => (await import("./events.ts")).events(invocation),
  },
  {
    name: "version",
    description: "The version of this program, and of the server where one is named",
    run: async (invocation) => (await import("./version.ts")).version(invocation),
  },
];

export function clientCommands(host: Host, finish: Finish): readonly Command[] {
  const get = new Command("get").description("Lists what the server knows");
  for (const verb of GET_VERBS) get.addCommand(commandOf(verb, host, finish));
  return [get, ...VERBS.map((verb) => commandOf(verb, host, finish))];
}

function commandOf(verb: Verb, host: Host, finish: Finish): Command {
  const { name, alias, args, description, options = [], outputs = OUTPUTS, run } = verb;
  const command = new Command(name).description(description);
  if (alias !== undefined) command.alias(alias);
  if (args !== undefined) command.arguments(args);
  for (const option of [...options, outputOption(outputs), ...COMMON]) command.addOption(optionOf(option));
  return command.action(async () => {
    const flags = command.opts<Flags>();
    const colour = flags.colour === undefined || flags.colour === "auto" ? host.colour : flags.colour === "always";
    finish(
      await interruptible(host, () =>
        run({ host: { ...host, colour }, flags, arg: command.args[0] ?? "", args: command.args }),
      ),
    );
  });
}

function optionOf([flags, help, values]: VerbOption): Option {
  const option = new Option(flags, help);
  if (values === "repeated") return option.argParser((value, before: readonly string[] = []) => [...before, value]);
  return values === undefined ? option : option.choices(values);
}

function outputOption(outputs: readonly string[]): VerbOption {
  return ["-o, --output <format>", "how to print", outputs];
}

const COLOUR_WHEN = ["auto", "always", "never"] as const;

const COMMON: readonly VerbOption[] = [
  ["--color, --colour <when>", "auto: on a terminal, unless NO_COLOR says otherwise", COLOUR_WHEN],
  ["--server <url>", "the Plumbline server (PLUMB_SERVER; http://127.0.0.1:8080 unless given)"],
  ["--token-file <file>", "the file with the token (PLUMB_TOKEN_FILE; or the token itself in PLUMB_TOKEN)"],
];

/** ^C ends a client at once, with the exit code that says so. */
async function interruptible(host: Host, run: () => Promise<ExitCode>): Promise<ExitCode> {
  const interrupted = (): void => {
    host.err("interrupted\n");
    process.exit(EXIT.interrupted);
  };
  process.once("SIGINT", interrupted);
  try {
    return await run();
  } finally {
    process.removeListener("SIGINT", interrupted);
  }
}
