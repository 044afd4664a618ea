import { mkdir, open, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Store } from '../../../cache/store.ts';
import type { Job } from '../../worker/protocol.ts';
import { sealLine } from '../../run/sealed-line.ts';
import type { RunFolder } from '../../run/run-folder.ts';
import { pinnedEnvironment } from '../../run/worker-environment.ts';
import { abandonedMark, batchSpecFormat } from '../../worker/batch-spec.ts';
import type { BatchSpec } from '../../worker/batch-spec.ts';
import type { Demand } from './demand.ts';

/** Files of one array, in the run's folder, which every node of the cluster sees. */
export interface BatchFiles {
  readonly dir: string;
  readonly script: string;
  /** What the workers write; `%a` stands for the element, as in `sbatch --output`. */
  readonly output: string;
}

export function slurmDir(folder: RunFolder): string {
  return join(folder.dir, 'slurm');
}

export function batchFiles(folder: RunFolder, batch: string): BatchFiles {
  const dir = join(slurmDir(folder), batch);
  return { dir, script: join(dir, 'job.sh'), output: join(folder.logsDir, `slurm-${batch}-%a.log`) };
}

/** Of one element: what it is to do, what it tells of it, and what it writes. */
export function elementFiles(
  files: BatchFiles,
  index: number,
): { readonly spec: string; readonly events: string; readonly output: string } {
  return {
    spec: join(files.dir, `${index}.json`),
    events: join(files.dir, `${index}.events`),
    output: files.output.replace('%a', String(index)),
  };
}

/** An output file as a run's events name it: seen from the run's own logs, wherever the job was submitted from. */
export function namedOutput(folder: RunFolder, output: string): string {
  return relative(folder.logsDir, output);
}

/** Writes all that an array reads, synced: its jobs may begin on another host the moment it is submitted. */
export async function writeBatch(
  files: BatchFiles,
  request: {
    readonly store: Pick<Store, 'root' | 'below' | 'signing' | 'remotes'>;
    readonly demand: Demand;
    readonly jobs: readonly Job[];
    readonly worker: { readonly entry: URL; readonly execArgv: readonly string[] };
  },
): Promise<void> {
  const { store, demand, jobs, worker } = request;
  await mkdir(files.dir, { recursive: true });
  for (const [index, job] of jobs.entries()) {
    const { spec, events, output } = elementFiles(files, index);
    const content: BatchSpec = {
      format: batchSpecFormat,
      storeDir: store.root,
      storeBelow: store.below,
      signing: store.signing,
      ...(store.remotes === undefined ? {} : { remotes: store.remotes }),
      device: demand.device,
      threads: demand.cpus,
      outputFile: output,
      eventsFile: events,
      job,
    };
    await writeSynced(spec, sealLine(content));
  }
  await writeSynced(files.script, scriptOf(files, demand, worker));
}

/** Whatever of the array has not begun will do nothing, should it ever come up. */
export async function abandonBatch(files: BatchFiles): Promise<void> {
  await writeFile(join(files.dir, abandonedMark), '');
}

/** `exec`: signals of Slurm reach the worker itself. The device mask is what Slurm has set. */
export function scriptOf(
  files: BatchFiles,
  demand: Demand,
  worker: { readonly entry: URL; readonly execArgv: readonly string[] },
): string {
  const pinned = Object.entries(pinnedEnvironment(process.env, demand.cpus));
  const command = [process.execPath, ...worker.execArgv, fileURLToPath(worker.entry)].map(quoted).join(' ');
  return [
    '#!/bin/bash',
    ...pinned.map(([name, value]) => `export ${name}=${quoted(value ?? '')}`),
    ...(demand.gpus === 0 ? ['export CUDA_VISIBLE_DEVICES=-1'] : []),
    `exec ${command} ${quoted(`${files.dir}/`)}"$SLURM_ARRAY_TASK_ID".json`,
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

async function writeSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w', 0o644);
  await file.writeFile(text);
  await file.sync();
}
