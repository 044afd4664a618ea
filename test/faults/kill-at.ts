import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaskKey } from '../../cache/digest.ts';
import { pause, standing } from './rig.ts';
import type { Rig } from './rig.ts';
import { allTasks } from './study.ts';

/** How one kill and the plain re-run after it went. */
export interface KilledRun {
  /** Milliseconds from the start of the run to the kill. */
  readonly atMs: number;
  /** How many results stood when all were dead. */
  readonly finished: number;
  /** How many tasks the re-run executed. */
  readonly executed: number;
  /** Files and folders that were being written at that moment. */
  readonly unfinished: readonly string[];
  /** What did not hold; empty as it should be. */
  readonly problems: readonly string[];
}

export interface KillRequest {
  readonly rig: Rig;
  readonly keys: ReadonlyMap<string, TaskKey>;
  /** A store that is not there yet. */
  readonly cache: string;
  readonly moment: Moment;
}

/** When to kill. */
export interface Moment {
  /** For the processes of the run. */
  readonly env?: (storeDir: string) => NodeJS.ProcessEnv;
  /** Resolves at the moment of the kill, or when the run has ended before. */
  readonly arrival: (storeDir: string, ended: () => boolean) => Promise<void>;
}

/**
 * Starts a run, kills every process of it at one moment, runs again, and looks: all right in the end, nothing finished is
 * redone, everything else is executed just once more, and no process is left.
 */
export async function killAndRerun({ rig, keys, cache, moment }: KillRequest): Promise<KilledRun> {
  const began = performance.now();
  const storeDir = join(rig.dir, cache);
  const run = rig.start(cache, [], { env: moment.env?.(storeDir) ?? {} });
  let ended = false;
  void run.finished.then(() => (ended = true));
  await moment.arrival(storeDir, () => ended);
  const atMs = performance.now() - began;
  await rig.killAll();
  await run.finished;

  const finished = standing(rig, cache, keys);
  const unfinished = unpublished(storeDir);
  const before = await rig.executions();
  const again = await rig.run(cache);
  const after = await rig.executions();
  const problems = [...(await rig.problems(cache, again))];
  for (const task of allTasks) {
    const due = finished.has(task) ? 0 : 1;
    const executed = after.get(task) ?? 0;
    if (executed !== due) problems.push(`${task} was executed ${executed} times by the re-run, not ${due}`);
    if ((before.get(task) ?? 0) > 1) problems.push(`${task} was executed twice by the first run`);
  }
  const left = await rig.quiet();
  if (left.length > 0) problems.push(`left behind: ${JSON.stringify(left)}`);
  return { atMs, finished: finished.size, executed: sumOf(after), unfinished, problems };
}

/** A moment after so many milliseconds. */
export function after(durationMs: number): Moment {
  return { arrival: () => pause(durationMs) };
}

/** What is published in a store, by where it gets its name. */
const publications = {
  'a blob': 'cas/',
  'a result': 'ac/',
  'a claim': 'claims/',
  'the store': 'store.json',
} as const;

/** The moment at which a process is about to give something its name in the store, for the so manieth time. */
export function inPublication(of: keyof typeof publications, time: number): Moment {
  const preload = fileURLToPath(new URL('stop-in-publication.cjs', import.meta.url));
  const markOf = (storeDir: string): string => `${storeDir}.mark`;
  return {
    env: (storeDir) => ({
      NODE_OPTIONS: `--require ${preload}`,
      SWEETSPOT_STOP_UNDER: join(storeDir, publications[of]),
      SWEETSPOT_STOP_AT: String(time),
      SWEETSPOT_STOP_MARK: markOf(storeDir),
    }),
    arrival: async (storeDir, ended) => {
      while (!ended() && !existsSync(markOf(storeDir))) await pause(1);
    },
  };
}

/** Names in the store that say that what they name is not whole. */
function unpublished(storeDir: string): readonly string[] {
  return [
    ...(existsSync(join(storeDir, 'store.json')) ? [] : ['store.json']),
    ...unpublishedIn(storeDir, 'tmp'),
    ...unpublishedIn(storeDir, 'ac'),
    ...unpublishedIn(storeDir, 'claims'),
  ];
}

function unpublishedIn(storeDir: string, folder: 'tmp' | 'ac' | 'claims'): readonly string[] {
  const dir = join(storeDir, folder);
  const inside = folder === 'ac' ? namesIn(dir).flatMap((shard) => within(dir, shard)) : namesIn(dir);
  return inside
    .filter((name) => name.split('/').at(-1)?.startsWith('tmp-'))
    .map((name) => `${folder}/${name}`);
}

function within(dir: string, shard: string): readonly string[] {
  return namesIn(join(dir, shard)).map((name) => `${shard}/${name}`);
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, each) => sum + each, 0);
}
