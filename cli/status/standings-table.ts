import { colours } from '../io.ts';
import { settledOf } from '../progress/run-progress.ts';
import type { Counts, NameProgress, RunProgress } from '../progress/run-progress.ts';
import { countCell, table } from '../table.ts';
import type { TableColumn } from '../table.ts';

interface Column extends TableColumn {
  readonly count: (counts: Counts) => number;
}

const ended: readonly Column[] = [
  { title: 'cached', count: ({ cached }) => cached, paint: colours.cyan },
  { title: 'done', count: ({ done }) => done, paint: colours.green },
  { title: 'failed', count: ({ failed }) => failed, paint: colours.red },
  { title: 'blocked', count: ({ blocked }) => blocked, paint: colours.yellow },
];
const live: readonly Column[] = [
  ...ended,
  { title: 'running', count: ({ running }) => running },
  { title: 'in other runs', count: ({ elsewhere }) => elsewhere },
  { title: 'ready', count: ({ ready }) => ready },
  { title: 'waiting', count: ({ waiting }) => waiting },
];
const past: readonly Column[] = [
  ...ended,
  { title: 'cut off', count: ({ running }) => running, paint: colours.red },
  { title: 'not run', count: ({ elsewhere, ready, waiting }) => elsewhere + ready + waiting },
];

/** How the instances of each name stand, a row a name, with columns for what there is; and what names wait for. */
export function standingsTable(
  progress: RunProgress,
  { isLive, width }: { readonly isLive: boolean; readonly width: number },
): readonly string[] {
  const counted = (isLive ? live : past).filter(({ count }) => count(progress.counts) > 0);
  const columns: readonly TableColumn[] = [
    { title: 'task' },
    ...counted.map((column) => ({ ...column, align: 'right' as const })),
    { title: '', paint: colours.dim },
  ];
  const rows = [...progress.names.values()].map((name) => [
    name.name,
    ...counted.map(({ count }) => countCell(count(name.counts))),
    isLive ? waitText(progress, name) : '',
  ]);
  return table(columns, rows, { width });
}

function waitText(progress: RunProgress, name: NameProgress): string {
  if (settledOf(name) === name.total || name.counts.waiting === 0) return '';
  const names = progress.waitsFor(name);
  // Nothing of another name is open: its rounds wait for each other.
  return `waits for ${names.length > 0 ? names.join(', ') : name.name}`;
}
