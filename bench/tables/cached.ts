import type { Bench } from '../bench.ts';
import { inTurns, middle, type Entrant, type Entry } from '../measure/in-turns.ts';
import { timedRun, type Outcome } from '../measure/timed-run.ts';
import type { Contestant, Project } from '../peers/contestant.ts';
import { outputTimes, warm } from '../projects.ts';
import { comparison, goal, quotient } from './comparison.ts';

/** Everything is there already: how long does it take to find that out? */
export function cached(bench: Bench): void {
  const { options, samples, ours, peers, print } = bench;
  for (const tasks of options.sizes) {
    print(`### ${tasks} tasks, all done already\n`);
    const ready = [ours, ...peers].map((each) => entrant(bench, each, tasks));
    const entries = inTurns({
      table: 'cached',
      what: String(tasks),
      samples,
      entrants: ready.filter((each) => 'measure' in each),
      turns: options.turns,
      longMs: options.longMs,
    });
    const all = ready.map((each) => entries.find(({ name }) => name === each.name) ?? (each as Entry));
    print(`${comparison(all)}\n`);
    if (tasks < 10_000) continue;
    const [own, doit] = [ours.name, 'doit'].map((name) => all.find((each) => each.name === name));
    print(goal("time over doit's", quotient(middle(own, 'wallMs'), middle(doit, 'wallMs')), 1 / 3));
    print(goal("CPU time over doit's", quotient(middle(own, 'cpuMs'), middle(doit, 'cpuMs')), 1 / 3));
    print(`${goal('MiB', middle(own, 'peakMiB'), 250)}\n`);
  }
}

function entrant(bench: Bench, contestant: Contestant, tasks: number): Entrant | Entry {
  const { name, version } = contestant;
  const made = warm(bench.options, contestant, tasks);
  if (made.kind === 'none') return { name, costs: [], problem: made.why };
  return { name, version, measure: () => findAllDone(bench, contestant, made.project) };
}

/** One run that must not do anything. */
function findAllDone({ options }: Bench, contestant: Contestant, project: Project): Outcome {
  const before = outputTimes(contestant, project);
  const outcome = timedRun(contestant.build(project), options.limitMs);
  if (outcome.kind !== 'ran') return outcome;
  const after = outputTimes(contestant, project);
  const rewritten = after.filter((time, n) => time !== before[n]).length;
  if (rewritten > 0) return { kind: 'failed', message: `${rewritten} outputs were written again` };
  const objection = contestant.objection?.(project);
  return objection === undefined ? outcome : { kind: 'failed', message: objection };
}
