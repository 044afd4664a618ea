import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Bench } from '../bench.ts';
import { median, range } from '../measure/statistics.ts';
import { table } from '../measure/table.ts';
import { sweetspot } from '../ours.ts';
import { emptyFolder } from '../projects.ts';
import { evaluationStudy } from '../studies.ts';
import { goal } from './comparison.ts';

const tasks = 100;

/** What of an event of `run --json` is read here. */
interface Event {
  readonly kind: string;
  readonly at: string;
  readonly task?: string;
  readonly durationMs?: number;
}

/**
 * What it costs to start the next heavy task in a worker that is there: the time from one task's end to the next one's
 * start on the only slot. The first start, which loads TensorFlow, stands beside.
 */
export function workers({ options, print }: Bench): void {
  print(`### The next task in a worker that is kept (${tasks} evaluations on one slot)\n`);
  const dir = `${options.scratch}/workers`;
  const rows: string[][] = [];
  const medians: number[] = [];
  for (let turn = 0; turn < Math.min(options.turns, 3); turn += 1) {
    emptyFolder(dir);
    writeFileSync(`${dir}/study.yaml`, evaluationStudy(tasks));
    const { argv, cwd } = sweetspot(dir, ['run', 'study.yaml', '--slots', 'cpu:1', '--json']);
    const { status, stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), {
      cwd,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      timeout: options.limitMs,
    });
    if (status !== 0) throw new Error(`the run of evaluations ended with ${String(status)}: ${stderr}`);
    const events = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Event);
    const gaps = gapsBetween(events);
    const first = ms(events, 'task-started') - ms(events, 'run-started');
    const spans = spansOf(events);
    medians.push(median(gaps));
    rows.push([
      `run ${turn + 1}`,
      first.toFixed(0),
      median(gaps).toFixed(1),
      range(gaps)
        .map((gap) => gap.toFixed(0))
        .join('-'),
      median(spans).toFixed(1),
    ]);
  }
  print(`${table(['ms', 'first start', 'next start', 'range', 'a whole task'], rows)}\n`);
  print(`${goal('ms to the next start', median(medians), 20)}\n`);
}

/** From each end of an evaluation to the next start. */
function gapsBetween(events: readonly Event[]): readonly number[] {
  const gaps: number[] = [];
  let ended: number | undefined;
  for (const { kind, at, task = '' } of events) {
    if (kind === 'task-done' && task.startsWith('score')) ended = Date.parse(at);
    if (kind !== 'task-started' || ended === undefined) continue;
    gaps.push(Date.parse(at) - ended);
    ended = undefined;
  }
  if (gaps.length < tasks / 2) throw new Error(`only ${gaps.length} evaluations followed each other`);
  return gaps;
}

/** From each end of an evaluation to the next end: starting, running and storing. */
function spansOf(events: readonly Event[]): readonly number[] {
  const ends = events
    .filter(({ kind, task = '' }) => kind === 'task-done' && task.startsWith('score'))
    .map(({ at }) => Date.parse(at));
  return ends.slice(1).map((end, index) => end - ends[index]!);
}

function ms(events: readonly Event[], kind: string): number {
  const found = events.find((event) => event.kind === kind);
  if (found === undefined) throw new Error(`the run told of no ${kind}`);
  return Date.parse(found.at);
}
