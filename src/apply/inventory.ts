import { type InventoryScope, type KubeObject, toProblem } from "../model/index.ts";
import { joinedRecord, parentObject, sameDeclaration } from "../plan/index.ts";
import { namespaceObject } from "./namespace-object.ts";
import type { Run } from "./types.ts";
import { sendWaiting } from "./waiting-for-others.ts";

/** Before the first write the parent names all kinds and namespaces, old and new: a crash from here on leaves a superset. And it says that it is ours. */
export async function widenInventory(run: Run): Promise<void> {
  const { inventory } = run.plan;
  const { current, before } = inventory;
  const namespaceRecord = joinedRecord(current?.namespaceRecord, inventory.namespaceRecord);
  const isWide =
    current !== undefined &&
    covers(current, before) &&
    sameDeclaration(current.declaration, inventory.declaration) &&
    current.namespaceRecord === namespaceRecord;
  if (isWide && run.fence?.isOurs !== false) return await run.fence?.check();
  await writeParent(run, wideParent(run));
  run.emit({ type: "inventory", phase: "before" });
}

/** As long as it is wide it claims no applied set, and says which revision was the last that was applied whole. */
function wideParent({ plan: { inventory, application }, hooks }: Run): KubeObject {
  const { namespaceRecord: own, ...rest } = inventory;
  const namespaceRecord = joinedRecord(inventory.current?.namespaceRecord, own);
  const wide = { ...rest, ...(namespaceRecord === undefined ? {} : { namespaceRecord }) };
  const revision = inventory.current?.appliedRevision;
  const said = { application, hooks: hooks.record, ...(revision === undefined ? {} : { revision }) };
  return parentObject(wide, inventory.before, said);
}

/** A phase of hooks is over: whoever comes next must know. */
export async function writeHookRecord(run: Run): Promise<void> {
  await writeParent(run, wideParent(run));
}

/** After the last deletion it names what is left, and which set was applied whole. */
export async function narrowInventory(run: Run): Promise<void> {
  const { inventory, application, setHash, revision } = run.plan;
  const { current, before, after } = inventory;
  const { record } = run.hooks;
  const isLonger = current?.namespaceRecord !== joinedRecord(current?.namespaceRecord, inventory.namespaceRecord);
  const widened = current === undefined || !covers(current, before) || isLonger;
  const same =
    current !== undefined &&
    !widened &&
    record === run.plan.inventory.hooks &&
    (current.appliedSet ?? "") === setHash &&
    current.release === inventory.release &&
    sameDeclaration(current.declaration, inventory.declaration) &&
    current.namespaceRecord === inventory.namespaceRecord &&
    covers(current, after) &&
    covers(after, current);
  if (same) return;
  await writeParent(
    run,
    parentObject(inventory, after, {
      application,
      ...(setHash === "" ? {} : { setHash, revision }),
      // Of a set that is applied whole everything is over.
      ...(record === undefined || setHash.startsWith(record.set) ? {} : { hooks: record }),
    }),
  );
  run.emit({ type: "inventory", phase: "after" });
}

function covers(wide: InventoryScope, narrow: InventoryScope): boolean {
  return (
    narrow.groupKinds.every((one) => wide.groupKinds.includes(one)) &&
    narrow.namespaces.every((one) => wide.namespaces.includes(one))
  );
}

/** The namespace of the inventory is made when it turns out to be missing. */
async function writeParent(run: Run, parent: KubeObject): Promise<void> {
  const { cluster, signal, plan, fence } = run;
  const step = { ref: plan.inventory.parent, stage: "namespaces" } as const;
  const apply = (object: KubeObject) => cluster.apply(object, { signal });
  const send = (object: KubeObject) =>
    sendWaiting(run, step, async () => {
      if (fence === undefined || object !== parent) await apply(object);
      else await fence.write(object, apply);
    });
  try {
    await send(parent);
  } catch (error) {
    if (toProblem(error).code !== "PL-KUBE-NOT-FOUND") throw error;
    await send(namespaceObject(parent.metadata.namespace ?? ""));
    await send(parent);
  }
}
