import { rmSync } from 'node:fs';
import type { Bench } from '../bench.ts';
import { inTurns, middle } from '../measure/in-turns.ts';
import { floor } from '../peers/floor.ts';
import { buildFresh, warmProject } from '../projects.ts';
import { comparison, goal, quotient } from './comparison.ts';

/** Nothing is there yet: what does a task cost? The first turn's projects are kept for the tables that want them built. */
export function cold({ options, samples, ours, peers, print }: Bench): void {
  const tasks = options.sizes[0]!;
  print(`### ${tasks} tasks, none done yet, ${options.jobs} at a time\n`);
  const entries = inTurns({
    table: 'cold',
    what: String(tasks),
    samples,
    entrants: [ours, floor(), ...peers].map((contestant) => ({
      name: contestant.name,
      version: contestant.version,
      measure: (turn) => {
        const kept = warmProject(options, contestant, tasks);
        if (turn === 0) return buildFresh(options, contestant, kept);
        const project = { ...kept, dir: `${options.scratch}/cold/${contestant.name}` };
        try {
          return buildFresh(options, contestant, project);
        } finally {
          rmSync(project.dir, { recursive: true, force: true });
        }
      },
    })),
    turns: Math.min(options.turns, 3),
    longMs: options.longMs,
  });
  print(`${comparison(entries, tasks)}\n`);
  const [own, bare] = entries;
  print(goal('time over the floor', quotient(middle(own, 'wallMs'), middle(bare, 'wallMs')), 1.5));
  print(`${goal('CPU time over the floor', quotient(middle(own, 'cpuMs'), middle(bare, 'cpuMs')), 1.5)}\n`);
}
