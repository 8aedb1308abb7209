import type { GitRepository } from "../git-server/index.ts";
import { changesBetween, type Garden } from "./garden.ts";
import type { Random } from "./random.ts";
import { type Checkpoint, now, type Revision, type Timeline } from "./timeline.ts";

type Files = { readonly [path: string]: string };

/** The repository as it goes on: every change of the garden becomes a commit, and the timeline keeps what Git wanted when. */
export class History implements Timeline {
  readonly revisions: Revision[] = [];
  readonly checkpoints: Checkpoint[] = [];
  readonly #repository: GitRepository;
  readonly #garden: Garden;
  #files: Files;
  /** Files that no application can use, beside those of the garden. */
  #weeds: Files = {};

  private constructor(repository: GitRepository, garden: Garden) {
    this.#repository = repository;
    this.#garden = garden;
    this.#files = garden.files();
  }

  /** Of a repository whose one commit has the garden's files. */
  static async begin(repository: GitRepository, garden: Garden): Promise<History> {
    const history = new History(repository, garden);
    history.revisions.push({ from: now(), revision: await repository.head(), wanted: garden.wanted() });
    return history;
  }

  get newest(): Revision {
    const newest = this.revisions.at(-1);
    if (newest === undefined) throw new Error("a history begins with a revision");
    return newest;
  }

  /** So many changes of the garden as one commit; gives them in words. */
  async grow(random: Random, changes: number): Promise<readonly string[]> {
    const done = Array.from({ length: changes }, () => this.#garden.change(random));
    await this.#commit(false);
    return done;
  }

  /** The branch becomes one commit without parent, with one change more. */
  async rewrite(random: Random): Promise<void> {
    this.#garden.change(random);
    await this.#commit(true);
  }

  /** Adds a file that is wrong, or takes all of them away again. */
  async plantWeed(path: string, text: string): Promise<void> {
    this.#weeds = { ...this.#weeds, [path]: text };
    await this.#commit(false);
  }

  async weed(): Promise<void> {
    this.#weeds = {};
    await this.#commit(false);
  }

  async loseBranch(): Promise<void> {
    await this.#repository.deleteRef("refs/heads/main");
  }

  async restoreBranch(): Promise<void> {
    await this.#repository.branch("main", this.newest.revision);
  }

  /** Everything is now as the newest revision wants it. */
  settled(): void {
    this.checkpoints.push({ at: now(), position: this.revisions.length - 1 });
  }

  async #commit(force: boolean): Promise<void> {
    const files = { ...this.#garden.files(), ...this.#weeds };
    const changes = changesBetween(this.#files, files);
    this.#files = files;
    if (!force && Object.keys(changes).length === 0) return;
    await this.restoreBranch();
    // From the moment before: Plumbline may see the commit before we are told that it is there.
    const from = now();
    const revision = force ? await this.#repository.forcePush(files) : await this.#repository.commit(changes);
    this.revisions.push({ from, revision, wanted: this.#garden.wanted() });
  }
}
