import type { BatchPart } from './batch-spec.ts';
import { completedJob } from './draft-job.ts';
import { outputsOfPart, stageOfPart } from './part-events.ts';
import type { Job } from './protocol.ts';

/** The parts that workers before have not ended, and that can still be done, in their order. */
export function dueParts(parts: readonly BatchPart[]): readonly BatchPart[] {
  const lost = new Set<number>();
  return parts.filter((part, index) => {
    const isEnded = stageOfPart(part.eventsFile) === 'ended';
    const cannotBe = part.after?.some((producer) => lost.has(producer)) === true;
    if (cannotBe || (isEnded && outputsOfPart(part.eventsFile) === undefined)) lost.add(index);
    return !isEnded && !cannotBe;
  });
}

/** What a part is to do; undefined where a part that it comes after has no result. */
export function jobOfPart(parts: readonly BatchPart[], { job, after }: BatchPart): Job | undefined {
  if (after === undefined) return job;
  const outputsOf = (index: number): ReturnType<typeof outputsOfPart> => {
    const eventsFile = parts[index]?.eventsFile;
    return eventsFile === undefined ? undefined : outputsOfPart(eventsFile);
  };
  return after.every((index) => outputsOf(index) !== undefined) ? completedJob(job, outputsOf) : undefined;
}
