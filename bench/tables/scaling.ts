import { rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import type { Bench } from '../bench.ts';
import { inTurns, middle, type Entrant } from '../measure/in-turns.ts';
import { ratio, seconds, table } from '../measure/table.ts';
import { timedRun } from '../measure/timed-run.ts';
import { sweetspot } from '../ours.ts';
import { emptyFolder } from '../projects.ts';
import { diamondStudy, flatStudy, layeredStudy, tasksInChain } from '../studies.ts';
import { goal } from './comparison.ts';

interface Shape {
  readonly name: string;
  /** A study of about so many tasks, and how many it has. */
  readonly study: (about: number) => { readonly text: string; readonly tasks: number };
}

const shapes: readonly Shape[] = [
  { name: 'flat', study: (tasks) => ({ text: flatStudy(tasks), tasks }) },
  { name: 'layered, 10 wide', study: (tasks) => ({ text: layeredStudy(tasks), tasks }) },
  {
    name: 'diamonds, 100 deep',
    study: (about) => {
      const chains = Math.max(1, Math.round(about / tasksInChain));
      return { text: diamondStudy(chains), tasks: chains * tasksInChain };
    },
  },
];

const planned = 100_000;

/** Does a task cost the same in a study ten times as large? Ours alone. */
export function scaling(bench: Bench): void {
  const { options, samples, ours, print } = bench;
  const [few = 1000, many = 10 * few] = options.sizes;
  print(`### ${many} tasks beside ${few}, none done yet\n`);
  const counts = new Map<string, number>();
  const entrants = shapes.flatMap(({ name, study }) =>
    [few, many].map((size): Entrant => {
      const { text, tasks } = study(size);
      const entrant = `${name}, ${size}`;
      counts.set(entrant, tasks);
      return { name: entrant, version: ours.version, measure: () => runOnce(bench, text) };
    }),
  );
  const entries = inTurns({
    table: 'scaling',
    what: `${few} and ${many}`,
    samples,
    entrants,
    turns: Math.min(options.turns, 3),
    longMs: options.longMs,
  });
  const each = (shape: string, size: number, figure: 'wallMs' | 'cpuMs'): number | undefined => {
    const entry = entries.find(({ name }) => name === `${shape}, ${size}`);
    const ms = middle(entry, figure);
    return ms === undefined ? undefined : ms / counts.get(`${shape}, ${size}`)!;
  };
  const rows = shapes.map(({ name }) => {
    const figures = (['wallMs', 'cpuMs'] as const).flatMap((figure) => {
      const [small, large] = [each(name, few, figure), each(name, many, figure)];
      const times = small === undefined || large === undefined ? '' : ratio(large / small);
      return [small?.toFixed(2) ?? '', large?.toFixed(2) ?? '', times];
    });
    const peak = middle(
      entries.find((entry) => entry.name === `${name}, ${many}`),
      'peakMiB',
    );
    return [name, ...figures, peak?.toFixed(0) ?? ''];
  });
  const head = [
    'ms a task',
    `${few}`,
    `${many}`,
    'ratio',
    `CPU, ${few}`,
    `CPU, ${many}`,
    'ratio',
    'peak MiB',
  ];
  print(`${table(head, rows)}\n`);
  for (const { name, problem } of entries) if (problem !== undefined) print(`${name}: ${problem}\n`);
  for (const { name } of shapes) {
    const [small, large] = [each(name, few, 'wallMs'), each(name, many, 'wallMs')];
    const times = small === undefined || large === undefined ? undefined : large / small;
    print(goal(`${name}, ${many} over ${few}`, times, 1.3));
  }
  planMany(bench);
}

/** Cold, in a folder that goes again. */
function runOnce({ options }: Bench, text: string): ReturnType<typeof timedRun> {
  const dir = `${options.scratch}/scaling`;
  emptyFolder(dir);
  try {
    writeFileSync(`${dir}/study.yaml`, text);
    spawnSync('sync');
    return timedRun(sweetspot(dir, ['run', 'study.yaml']), options.limitMs);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** As many as a large team's study may have: is that planned in bounded memory? */
function planMany({ options, samples, ours, print }: Bench): void {
  print(`\n### Planning ${planned} tasks\n`);
  const dir = `${options.scratch}/plan-${planned}`;
  emptyFolder(dir);
  writeFileSync(`${dir}/study.yaml`, flatStudy(planned));
  const [entry] = inTurns({
    table: 'scaling',
    what: `plan ${planned}`,
    samples,
    entrants: [
      {
        name: ours.name,
        version: ours.version,
        measure: () => timedRun(sweetspot(dir, ['plan', 'study.yaml']), options.limitMs),
      },
    ],
    turns: Math.min(options.turns, 3),
    longMs: options.longMs,
  });
  const show = (figure: 'wallMs' | 'cpuMs'): string => {
    const ms = middle(entry, figure);
    return ms === undefined ? '' : seconds(ms);
  };
  const peak = middle(entry, 'peakMiB')?.toFixed(0) ?? '';
  print(`${table(['', 'wall s', 'CPU s', 'peak MiB'], [['plan', show('wallMs'), show('cpuMs'), peak]])}\n`);
  if (entry?.problem !== undefined) print(`${entry.problem}\n`);
}
