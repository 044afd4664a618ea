import { guarded } from '../../../cache/system-error.ts';
import type { RunnerParts } from '../../run/attempt-runner.ts';
import { arrayChunks } from './array-chunks.ts';
import { batchFiles, writeBatch } from './batch-files.ts';
import type { BatchFiles } from './batch-files.ts';
import type { SlurmConfig } from './config.ts';
import { demandOf } from './demand.ts';
import { batchComment, jobName } from './find-live-jobs.ts';
import { failAll } from './pending.ts';
import type { Pending } from './pending.ts';

/** An array whose files are written, and which Slurm has not taken yet. */
export interface Drafted {
  readonly batch: string;
  readonly files: BatchFiles;
  readonly items: readonly Pending[];
  readonly options: readonly string[];
}

/** Turns what waits into arrays. Where the files of one cannot be written, its attempts fail. */
export async function draftArrays(
  items: readonly Pending[],
  request: {
    readonly parts: RunnerParts;
    readonly config: SlurmConfig;
    readonly largestArray: number;
    readonly nextBatch: () => string;
  },
): Promise<readonly Drafted[]> {
  const { parts, config, largestArray, nextBatch } = request;
  const { store, worker, folder } = parts;
  const drafted: Drafted[] = [];
  const shapeOf = ({ task }: Pending): string => JSON.stringify(demandOf(task, config));
  for (const chunk of arrayChunks(items, shapeOf, largestArray)) {
    const [first] = chunk;
    if (first === undefined) continue;
    const batch = nextBatch();
    const files = batchFiles(folder, batch);
    const demand = demandOf(first.task, config);
    const jobs = chunk.map(({ job }) => job);
    const unwritten = await guarded(files.dir, () => writeBatch(files, { store, demand, jobs, worker }));
    if (unwritten !== undefined) {
      failAll(chunk, `${unwritten.path}: ${unwritten.detail}`);
      continue;
    }
    const options = [
      `--job-name=${jobName(folder)}`,
      `--comment=${batchComment(folder, batch)}`,
      `--array=0-${chunk.length - 1}`,
      `--output=${files.output}`,
      ...['--open-mode=append', '--requeue', '--signal=B:TERM@60', ...demand.options],
      files.script,
    ];
    drafted.push({ batch, files, items: chunk, options });
  }
  return drafted;
}
