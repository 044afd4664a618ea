import { canonicalJson } from '../../cache/canonical-json.ts';
import type { Digest } from '../../cache/digest.ts';
import type { PlannedTask } from '../plan/plan.ts';
import type { Job } from '../worker/protocol.ts';

/** What a task leaves at hand in its worker. */
export interface Affinity {
  /** Its code, and whatever was made ready for tasks like it. */
  readonly group: string;
  /** Artifacts that it has loaded. Not its data: a worker keeps several sets, but hardly several models. */
  readonly artifacts: ReadonlySet<Digest>;
}

export function affinityOf(task: Pick<PlannedTask, 'kind' | 'traits'>, job: Pick<Job, 'inputs'>): Affinity {
  const artifacts = Object.values(job.inputs).flatMap((input) =>
    input.kind === 'artifact' ? [input.item.digest] : [],
  );
  return { group: `${task.kind} ${canonicalJson(task.traits)}`, artifacts: new Set(artifacts) };
}

/** What goes best with what was done last, the first among equals: an input in common counts more than being of one kind. */
export function closestTo<T extends { readonly affinity: Affinity }>(
  last: Affinity | undefined,
  candidates: readonly T[],
): T | undefined {
  if (last === undefined) return candidates[0];
  const kinships = candidates.map(({ affinity }) => kinship(affinity, last));
  return candidates[kinships.indexOf(Math.max(...kinships))];
}

function kinship(next: Affinity, last: Affinity): number {
  const shares = [...next.artifacts].some((digest) => last.artifacts.has(digest));
  return (shares ? 2 : 0) + (next.group === last.group ? 1 : 0);
}
