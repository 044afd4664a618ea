import type { RunComparison } from '../../engine/run/compare-runs.ts';
import { colours } from '../io.ts';
import { plural } from '../progress/duration.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { runState } from '../run-state.ts';
import { changeLines } from '../show-values.ts';
import { runStateText } from '../state-text.ts';
import { table } from '../table.ts';
import type { ScoreChange, ScoreComparison } from './compare-scores.ts';
import type { Compared } from './diff-document.ts';
import { isOpen, namedCounts } from './study-changes.ts';

/** More than so many of a kind are counted, unless all are asked for. */
const mostScores = 20;
const mostNames = 8;

export interface DiffTextOptions {
  readonly width: number;
  readonly all: boolean;
}

/** Two runs side by side: what was changed, what followed from it, and what became of the scores. */
export function textLines(compared: Compared, options: DiffTextOptions): readonly string[] {
  const { before, after, scores } = compared;
  if (before.record.run === after.record.run)
    return [headText(before), 'the same run twice: nothing differs'];
  const sections = [
    [`before  ${headText(before)}`, `after   ${headText(after)}`, ...summaryLines(compared)],
    studyLines(compared, options),
    scoreLines(scores, options),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

/** The answer in a line, and what keeps it from being whole. */
function summaryLines({ before, after, runs, scores, results }: Compared): readonly string[] {
  const { same, other } = results;
  const moved = scores.changes.length;
  const parts = [
    plural(fieldsOf(runs), 'changed field'),
    ...(same + other === 0
      ? ['no task in common']
      : [`${same} of ${plural(same + other, 'result')} ${same + other === 1 ? 'is' : 'are'} the same bytes`]),
    ...(moved + scores.equal === 0
      ? ['no scores to compare by their addresses']
      : [`${moved} of ${plural(moved + scores.equal, 'score')} moved`]),
  ];
  return [
    parts.join('; '),
    ...(['before', 'after'] as const).flatMap((which) => {
      const lacking = [...(which === 'before' ? before : after).tasks.values()].filter(isOpen).length;
      return lacking === 0
        ? []
        : [colours.yellow(`${which} lacks the results of ${plural(lacking, 'task')}: they are not compared`)];
    }),
  ];
}

function fieldsOf({ changes }: RunComparison): number {
  return new Set(changes.map(({ name, field }) => JSON.stringify([name, field]))).size;
}

function headText({ record }: RecordedRun): string {
  return `${colours.bold(record.study)}  ${record.run}  ${runStateText(runState(record))}`;
}

function studyLines({ before, after, runs }: Compared, { width, all }: DiffTextOptions): readonly string[] {
  const { changes, removed, added, follow, remade, same, unknown } = runs;
  const lines = changes.flatMap((change) => {
    const many = change.tasks.length > 1 ? `  ${colours.dim(plural(change.tasks.length, 'instance'))}` : '';
    return [`${change.name}${many}`, ...changeLines(change, width - 2).map((line) => `  ${line}`)];
  });
  const counted = (
    [
      ['only before', removed, before, after],
      ['only after', added, after, before],
      ['the same key, other bytes', remade, before, after],
      ['no longer known', unknown, before, after],
    ] as const
  ).flatMap(([what, tasks, own, other]) => {
    if (tasks.length === 0) return [];
    const names =
      all || tasks.length === 1
        ? tasks
        : namedCounts(tasks, own, other).map(({ name, count }) =>
            count === 1 ? name : `${name} (${count})`,
          );
    return [`${what}: ${namesText(tasks.length, names, all)}`];
  });
  const rest = [
    ...(follow.length === 0
      ? []
      : [
          follow.length === 1
            ? '1 task differs only by what it reads'
            : `${plural(follow.length, 'task')} differ only by what they read`,
        ]),
    `${plural(same.length, 'task')} the same`,
  ].join(', ');
  const isAlike = lines.length + counted.length + follow.length === 0;
  return [
    colours.bold('study'),
    ...(isAlike ? [] : lines),
    ...counted,
    colours.dim(isAlike ? `nothing differs: ${rest}` : rest),
  ];
}

function namesText(count: number, names: readonly string[], all: boolean): string {
  const shown = all ? names : names.slice(0, mostNames);
  return `${plural(count, 'task')}: ${shown.join('  ')}${shown.length < names.length ? '  …' : ''}`;
}

function scoreLines(scores: ScoreComparison, { width, all }: DiffTextOptions): readonly string[] {
  const { changes, equal, gone } = scores;
  if (changes.length + equal + gone.length === 0) return [];
  const shown = all ? changes : changes.slice(0, mostScores);
  const rows = shown.map((change) => [
    change.task,
    change.metric,
    valueText(change.before, change.unit),
    valueText(change.after, change.unit),
    changeText(change),
  ]);
  const columns = [
    { title: 'score' },
    { title: 'metric' },
    { title: 'before', align: 'right' as const },
    { title: 'after', align: 'right' as const },
    { title: 'change', align: 'right' as const },
  ];
  return [
    colours.bold('scores'),
    ...(rows.length === 0 ? [] : table(columns, rows, { width })),
    ...(shown.length < changes.length ? [colours.dim(`${changes.length - shown.length} more: --all`)] : []),
    ...(gone.length === 0 ? [] : [`${plural(gone.length, 'task')} whose scores are no longer in the store`]),
    colours.dim(`${equal} the same`),
  ];
}

function valueText(value: number | null | undefined, unit: string): string {
  if (value === undefined) return '·';
  if (value === null) return 'no value';
  return unit === 'fraction' ? `${(value * 100).toFixed(2)} %` : Number(value.toPrecision(5)).toString();
}

/** Signed; green where it became better. */
function changeText({ before, after, unit, higherIsBetter }: ScoreChange): string {
  if (typeof before !== 'number' || typeof after !== 'number') return '';
  const change = after - before;
  const size =
    unit === 'fraction' ? (Math.abs(change) * 100).toFixed(2) : Number(Math.abs(change).toPrecision(4));
  const text = `${change < 0 ? '\u2212' : '+'}${size}`;
  return change > 0 === higherIsBetter ? colours.green(text) : colours.red(text);
}
