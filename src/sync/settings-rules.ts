import type { IgnoreRule, Log } from "../model/index.ts";
import type { Entry } from "./entry.ts";
import { ruleText } from "./rules.ts";

/** Tells once of each rule of the settings that names nothing in any application, when all of them have been looked at. */
export class SettingsRules {
  readonly #rules: readonly IgnoreRule[];
  readonly #log: Log;
  /** The applications in which each rule names something. */
  readonly #matchedIn: ReadonlyMap<IgnoreRule, Set<string>>;
  readonly #looked = new Set<string>();
  readonly #told = new Set<IgnoreRule>();

  constructor(rules: readonly IgnoreRule[], log: Log) {
    this.#rules = rules;
    this.#log = log;
    this.#matchedIn = new Map(rules.map((rule) => [rule, new Set<string>()]));
  }

  /** A pass of an application has ended; `matched` is absent where it compared nothing. */
  ended(application: string, matched: ReadonlySet<IgnoreRule> | undefined, all: ReadonlyMap<string, Entry>): void {
    if (this.#rules.length === 0) return;
    if (matched !== undefined) this.#note(application, matched);
    for (const [
      name,
      {
        application: { spec },
      },
    ] of all)
      if (!spec.suspend && !this.#looked.has(name)) return;
    this.#tell();
  }

  #note(application: string, matched: ReadonlySet<IgnoreRule>): void {
    this.#looked.add(application);
    for (const [rule, applications] of this.#matchedIn) {
      if (matched.has(rule)) applications.add(application);
      else applications.delete(application);
    }
  }

  forget(application: string): void {
    this.#looked.delete(application);
    for (const applications of this.#matchedIn.values()) applications.delete(application);
  }

  #tell(): void {
    this.#rules.forEach((rule, position) => {
      if ((this.#matchedIn.get(rule)?.size ?? 0) > 0) this.#told.delete(rule);
      else if (!this.#told.has(rule)) {
        this.#told.add(rule);
        const where = `ignore[${position}] of the settings`;
        this.#log.warn(
          { where, rule: ruleText(rule) },
          `${where} (${ruleText(rule)}) names no field in any application`,
        );
      }
    });
  }
}
