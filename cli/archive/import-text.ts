import type { ArchivedData } from '../../cache/archive/archived-data.ts';
import type { ArchiveProblem, ImportReport } from '../../cache/archive/import-report.ts';
import type { TaskKey } from '../../cache/digest.ts';
import { formatBytes, plural } from '../progress/duration.ts';

/** Up to so many tasks, each is listed; of more, those of one name are counted together. */
const mostListed = 60;

/** What is wrong, in one line, with the member that it is about and where that stands. */
export function problemText({ reason, place, detail }: ArchiveProblem, archive: string): string {
  if (place === undefined || reason === 'not-an-archive') return `${archive}: ${detail}`;
  const member = place.name === undefined ? '' : ` (${JSON.stringify(place.name).slice(1, -1)})`;
  const what = reason === 'truncated' ? 'is cut off: ' : '';
  return `${archive} ${what}at byte ${place.offset}, member ${place.ordinal}${member}: ${detail}`;
}

/** `12 results: 10 new, 2 here already`. */
export function resultsText({ taken, stood, differ }: ImportReport, isDry: boolean): string {
  const parts = [
    taken.size > 0 ? `${taken.size} ${isDry ? 'would be new' : 'new'}` : '',
    stood.size > 0 ? `${stood.size} here already` : '',
    differ.size > 0 ? `${differ.size} here with other outputs, which stay` : '',
  ].filter((part) => part !== '');
  const total = taken.size + stood.size + differ.size;
  return `${plural(total, 'result')}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

export function blobsText({ blobs }: ImportReport, isDry: boolean): string {
  const { taken, takenBytes, stood } = blobs;
  return `${plural(taken, 'blob')} (${formatBytes(takenBytes)}) ${isDry ? 'would be stored' : 'stored'}, ${stood} here already`;
}

/** Of each data set that the results were made from, what it was, its parts together. */
export function dataLines(data: readonly ArchivedData[]): readonly string[] {
  const sets = new Map<string, ArchivedData[]>();
  for (const each of data) sets.set(each.data, [...(sets.get(each.data) ?? []), each]);
  return [...sets].map(([name, own]) => {
    const files = own.reduce((sum, each) => sum + each.files, 0);
    const bytes = own.reduce((sum, each) => sum + each.bytes, 0);
    const parts = own.some(({ part }) => part !== undefined) ? `${plural(own.length, 'part')}, ` : '';
    return `data ${name} (${own[0]!.adapter}): ${parts}${plural(files, 'file')}, ${formatBytes(bytes)}; not in the archive`;
  });
}

/** Rows under a heading: each task, or where they are many each name, and what becomes of its result. */
export function taskRows(report: ImportReport): readonly (readonly string[])[] {
  const tasks = report.contents?.tasks ?? [];
  if (tasks.length <= mostListed)
    return [
      ['task', 'kind', 'result'],
      ...tasks.map(({ task, kind, key }) => [task, kind, fateOf(report, key)]),
    ];
  const byName = new Map<string, Map<string, number>>();
  for (const { task, key } of tasks) {
    const [name = task] = task.split('@');
    const fates = byName.get(name) ?? new Map<string, number>();
    byName.set(name, fates);
    const fate = fateOf(report, key);
    fates.set(fate, (fates.get(fate) ?? 0) + 1);
  }
  return [
    ['task', 'results'],
    ...[...byName].map(([name, fates]) => [
      name,
      [...fates].map(([fate, count]) => `${count} ${fate}`).join(', '),
    ]),
  ];
}

function fateOf({ taken, stood, differ }: ImportReport, key: TaskKey): string {
  if (taken.has(key)) return 'new';
  if (stood.has(key)) return 'here already';
  return differ.has(key) ? 'here with other outputs' : 'not taken';
}
