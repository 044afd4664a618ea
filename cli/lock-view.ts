import type { LockDifference } from '../engine/lock/compare-lock.ts';
import { colours } from './io.ts';
import { changeLines } from './show-values.ts';
import { padded } from './text-width.ts';

/** More than this are only counted: the first tell what is going on. */
const mostShown = 50;
const digestShown = 12;
const wordWidth = 9;

/** Differences as lines, one below the other; the last says how many are left out. */
export function differenceLines(differences: readonly LockDifference[], width: number): readonly string[] {
  const groups = groupAlike(differences);
  const lines = groups.slice(0, mostShown).flatMap(({ first, alike }) => {
    const [word, what, ...more] = described(first, width);
    const others = alike === 0 ? '' : colours.dim(` and ${alike} more, likewise`);
    return [
      `  ${colours.yellow(padded(word ?? '', wordWidth))}${what ?? ''}${others}`,
      ...more.map((line) => `  ${' '.repeat(wordWidth)}  ${line}`),
    ];
  });
  const left = groups.length - mostShown;
  return left > 0 ? [...lines, colours.dim(`  … and ${left} more; --json lists them all`)] : lines;
}

interface Group {
  readonly first: LockDifference;
  /** How many more tasks differ in the same fields by the same values. */
  alike: number;
}

function groupAlike(differences: readonly LockDifference[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const difference of differences) {
    const alike = JSON.stringify(difference.kind === 'key' ? difference.fields : difference);
    const group = groups.get(alike);
    if (group === undefined) groups.set(alike, { first: difference, alike: 0 });
    else group.alike += 1;
  }
  return [...groups.values()];
}

/** What kind of difference, of what, and then what it is. */
function described(difference: LockDifference, width: number): readonly string[] {
  const room = width - wordWidth - 6;
  switch (difference.kind) {
    case 'param':
      return ['param', difference.param, `${json(difference.before)} -> ${json(difference.after)}`];
    case 'data':
      return [
        'data',
        difference.data,
        `${short(difference.before)} -> ${short(difference.after)}: other files, or other content`,
      ];
    case 'extra':
      return ['extra', `${difference.task}: in the study, not in the lock`];
    case 'missing':
      return ['missing', `${difference.task}: in the lock, not in the study`];
    case 'key':
      return ['key', difference.task, ...difference.fields.flatMap((field) => changeLines(field, room))];
    case 'outputs': {
      const outputs = difference.outputs.map(
        ({ output, before, after }) => `${output}: ${short(before)} -> ${short(after)}`,
      );
      return ['outputs', difference.task, ...outputs, madeOnText(difference.madeOn)];
    }
    case 'unusable':
      return [
        'unusable',
        difference.task,
        difference.message,
        ...(difference.hint === undefined ? [] : [difference.hint]),
      ];
  }
}

function madeOnText({ before, after }: { readonly before: string; readonly after: string }): string {
  return before === after
    ? `the key is the same, and so is what it was made on (${after}): the task is not deterministic`
    : `the key is the same; made on ${before} then, on ${after} now: bytes are only the same on the same`;
}

function short(digest: string | undefined): string {
  return digest === undefined ? '(none)' : `${digest.slice(0, digestShown)}…`;
}

function json(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}
