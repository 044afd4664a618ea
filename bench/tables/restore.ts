import { rmSync } from 'node:fs';
import type { Bench } from '../bench.ts';
import { inTurns, middle, type Entrant } from '../measure/in-turns.ts';
import { timedRun, type Command, type Outcome } from '../measure/timed-run.ts';
import { sweetspot } from '../ours.ts';
import { numbers, type Contestant, type Project } from '../peers/contestant.ts';
import { warm, wrongOutput } from '../projects.ts';
import { comparison, goal } from './comparison.ts';

/** All outputs were deleted, and the cache has them: how long until they are back? */
export function restore(bench: Bench): void {
  const { options, samples, ours, peers, print } = bench;
  const tasks = options.sizes[0]!;
  print(`### ${tasks} deleted outputs, brought back from the cache\n`);
  const entrants = [ours, ...peers].flatMap((contestant): readonly Entrant[] => {
    const { name, version, restore: command } = contestant;
    if (command === undefined) return [];
    const made = warm(options, contestant, tasks);
    if (made.kind === 'none') {
      print(`${name}: ${made.why}\n`);
      return [];
    }
    const { project } = made;
    return [{ name, version, measure: () => bringBack(bench, contestant, project, command(project)) }];
  });
  const entries = inTurns({
    table: 'restore',
    what: String(tasks),
    samples,
    entrants: [...entrants, ...exporting(bench, tasks)],
    turns: options.turns,
    longMs: options.longMs,
  });
  print(`${comparison(entries)}\n`);
  const ms = middle(entries[0], 'wallMs');
  print(`${goal(`s for ${tasks} outputs`, ms === undefined ? undefined : ms / 1000, 1)}\n`);
}

function bringBack({ options }: Bench, contestant: Contestant, project: Project, command: Command): Outcome {
  for (const n of numbers(project)) rmSync(contestant.output(project, n));
  const outcome = timedRun(command, options.limitMs);
  if (outcome.kind !== 'ran') return outcome;
  const wrong = wrongOutput(contestant, project) ?? contestant.objection?.(project);
  return wrong === undefined ? outcome : { kind: 'failed', message: wrong };
}

/** Ours by `export`, which copies into a folder of one's choice. */
function exporting({ options, ours }: Bench, tasks: number): readonly Entrant[] {
  const made = warm(options, ours, tasks);
  if (made.kind === 'none') return [];
  const { project } = made;
  const exported: Contestant = {
    ...ours,
    output: ({ dir }, n) => `${dir}/exported/noop@n=${n}/out/out.txt`,
  };
  return [
    {
      name: 'sweetspot export',
      version: ours.version,
      measure: () => {
        rmSync(`${project.dir}/exported`, { recursive: true, force: true });
        const outcome = timedRun(sweetspot(project.dir, ['export', 'noop', 'exported']), options.limitMs);
        if (outcome.kind !== 'ran') return outcome;
        const wrong = wrongOutput(exported, project);
        return wrong === undefined ? outcome : { kind: 'failed', message: wrong };
      },
    },
  ];
}
