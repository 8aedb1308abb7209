import type { History } from "../history.ts";
import type { Random } from "../random.ts";
import type { Stage } from "../stage.ts";

export interface Scene {
  readonly stage: Stage;
  readonly history: History;
  readonly random: Random;
}

/** Makes it well again; resolves when it is. */
export type Undo = () => Promise<void> | void;

/** Something that goes wrong beside the process, and stays so until it is undone. Resolves as soon as it has begun. */
export type Fault = (scene: Scene) => Promise<Undo> | Undo;
