import { gzipSync } from 'node:zlib';
import type { TaskRecord } from '../../../engine/contract/study-record.ts';

/** All logs together may weigh this much in the page, compressed. */
const budgetBytes = 20_000;
/** Last lines that are kept of each log, as many as fit. */
const lineCounts = [40, 12, 4, 1] as const;

export interface KeptLogs {
  readonly logs: readonly string[];
  /** A task's place among them; undefined where nothing is kept of its log. */
  readonly logOf: (task: TaskRecord) => number | undefined;
}

/** The ends of the logs, the shorter the more there are; none at all where even last lines are too many. */
export function keptLogs(tasks: readonly TaskRecord[]): KeptLogs {
  for (const count of lineCounts) {
    const kept = endings(tasks, count);
    if (gzipSync([...kept.keys()].join('\n')).length > budgetBytes) continue;
    return { logs: [...kept.keys()], logOf: ({ result }) => kept.get(lastLines(result?.log ?? '', count)) };
  }
  return { logs: [], logOf: () => undefined };
}

function endings(tasks: readonly TaskRecord[], count: number): ReadonlyMap<string, number> {
  const texts = tasks.map(({ result }) => lastLines(result?.log ?? '', count)).filter((text) => text !== '');
  return new Map([...new Set(texts)].map((text, place) => [text, place]));
}

function lastLines(log: string, count: number): string {
  return log.trimEnd().split('\n').slice(-count).join('\n');
}
