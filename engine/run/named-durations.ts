import { readFile } from 'node:fs/promises';
import { canonicalJson } from '../../cache/canonical-json.ts';
import type { Plan, PlannedTask } from '../plan/plan.ts';
import { parseEvents, readRunAbout, runNames } from './journal.ts';
import { runFolder } from './run-folder.ts';

/** How many runs of the study, and of any, are gone back through. */
const mostRead = 3;
const mostLooked = 50;

/** What tells a task apart from all others, as far as time goes. */
type Timed = Pick<PlannedTask, 'name' | 'traits'>;

/**
 * What the like of a task took in the study's latest runs, in milliseconds: the mean of the instances of its name that have
 * its traits. The nearest that is known: of two programs, or two steps of a study, the store as a whole knows only the kind.
 */
export async function namedDurations(request: {
  readonly runsDir: string;
  readonly plan: Pick<Plan, 'study' | 'file' | 'tasks'>;
  /** See `Slot.deviceClass`; empty where it is not known. */
  readonly deviceClass: string;
  /** A run that is left out, because whoever asks has read it. */
  readonly except?: string | undefined;
}): Promise<(task: Timed) => number | undefined> {
  const { runsDir, plan, deviceClass } = request;
  const device = deviceClass.split('-', 1)[0] ?? '';
  const found = new Map<string, number>();
  let read = 0;
  for (const run of (await runNames(runsDir)).slice(0, mostLooked)) {
    if (run === request.except) continue;
    const about = await readRunAbout(runsDir, run);
    if (about?.study !== plan.study && about?.file !== plan.file) continue;
    const text = await readFile(runFolder(runsDir, run).eventsFile, 'utf8').catch(() => '');
    if (!ranOn(text, device)) continue;
    for (const [like, ms] of meansIn(text, plan)) if (!found.has(like)) found.set(like, ms);
    if (++read >= mostRead) break;
  }
  return (task) => (found.size === 0 ? undefined : found.get(likeOf(task)));
}

/** A run's first event names its slots; one through a cluster has none of its own. */
function ranOn(events: string, device: string): boolean {
  if (device === '') return true;
  const [first] = parseEvents(events.slice(0, events.indexOf('\n') + 1));
  return first?.kind === 'run-started' && first.slots.some((slot) => slot.startsWith(device));
}

function meansIn(events: string, plan: Pick<Plan, 'tasks'>): ReadonlyMap<string, number> {
  // One event in three; the others need not be parsed.
  const lines = events.split('\n').filter((line) => line.startsWith('{"kind":"task-done"'));
  const sums = new Map<string, { count: number; totalMs: number }>();
  for (const event of parseEvents(lines.join('\n'))) {
    const task = event.kind === 'task-done' ? plan.tasks.get(event.task) : undefined;
    if (event.kind !== 'task-done' || task === undefined) continue;
    const like = likeOf(task);
    const { count, totalMs } = sums.get(like) ?? { count: 0, totalMs: 0 };
    sums.set(like, { count: count + 1, totalMs: totalMs + event.durationMs });
  }
  return new Map([...sums].map(([like, { count, totalMs }]) => [like, totalMs / count]));
}

function likeOf({ name, traits }: Timed): string {
  return `${name} ${canonicalJson(traits)}`;
}
