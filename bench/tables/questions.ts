import { writeFileSync } from 'node:fs';
import type { Bench } from '../bench.ts';
import { inTurns, middle, type Entrant } from '../measure/in-turns.ts';
import { timedRun } from '../measure/timed-run.ts';
import { sweetspot } from '../ours.ts';
import { emptyFolder, warm } from '../projects.ts';
import { flatStudy } from '../studies.ts';
import { comparison, goal } from './comparison.ts';

/** How long do the commands take that only ask? */
export function questions({ options, samples, ours, print }: Bench): void {
  const tasks = Math.max(...options.sizes);
  print(`### Questions about ${tasks} tasks\n`);
  const made = warm(options, ours, tasks);
  if (made.kind === 'none') {
    print(`${made.why}\n`);
    return;
  }
  const { dir } = made.project;
  writeFileSync(`${dir}/changed.yaml`, flatStudy(tasks, 'echo ${{ matrix.n }} >out.txt'));
  const fresh = `${options.scratch}/fresh`;
  emptyFolder(fresh);
  writeFileSync(`${fresh}/study.yaml`, flatStudy(tasks));
  const address = `noop@n=${Math.floor(tasks / 2)}`;
  const asked: readonly (readonly [string, string, readonly string[]])[] = [
    ['plan, all cached', dir, ['plan', 'study.yaml']],
    ['plan, none cached', fresh, ['plan', 'study.yaml']],
    ['plan --json, all cached', dir, ['plan', 'study.yaml', '--json']],
    ['status', dir, ['status']],
    ['status --json', dir, ['status', '--json']],
    ['why, of a cached task', dir, ['why', 'study.yaml', address]],
    ['why, of a changed task', dir, ['why', 'changed.yaml', address]],
    ['show, of one task', dir, ['show', address]],
  ];
  const entries = inTurns({
    table: 'questions',
    what: String(tasks),
    samples,
    entrants: asked.map(([name, where, args]): Entrant => ({
      name,
      version: ours.version,
      measure: () => timedRun(sweetspot(where, args), options.limitMs),
    })),
    turns: options.turns,
    longMs: options.longMs,
  });
  print(`${comparison(entries)}\n`);
  for (const entry of entries) {
    const ms = middle(entry, 'wallMs');
    print(goal(`s for ${entry.name}`, ms === undefined ? undefined : ms / 1000, 1));
  }
  print('');
}
