import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest, TaskKey } from '../../cache/digest.ts';
import { openStore } from '../../cache/open-store.ts';
import type { Store } from '../../cache/store.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import { parseEvents } from '../../engine/run/journal.ts';
import { startSweetspot, temporaryFolder } from '../support/command.ts';
import type { Finished, Started } from '../support/command.ts';
import { killAll, processesIn } from './processes.ts';
import type { RigProcess } from './processes.ts';
import { expectedTexts, faultStudy } from './study.ts';
import type { FaultStudy } from './study.ts';

export type StudyChanges = Omit<FaultStudy, 'marks'>;

/** A folder with a study in it, drivers started there, and what can be known of them from outside. */
export interface Rig extends AsyncDisposable {
  readonly dir: string;
  /** Writes `faults.yaml`; without changes, as it was at first. */
  place(changes?: StudyChanges): Promise<void>;
  /** Starts a run of it as the leader of a process group. `cache` names a store in the rig's folder, which is also its `cwd` if not said. */
  start(
    cache: string,
    args?: readonly string[],
    where?: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
  ): Started;
  /** Lets tasks go on that wait for it, now and later. */
  go(): Promise<void>;
  run(cache: string, args?: readonly string[]): Promise<Finished>;
  /** How often each task was begun since the last time this was asked. */
  executions(): Promise<ReadonlyMap<string, number>>;
  /** Every process of the rig that lives: drivers, workers, programs. */
  processes(): readonly RigProcess[];
  /** Resolves when a task's program has begun, for the last time so far, with its process number. */
  began(task: string): Promise<number>;
  /** Ends all of them, wherever they are, and waits until none is left. Answers how many there were. */
  killAll(): Promise<number>;
  /** Resolves when no process of the rig is left; otherwise says after two minutes which are. */
  quiet(): Promise<readonly RigProcess[]>;
  /** What is wrong with a run that should have done everything, and with what it left in its store. */
  problems(cache: string, ended: Finished, words?: FaultStudy['words']): Promise<readonly string[]>;
}

const quietMs = 120_000;
const patienceMs = 240_000;
const lookMs = 20;

export interface RigOptions {
  /** Whether a store is that of a team: then all that is left in it has to be open to its group. */
  readonly isShared?: (cache: string) => boolean;
}

/** `inside` is the name of a folder to work in, below the temporary one. */
export async function openRig(inside = '', { isShared = () => false }: RigOptions = {}): Promise<Rig> {
  const folder = await temporaryFolder();
  // As processes see it, whose folders are compared with it.
  const dir = join(await realpath(folder.path), inside);
  await mkdir(dir, { recursive: true });
  const marks = join(dir, 'marks');
  const start: Rig['start'] = (cache, args = [], { cwd = dir, env = {} } = {}) => {
    if (isShared(cache)) shareFirst(join(dir, cache));
    const all = ['run', 'faults.yaml', '--json', '--cache', join(dir, cache), ...args];
    return startSweetspot(all, { cwd, env, detached: true });
  };
  const rig: Rig = {
    dir,
    place: (changes = {}) => writeFile(join(dir, 'faults.yaml'), faultStudy({ ...changes, marks })),
    start,
    run: (cache, args) => start(cache, args).finished,
    go: () => writeFile(join(dir, 'go'), ''),
    async executions() {
      const lines = await linesOf(marks);
      await rm(marks, { force: true });
      return countOf(lines.map((line) => line.split(' ')[0] ?? ''));
    },
    processes: () => processesIn(dir),
    async began(task) {
      const until = performance.now() + patienceMs;
      while (performance.now() < until) {
        const line = (await linesOf(marks)).findLast((each) => each.startsWith(`${task} `));
        if (line !== undefined) return Number(line.split(' ')[1]);
        await pause(lookMs);
      }
      throw new Error(`${task} does not begin; there are ${JSON.stringify(processesIn(dir))}`);
    },
    async killAll() {
      let killed = 0;
      for (let left = processesIn(dir); left.length > 0; left = processesIn(dir)) {
        killed += killAll(left);
        await pause(lookMs);
      }
      return killed;
    },
    async quiet() {
      const until = performance.now() + quietMs;
      for (;;) {
        const left = processesIn(dir);
        if (left.length === 0 || performance.now() > until) return left;
        await pause(lookMs);
      }
    },
    problems: async (cache, ended, words) => [
      ...problemsOfRun(ended),
      ...(await problemsOfStore(await storeAt(join(dir, cache)), ended, expectedTexts(words))),
      ...(isShared(cache) ? await closedToGroup(join(dir, cache)) : []),
    ],
    async [Symbol.asyncDispose]() {
      await rig.killAll();
      await folder[Symbol.asyncDispose]();
    },
  };
  await rig.place();
  return rig;
}

