import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { TaskId } from '../plan/plan.ts';

/** Raised when an older sweetspot can no longer make sense of the file. */
export const lockFormat = 1;

/** What a study made, once and for all to compare with. Written beside the study as `STUDY.lock`. */
export interface Lock {
  readonly study: string;
  /** Version of sweetspot that wrote it. */
  readonly sweetspot: string;
  /** As used. */
  readonly params: JsonObject;
  /** Data set, or `NAME/PART` of it, -> what was read. */
  readonly data: ReadonlyMap<string, Digest>;
  readonly tasks: ReadonlyMap<TaskId, LockedTask>;
}

export interface LockedTask {
  readonly kind: string;
  /** Of the task kind. */
  readonly version: number;
  /** Less defaults, as in the action. */
  readonly options: JsonObject;
  /** What the kind found on the machine (content of scripts, versions of programs), as in the action. */
  readonly identity: JsonObject | undefined;
  readonly key: TaskKey;
  /** What the outputs were made on: results are byte-reproducible within that. */
  readonly madeOn: string;
  readonly outputs: ReadonlyMap<string, Digest>;
}

/** A data set, or a part of one, as the lock names it. */
export function lockedDataName(data: string, part: string | undefined): string {
  return part === undefined ? data : `${data}/${part}`;
}
