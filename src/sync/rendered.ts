import { maskObject, maskText } from "../diff/index.ts";
import { PlumblineError } from "../model/index.ts";
import { withoutOtherHooks } from "../render/index.ts";
import { renderedState } from "./desired.ts";
import type { PassInput } from "./pass-input.ts";
import type { Rendered } from "./types.ts";

/** What is in force, fit to be shown. Errors: PlumblineError of the step that failed, or of the newest revision where no whole one is known. */
export async function renderOnly(input: PassInput): Promise<Rendered> {
  const { rendered, revision, newest } = await renderedState(input, input.steps);
  const [problem] = newest.problems;
  if (rendered === undefined) throw problem === undefined ? noRender() : new PlumblineError(problem.code, problem);
  const { notes } = rendered;
  const { manifests } = withoutOtherHooks(rendered);
  // What the notes quote may stand in a Secret that is not shown.
  const objects = rendered.manifests.map(({ object }) => object);
  return {
    revision,
    manifests: manifests.map((manifest) => ({ ...manifest, object: maskObject(manifest.object) })),
    problems: newest.problems,
    warnings: newest.warnings.map((warning) => maskText(warning, objects)),
    ...(notes === undefined ? {} : { notes }),
  };
}

function noRender(): PlumblineError {
  return new PlumblineError("PL-INTERNAL", { message: "a render without problems was not kept" });
}
