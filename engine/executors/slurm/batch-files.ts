import { open, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder, share } from '../../../cache/local/store-folder.ts';
import type { Sharing, Store } from '../../../cache/store.ts';
import { sealLine } from '../../run/sealed-line.ts';
import type { RunFolder } from '../../run/run-folder.ts';
import { pinnedEnvironment } from '../../run/worker-environment.ts';
import { abandonedMark, batchSpecFormat } from '../../worker/batch-spec.ts';
import type { BatchPart, BatchSpec } from '../../worker/batch-spec.ts';
import type { Demand } from './demand.ts';
import { shellWord } from './shell-word.ts';
import { waitLines } from './wait-lines.ts';

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

/** Of one element: what it is to do, and what it writes. */
export function elementFiles(
  files: BatchFiles,
  index: number,
): { readonly spec: string; readonly output: string } {
  return { spec: join(files.dir, `${index}.json`), output: files.output.replace('%a', String(index)) };
}

/** What is told of one part of an element. */
export function eventsFile(files: BatchFiles, { index, part }: ElementPart): string {
  return join(files.dir, part === 0 ? `${index}.events` : `${index}-${part}.events`);
}

export interface ElementPart {
  readonly index: number;
  /** From 0, in the order in which the element sees to them. */
  readonly part: number;
}

/** An output file as a run's events name it: seen from the run's own logs, wherever the job was submitted from. */
export function namedOutput(folder: RunFolder, output: string): string {
  return relative(folder.logsDir, output);
}

/** Writes all that an array reads, synced: its jobs may begin on another host the moment it is submitted. */
export async function writeBatch(
  files: BatchFiles,
  request: {
    readonly store: Pick<Store, 'root' | 'below' | 'sharing' | 'signing' | 'remotes'>;
    readonly demand: Demand;
    /** Of each element, what it does, one after the other. */
    readonly elements: readonly (readonly Omit<BatchPart, 'eventsFile'>[])[];
    readonly worker: { readonly entry: URL; readonly execArgv: readonly string[] };
  },
): Promise<void> {
  const { store, demand, elements, worker } = request;
  await makeFolder(dirname(files.dir), store.sharing);
  await makeFolder(files.dir, store.sharing);
  for (const [index, parts] of elements.entries()) {
    const { spec, output } = elementFiles(files, index);
    const content: BatchSpec = {
      format: batchSpecFormat,
      storeDir: store.root,
      storeBelow: store.below,
      signing: store.signing,
      ...(store.remotes === undefined ? {} : { remotes: store.remotes }),
      device: demand.device,
      threads: demand.cpus,
      outputFile: output,
      parts: parts.map((each, part) => ({ ...each, eventsFile: eventsFile(files, { index, part }) })),
    };
    await writeSynced(spec, sealLine(content), store);
  }
  const most = Math.max(...elements.map((parts) => parts.length));
  await writeSynced(files.script, scriptOf(files, { demand, worker, most, sharing: store.sharing }), store);
}

/** Whatever of the array has not begun will do nothing, should it ever come up. */
export async function abandonBatch(files: BatchFiles): Promise<void> {
  await writeFile(join(files.dir, abandonedMark), '');
}

/** The device mask is what Slurm has set. `most`: parts of an element. */
export function scriptOf(
  files: BatchFiles,
  request: {
    readonly demand: Demand;
    readonly worker: { readonly entry: URL; readonly execArgv: readonly string[] };
    readonly most: number;
    readonly sharing: Sharing;
  },
): string {
  const { demand, worker, most, sharing } = request;
  const pinned = Object.entries(pinnedEnvironment(process.env, demand.cpus));
  const command = [process.execPath, ...worker.execArgv, fileURLToPath(worker.entry)]
    .map(shellWord)
    .join(' ');
  const start = `${command} ${shellWord(`${files.dir}/`)}"$SLURM_ARRAY_TASK_ID".json`;
  return [
    '#!/bin/bash',
    ...pinned.map(([name, value]) => `export ${name}=${shellWord(value ?? '')}`),
    ...(sharing === 'group' ? readableToAll(files) : []),
    ...(demand.gpus === 0 ? ['export CUDA_VISIBLE_DEVICES=-1'] : []),
    // With `exec` signals of Slurm reach the worker itself.
    ...(most === 1 ? [`exec ${start}`] : againWhileParts(start, most)),
    '',
  ].join('\n');
}

/** Whoever shares the store reads what happened to a job, and what it wrote, whatever the umask says. */
function readableToAll({ output }: BatchFiles): readonly string[] {
  const [before = '', after = ''] = output.split('%a');
  return ['umask 022', `chmod 0644 ${shellWord(before)}"$SLURM_ARRAY_TASK_ID"${shellWord(after)}`];
}

/**
 * A worker that a part has brought down, or that leaves after a failure, has a successor for the parts after it, which hears
 * how it ended. Each one ends a part at least.
 */
function againWhileParts(start: string, most: number): readonly string[] {
  return [
    // Jobs get the environment of whoever submits.
    'unset worker stopped code',
    `trap 'stopped=1; [ -z "$worker" ] || kill -TERM "$worker"' TERM`,
    `for _ in $(seq ${most + 1}); do`,
    `  ${start} $code & worker=$!`,
    '  [ -z "$stopped" ] || kill -TERM "$worker"',
    ...waitLines('worker').map((line) => `  ${line}`),
    '  worker=',
    `  case "$code:$stopped" in 0:* | 1:* | *:1) break ;; esac`,
    'done',
    'exit "$code"',
  ];
}

async function writeSynced(path: string, text: string, folder: { readonly sharing: Sharing }): Promise<void> {
  await using file = await open(path, 'w', 0o644);
  await file.writeFile(text);
  await file.sync();
  await share(path, folder, 0o644);
}
