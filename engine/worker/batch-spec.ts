import type { SigningPolicy } from '../../cache/signatures/signing-policy.ts';
import { openLine } from '../run/sealed-line.ts';
import type { Binding, Job } from './protocol.ts';

/** What a worker without a driver's channel is given: jobs, and where to tell of each. A file of sealed JSON. */
export interface BatchSpec {
  readonly format: typeof batchSpecFormat;
  readonly storeDir: string;
  readonly storeBelow?: string | undefined;
  readonly signing?: SigningPolicy | undefined;
  /** Where bytes come from that the store lacks; what credentials they ask for is in the job's environment. */
  readonly remotes?: NonNullable<Binding['remotes']>;
  readonly device: Binding['device'];
  readonly threads: number;
  /** Where the process's stdout and stderr go. */
  readonly outputFile: string;
  /** Seen to one after the other. */
  readonly parts: readonly BatchPart[];
}

export interface BatchPart {
  /** A draft, where it comes after other parts. */
  readonly job: Job;
  /** Parts of which it reads what they make, or which are to have gone before: without all their results it is left. */
  readonly after?: readonly number[];
  /** It takes nothing of the device that the others compute on. */
  readonly isLight?: true;
  /** Messages are appended here, one sealed line each. */
  readonly eventsFile: string;
}

export const batchSpecFormat = 3;

/** How a worker ends that leaves parts to a successor: it is not to be trusted with them after a failure. */
export const successorCode = 3;

/** A file of this name beside a specification tells its worker to do nothing. */
export const abandonedMark = 'abandoned';

/** The specification, or what is wrong with it. */
export function parseBatchSpec(text: string): BatchSpec | string {
  const value = openLine(text) as Partial<BatchSpec> | undefined;
  if (value === undefined) return 'is damaged';
  if (value.format !== batchSpecFormat)
    return `has format ${String(value.format)}, and this worker reads ${batchSpecFormat}`;
  return value as BatchSpec;
}