/** Makes a store for a team, as its administrator does, where there is none. */
function shareFirst(root: string): void {
  if (existsSync(join(root, 'store.json'))) return;
  mkdirSync(root, { recursive: true });
  chmodSync(root, 0o2775);
  writeFileSync(join(root, 'store.json'), '{"format":1,"sharing":"group"}\n');
}

/** What the group may not read, and folders that it may not write to. */
async function closedToGroup(root: string): Promise<readonly string[]> {
  const closed: string[] = [];
  for (const name of await readdir(root, { recursive: true })) {
    // Programs that were killed leave what they have made, and killed processes folders that nobody has seen yet.
    if (/^work(\/|$)|\.new-[0-9a-f]+$/.test(name)) continue;
    const found = await stat(join(root, name)).catch(() => undefined);
    if (found === undefined) continue;
    const needed = found.isDirectory() ? 0o2070 : 0o040;
    if ((found.mode & needed) !== needed)
      closed.push(`${name} is closed to the group (${found.mode.toString(8)})`);
  }
  return closed;
}

/** A run that nothing disturbs: what each task is stored under, and how long all takes. */
export interface Undisturbed {
  readonly keys: ReadonlyMap<string, TaskKey>;
  readonly durationMs: number;
}

/** Runs the study in a store of its own. */
export async function runUndisturbed(rig: Rig): Promise<Undisturbed> {
  const began = performance.now();
  const ended = await rig.run('undisturbed');
  const durationMs = performance.now() - began;
  const problems = await rig.problems('undisturbed', ended);
  if (problems.length > 0) throw new Error(`undisturbed, and still: ${problems.join('; ')}\n${ended.stderr}`);
  await rig.executions();
  return { keys: keysIn(ended), durationMs };
}

/** Tasks whose result stands in a store, as its folders show. */
export function standing(rig: Rig, cache: string, keys: ReadonlyMap<string, TaskKey>): ReadonlySet<string> {
  const results = join(rig.dir, cache, 'ac');
  const found = [...keys].filter(([, key]) => existsSync(join(results, key.slice(0, 2), key)));
  return new Set(found.map(([task]) => task));
}

/** Events of a run with `--json`, as far as it came. */
export function eventsOf(ended: Finished): readonly RunEvent[] {
  return parseEvents(ended.stdout);
}

/** Attempts that failed, in order. */
export function failuresOf(ended: Finished): readonly Extract<RunEvent, { kind: 'task-failed' }>[] {
  return eventsOf(ended).filter((event) => event.kind === 'task-failed');
}

/** Key of each task that a run has seen to its end. */
export function keysIn(ended: Finished): ReadonlyMap<string, TaskKey> {
  return new Map(
    eventsOf(ended).flatMap((event) =>
      event.kind === 'task-done' || event.kind === 'task-cached' ? [[event.task, event.key]] : [],
    ),
  );
}

export async function storeAt(dir: string): Promise<Store> {
  const opened = await openStore({ dir });
  if (opened.kind !== 'opened') throw new Error(`${dir}: ${JSON.stringify(opened)}`);
  return opened.store;
}

function problemsOfRun(ended: Finished): readonly string[] {
  if (ended.code === 0) return [];
  return [
    `ended with ${ended.code ?? ended.signal ?? 'nothing'}: ${ended.stderr}${ended.stdout.slice(-2000)}`,
  ];
}

/** Every result that stands is read whole, and those of this run are compared with what is right. */
async function problemsOfStore(
  store: Store,
  ended: Finished,
  expected: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const keys = keysIn(ended);
  for (const [task, text] of expected) {
    const key = keys.get(task);
    const found = key === undefined ? undefined : await store.actions.get(key);
    const out = found?.kind === 'found' ? found.result.outputs['out'] : undefined;
    const made = out === undefined ? 'nothing' : await textOf(store, out);
    if (made !== text) problems.push(`${task} gave ${JSON.stringify(made)}, not ${JSON.stringify(text)}`);
  }
  for await (const result of store.actions.list()) {
    for (const digest of Object.values(result.outputs)) {
      const made = await textOf(store, digest);
      if (made === undefined) problems.push(`${result.key} stands, and ${digest} cannot be read`);
    }
  }
  return problems;
}

/** The text of an artifact of one file; undefined where it is not there, or not what its digests say. */
export async function textOf(store: Store, digest: Digest): Promise<string | undefined> {
  const found = await store.artifacts.manifest(digest);
  const file = found.kind === 'found' ? found.manifest.files[0] : undefined;
  const read = file === undefined ? undefined : await store.blobs.read(file.sha256);
  return read?.kind === 'found' ? Buffer.from(read.bytes).toString('utf8') : undefined;
}

/** Whole lines of a file; none where there is no file. */
async function linesOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}

function countOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
