import { middle, pairs, type Entry } from '../measure/in-turns.ts';
import { range } from '../measure/statistics.ts';
import { ratio, seconds, table } from '../measure/table.ts';

/**
 * Medians of each entry, and the first one's figures over those of each other: below 1, the first is faster. Problems
 * stand below. `tasks`, where given, adds the time a task.
 */
export function comparison(entries: readonly Entry[], tasks?: number): string {
  const [first] = entries;
  const withCosts = entries.filter(({ costs }) => costs.length > 0);
  const each = tasks === undefined ? [] : ['ms a task'];
  const head = ['', 'wall s', 'range', ...each, 'CPU s', 'peak MiB', 'ratio', 'pairs', 'CPU ratio', 'turns'];
  const rows = withCosts.map((entry) => {
    const wallMs = middle(entry, 'wallMs')!;
    const walls = range(entry.costs.map((cost) => cost.wallMs));
    return [
      entry.name,
      seconds(wallMs),
      walls.map(seconds).join('-'),
      ...(tasks === undefined ? [] : [(wallMs / tasks).toFixed(2)]),
      seconds(middle(entry, 'cpuMs')!),
      middle(entry, 'peakMiB')!.toFixed(0),
      ...(entry === first ? ['', '', ''] : ratios(first!, entry)),
      String(entry.costs.length),
    ];
  });
  const loads = withCosts.flatMap(({ costs }) => costs.map(({ load }) => load));
  const load =
    loads.length === 0
      ? ''
      : `\nLoad ${range(loads)
          .map((each) => each.toFixed(1))
          .join(' to ')}.`;
  return [table(head, rows), load, ...problems(entries)].join('\n');
}

function ratios(first: Entry, entry: Entry): readonly string[] {
  if (first.costs.length === 0) return ['', '', ''];
  const walls = pairs(first, entry, 'wallMs');
  return [
    ratio(middle(first, 'wallMs')! / middle(entry, 'wallMs')!),
    range(walls).map(ratio).join('-'),
    ratio(middle(first, 'cpuMs')! / middle(entry, 'cpuMs')!),
  ];
}

function problems(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ name, problem }) => (problem === undefined ? [] : [`\n${name}: ${problem}`]));
}

/** A line that says whether a goal is met; without a figure, that it was not measured. */
export function goal(text: string, value: number | undefined, limit: number): string {
  if (value === undefined) return `- ${text}: not measured`;
  return `- ${text}: ${ratio(value)}, goal ${ratio(limit)}: ${value <= limit ? 'met' : 'MISSED'}`;
}

/** The quotient of two figures that may not have been measured. */
export function quotient(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one / other;
}
