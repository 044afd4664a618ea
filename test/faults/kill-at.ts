import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskKey } from '../../cache/digest.ts';
import { processesIn, signal } from './processes.ts';
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
  /** Resolves at the moment of the kill, or undefined where the run has ended before. */
  readonly moment: (storeDir: string, ended: () => boolean) => Promise<void>;
}

const lookMs = 50;

/**
 * Starts a run, kills every process of it at one moment, runs again, and looks: all right in the end, nothing finished is
 * redone, everything else is executed just once more, and no process is left.
 */
export async function killAndRerun({ rig, keys, cache, moment }: KillRequest): Promise<KilledRun> {
  const began = performance.now();
  const run = rig.start(cache);
  let ended = false;
  void run.finished.then(() => (ended = true));
  let known = run.child.pid === undefined ? [] : [run.child.pid];
  // Finding processes takes longer than a publication: those that were there a moment ago are stopped first.
  const looking = setInterval(() => (known = processesIn(rig.dir).map(({ pid }) => pid)), lookMs);
  await moment(join(rig.dir, cache), () => ended);
  for (const pid of known) signal(pid, 'SIGSTOP');
  clearInterval(looking);
  const atMs = performance.now() - began;
  await rig.killAll();
  await run.finished;

  const finished = standing(rig, cache, keys);
  const unfinished = unpublished(join(rig.dir, cache));
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
export function after(durationMs: number): KillRequest['moment'] {
  return () => pause(durationMs);
}

/** The moment at which something lies in a folder of the store under a name that is not its last one. */
export function inPublication(folder: 'tmp' | 'ac' | 'claims'): KillRequest['moment'] {
  return async (storeDir, ended) => {
    while (!ended() && unpublishedIn(storeDir, folder).length === 0) await nextTurn();
  };
}

/** The moment at which there is a store, but not yet its settings, which are written last. */
export const inCreation: KillRequest['moment'] = async (storeDir, ended) => {
  while (!ended() && !existsSync(storeDir)) await nextTurn();
};

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

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, each) => sum + each, 0);
}
