import { describe, expect, test } from "vitest";
import { conformanceFolder, readCaseFolder } from "./case-folder.ts";
import { listedFor, runSet, SETS } from "./run-sets.ts";

const folder = conformanceFolder === undefined ? undefined : readCaseFolder(conformanceFolder);

describe.skipIf(folder === undefined)(
  "cases with known answers (needs the conformance folder: PLUMB_CONFORMANCE)",
  () => {
    test.for(SETS.map((set) => [set.name, set] as const))(
      "%s: right in every case, or otherwise on purpose, and no reason is listed for nothing",
      async ([, set]) => {
        if (folder === undefined) return;
        const { cases, wrong, onPurpose } = await runSet(set, folder);
        expect(wrong).toEqual([]);
        expect(onPurpose.map(({ name }) => name).sort()).toEqual(listedFor(set.name).toSorted());
        expect(cases).toBeGreaterThan(0);
      },
    );
  },
);
