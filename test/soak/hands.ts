import { PART_OF_LABEL } from "../../src/model/index.ts";
import { pathOf } from "./direct.ts";
import { kindOf } from "./kinds.ts";
import type { Random } from "./random.ts";
import type { Stage } from "./stage.ts";
import type { Revision } from "./timeline.ts";

/** Somebody changes or deletes one live object. Gives what was done, in words; undefined where the object is not there just now. */
export async function handle(stage: Stage, { wanted }: Revision, random: Random): Promise<string | undefined> {
  const [key, { object }] = random.pick([...wanted].filter(([name]) => !name.startsWith("CustomResourceDefinition")));
  const kind = kindOf(object);
  const path = `${pathOf(kind, object)}?fieldManager=a-hand`;
  const verb = random.pick(["edit", "edit", "edit", "delete", "unlabel", "add"] as const);
  const bodies = {
    edit: kind.edit(object, random),
    unlabel: { metadata: { labels: { [PART_OF_LABEL]: null } } },
    add: { metadata: { annotations: { "hand.example/note": random.word() } } },
  };
  try {
    if (verb === "delete") await stage.direct.ask({ method: "DELETE", path });
    else await stage.direct.ask({ method: "PATCH", path, body: bodies[verb] });
    return `${verb} ${key}`;
  } catch (error) {
    // Gone, or a server that is being restarted: there is nothing to touch.
    if (error instanceof Error && / 404 | 409 | 5\d\d |ECONN|socket|within 20 s/.test(error.message)) return undefined;
    throw error;
  }
}
