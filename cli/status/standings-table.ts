import { colours } from '../io.ts';
import { settledOf } from '../progress/run-progress.ts';
import type { Counts, NameProgress, RunProgress } from '../progress/run-progress.ts';
import { clipped, clippedMiddle, padded, textWidth } from '../text-width.ts';

interface Column {
  readonly title: string;
  readonly count: (counts: Counts) => number;
  readonly paint: (text: string) => string;
}

const ended: readonly Column[] = [
  { title: 'cached', count: ({ cached }) => cached, paint: colours.cyan },
  { title: 'done', count: ({ done }) => done, paint: colours.green },
  { title: 'failed', count: ({ failed }) => failed, paint: colours.red },
  { title: 'blocked', count: ({ blocked }) => blocked, paint: colours.yellow },
];
const live: readonly Column[] = [
  ...ended,
  { title: 'running', count: ({ running }) => running, paint: String },
  { title: 'in other runs', count: ({ elsewhere }) => elsewhere, paint: String },
  { title: 'ready', count: ({ ready }) => ready, paint: String },
  { title: 'waiting', count: ({ waiting }) => waiting, paint: String },
];
const past: readonly Column[] = [
  ...ended,
  { title: 'cut off', count: ({ running }) => running, paint: colours.red },
  {
    title: 'not run',
    count: ({ elsewhere, ready, waiting }) => elsewhere + ready + waiting,
    paint: String,
  },
];

/** How the instances of each name stand, a row a name, with columns for what there is; and what names wait for. */
export function standingsTable(
  progress: RunProgress,
  { isLive, width }: { readonly isLive: boolean; readonly width: number },
): readonly string[] {
  const shown = (isLive ? live : past).filter(({ count }) => count(progress.counts) > 0);
  const names = [...progress.names.values()];
  const nameWidth = Math.min(
    Math.max(4, ...names.map(({ name }) => textWidth(name))),
    width === Infinity ? Infinity : Math.max(12, Math.floor(width / 2)),
  );
  const widths = shown.map(({ title, count }) =>
    Math.max(title.length, ...names.map(({ counts }) => String(count(counts)).length)),
  );
  const head = shown.map(({ title }, i) => title.padStart(widths[i] ?? 0)).join('  ');
  return [
    colours.dim(`${padded('task', nameWidth)}  ${head}`),
    ...names.map((name) => {
      const cells = shown.map(({ count, paint }, i) => {
        const value = count(name.counts);
        const text = (value === 0 ? '·' : String(value)).padStart(widths[i] ?? 0);
        return value === 0 ? colours.dim(text) : paint(text);
      });
      const row = `${padded(clippedMiddle(name.name, nameWidth), nameWidth)}  ${cells.join('  ')}`;
      const wait = isLive ? clipped(waitText(progress, name), width - textWidth(row) - 2) : '';
      return wait === '' ? row : `${row}  ${colours.dim(wait)}`;
    }),
  ];
}

function waitText(progress: RunProgress, name: NameProgress): string {
  if (settledOf(name) === name.total || name.counts.waiting === 0) return '';
  const names = progress.waitsFor(name);
  // Nothing of another name is open: its rounds wait for each other.
  return `waits for ${names.length > 0 ? names.join(', ') : name.name}`;
}
