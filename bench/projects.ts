import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { problemOf } from './measure/in-turns.ts';
import { timedRun, type Cost, type Outcome } from './measure/timed-run.ts';
import type { Options } from './options.ts';
import { numbers, type Contestant, type Project } from './peers/contestant.ts';

/** A project in which all was built, or why there is none. */
export type Warm =
  { readonly kind: 'warm'; readonly project: Project } | { readonly kind: 'none'; readonly why: string };

/** What a built project remembers: by which version, and what that cost. */
interface Stamp {
  readonly version: string;
  readonly jobs: number;
  readonly cost: Cost;
}

/** Where a contestant's project of so many tasks is kept once it is built. */
export function warmProject(options: Options, { name }: Contestant, tasks: number): Project {
  return { dir: `${options.scratch}/warm/${name}-${tasks}`, tasks, jobs: options.jobs };
}

/** Lays a project out anew, builds it all, and looks whether all of it is there. */
export function buildFresh(options: Options, contestant: Contestant, project: Project): Outcome {
  const { dir, jobs } = project;
  rmSync(stampOf(project), { force: true });
  emptyFolder(dir);
  contestant.write(project);
  // What others have left to be written would be paid for by whoever syncs first.
  spawnSync('sync');
  const outcome = timedRun(contestant.build(project), options.limitMs);
  if (outcome.kind !== 'ran') return outcome;
  const wrong = wrongOutput(contestant, project);
  if (wrong !== undefined) return { kind: 'failed', message: wrong };
  const stamp: Stamp = { version: contestant.version, jobs, cost: outcome };
  writeFileSync(stampOf(project), JSON.stringify(stamp));
  return outcome;
}

/**
 * The built project, built now if this version has not done so before. Where a tenth of it took so long that it would
 * be past the limit, it is not tried.
 */
export function warm(options: Options, contestant: Contestant, tasks: number): Warm {
  const project = warmProject(options, contestant, tasks);
  if (stampFor(contestant, project) !== undefined) return { kind: 'warm', project };
  for (const fewer of options.sizes.filter((size) => size < tasks)) {
    const smaller = stampFor(contestant, warmProject(options, contestant, fewer));
    if (smaller === undefined) continue;
    const expectedMs = (smaller.cost.wallMs * tasks) / fewer;
    if (expectedMs <= options.limitMs) continue;
    const minutes = (expectedMs / 60_000).toFixed(0);
    return { kind: 'none', why: `not tried: making ${tasks} tasks would take it ${minutes} minutes` };
  }
  process.stderr.write(`making ${tasks} tasks: ${contestant.name}\n`);
  const outcome = buildFresh(options, contestant, project);
  return outcome.kind === 'ran'
    ? { kind: 'warm', project }
    : { kind: 'none', why: `making ${tasks} tasks: ${problemOf(outcome)}` };
}

/** Undefined where every output holds what it should. */
export function wrongOutput(contestant: Contestant, project: Project): string | undefined {
  for (const n of numbers(project)) {
    const path = contestant.output(project, n);
    if (!existsSync(path)) return `${contestant.name} did not make ${path}`;
    if (readFileSync(path, 'utf8') !== `${n}\n`) return `${path} holds something else`;
  }
  return undefined;
}

/** When each output was last written. */
export function outputTimes(contestant: Contestant, project: Project): readonly number[] {
  return numbers(project).map((n) => statSync(contestant.output(project, n)).mtimeMs);
}

/** A folder with nothing in it. */
export function emptyFolder(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
}

/** What is known of a built project; undefined where it has to be built again. */
function stampFor({ version }: Contestant, project: Project): Stamp | undefined {
  if (!existsSync(stampOf(project))) return undefined;
  const stamp = JSON.parse(readFileSync(stampOf(project), 'utf8')) as Stamp;
  return stamp.version === version && stamp.jobs === project.jobs ? stamp : undefined;
}

function stampOf({ dir }: Project): string {
  mkdirSync(dirname(dir), { recursive: true });
  return `${dir}.built.json`;
}
