import type { TaskId } from '../plan/plan.ts';
import { causeName } from './task-why.ts';
import type { Cause, TaskWhy } from './task-why.ts';

/** Tasks that stand as they do for the same reason. */
export interface CauseGroup {
  /** The first of them stands for all: its state and, but for their values, its causes are theirs. */
  readonly example: TaskWhy;
  readonly tasks: readonly TaskId[];
  readonly causes: readonly GroupedCause[];
}

/** One cause as it occurs in the tasks of a group: the same field, maybe with several values. */
export interface GroupedCause {
  readonly first: Cause;
  /** How many there are that differ in their values. */
  readonly count: number;
}

/** Groups of answers, the largest first; those that need nothing come last. */
export function groupCauses(answers: readonly TaskWhy[]): readonly CauseGroup[] {
  const groups = new Map<string, TaskWhy[]>();
  for (const answer of answers) {
    const name = groupName(answer);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [answer]);
    else group.push(answer);
  }
  return [...groups.values()]
    .map((members) => ({
      example: members[0]!,
      tasks: members.map(({ task }) => task),
      causes: groupedCauses(members),
    }))
    .sort((a, b) => idle(a.example) - idle(b.example) || b.tasks.length - a.tasks.length);
}

function idle({ standing }: TaskWhy): number {
  return standing.state === 'cached' ? 1 : 0;
}

function groupName({ standing, causes }: TaskWhy): string {
  switch (standing.state) {
    case 'cached':
    case 'running':
      return standing.state;
    case 'failed':
      return `failed ${standing.run} ${standing.failure.class} ${standing.failure.message}`;
    case 'blocked':
      return `blocked ${standing.by}`;
    case 'unusable':
      return `unusable ${standing.message}`;
    case 'run': {
      const { reason } = standing;
      // What differs is the reason for those that are new to these values and those that were cut off at them.
      const word = reason.kind === 'changed' && causes.length > 0 ? '' : reason.kind;
      return `open ${word} ${causesName(causes)}`;
    }
    case 'if-changed':
      return `open ${causes.length > 0 ? '' : `follows ${standing.follows}`} ${causesName(causes)}`;
  }
}

function causesName(causes: readonly Cause[]): string {
  return causes.map(kindOfCause).sort().join('\n');
}

/** One name for the same field in every instance of a task. */
function kindOfCause(cause: Cause): string {
  const name = causeName(cause);
  return name.startsWith(cause.task) ? `${nameOf(cause.task)}${name.slice(cause.task.length)}` : name;
}

function groupedCauses(members: readonly TaskWhy[]): readonly GroupedCause[] {
  const found = new Map<string, { first: Cause; values: Set<string> }>();
  for (const { causes } of members) {
    for (const cause of causes) {
      const name = kindOfCause(cause);
      const known = found.get(name);
      if (known === undefined) found.set(name, { first: cause, values: new Set([valuesOf(cause)]) });
      else known.values.add(valuesOf(cause));
    }
  }
  return [...found.values()].map(({ first, values }) => ({ first, count: values.size }));
}

/** What tells two causes of one kind apart: of a parameter nothing, of a field its values. */
function valuesOf(cause: Cause): string {
  if (cause.kind !== 'changed' || cause.change.param !== undefined || cause.change.data !== undefined)
    return '';
  const { before, after } = cause.change;
  return JSON.stringify([before.value ?? null, after.value ?? null]);
}

function nameOf(task: TaskId): string {
  return task.split('@')[0] ?? task;
}
