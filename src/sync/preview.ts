import type { SourceSpec } from "../model/index.ts";
import type { Proposal } from "../source/index.ts";
import { copyToLook } from "./memory.ts";
import { planOnly } from "./pass.ts";
import type { PassInput } from "./pass-input.ts";
import { type Preview, type PreviewRequest, standingSentence } from "./proposed.ts";

/** Computes a plan beside the application: nothing is written, and nothing that is known of the application is touched. Errors: as planOnly, PL-GIT-REF-MISSING. */
export async function previewOnly(input: PassInput, { ref, lookups }: PreviewRequest): Promise<Preview> {
  const { settings, memory, application, signal } = input;
  const own = application.spec.source;
  const tracked = await settings.source.resolve(own, signal);
  const proposal = await settings.source.propose({ ...own, ref }, tracked, signal);
  const source = withProposal(settings.source, own, proposal);
  const plan = await planOnly({
    ...input,
    settings: { ...settings, source },
    memory: copyToLook(memory),
    unpinned: true,
    refuseLookups: !lookups,
  });
  const { head, standing } = proposal;
  const message = standingSentence(standing, { ref, onto: own.ref });
  return { plan, ref, head, onto: { ref: own.ref, revision: tracked.revision }, standing, message };
}

/** What the application follows is the proposal, also where it refers to the same ref a second time. */
function withProposal(
  source: PassInput["settings"]["source"],
  own: SourceSpec,
  proposal: Proposal,
): PassInput["settings"]["source"] {
  return {
    resolve: async (wanted, signal) => {
      const isOwn = wanted.repo === own.repo && wanted.chart === own.chart && wanted.ref === own.ref;
      return isOwn ? proposal.resolution : await source.resolve(wanted, signal);
    },
    snapshot: async (wanted, resolution, signal) =>
      resolution === proposal.resolution
        ? await proposal.snapshot(wanted.path)
        : await source.snapshot(wanted, resolution, signal),
    propose: (...asked) => source.propose(...asked),
  };
}
