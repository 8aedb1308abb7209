import { Command, CommanderError } from "commander";
import { printable } from "../kit/printable.ts";
import { formatProblem, PlumblineError, toProblem } from "../model/index.ts";
import { clientCommands } from "./commands/client-commands.ts";
import { demoCommand } from "./commands/demo.ts";
import { serveCommand } from "./commands/serve-command.ts";
import { EXIT, type ExitCode, exitCodeOf, type Finish } from "./exit-code.ts";
import type { Host } from "./host.ts";
import { ownVersion } from "./version.ts";

/** Runs one command line. Never throws: what goes wrong is printed on stderr. */
export async function runProgram(host: Host): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = createProgram(host, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(host.argv, { from: "user" });
    return code;
  } catch (error) {
    return error instanceof CommanderError ? usageExit(error, host) : failureExit(error, host);
  }
}

function createProgram(host: Host, finish: Finish): Command {
  const program = new Command("plumb")
    .description("Keeps Kubernetes clusters true to Git, and says what drifted, from what, to what, and by whom.")
    .version(`plumb ${ownVersion()}`, "-V, --version")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: host.out, writeErr: () => {}, outputError: () => {} });
  program.addCommand(inherit(serveCommand(host, finish), program));
  program.addCommand(inherit(demoCommand(host, finish), program));
  for (const command of clientCommands(host, finish)) program.addCommand(inherit(command, program));
  return program;
}

/** Commander copies these settings to subcommands that it makes itself only. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
  return command;
}

function usageExit(error: CommanderError, host: Host): ExitCode {
  if (error.exitCode === 0) return EXIT.ok;
  const message = error.message.replace(/^error: /, "").replaceAll("\n", " ");
  const missing = error.code === "commander.help" ? "a command is missing" : message;
  return failureExit(new PlumblineError("PL-USAGE", { message: missing }), host);
}

function failureExit(error: unknown, host: Host): ExitCode {
  const problem = toProblem(error);
  host.err(`${printable(formatProblem(problem), { lines: true })}\n`);
  return exitCodeOf(problem.code);
}
