import { gzipSync } from 'node:zlib';
import type { StudyRecord, TaskRecord } from '../../../engine/contract/study-record.ts';
import { trusted } from '../page/html.ts';
import type { Html } from '../page/html.ts';

/** What the page's script is given of a record. Reads and logs of thousands of tasks are told by place. */
interface PackedRecord {
  readonly format: 1;
  readonly run: string | undefined;
  readonly tasks: readonly PackedTask[];
  /** Many logs are alike. */
  readonly logs: readonly string[];
}

type PackedTask = Omit<TaskRecord, 'result'> & {
  readonly result: (Omit<NonNullable<TaskRecord['result']>, 'log'> & { readonly log?: number }) | undefined;
};

/** All logs together may weigh this much in the page, compressed: some hundred kilobytes for thousands of tasks. */
const logBudgetBytes = 80_000;
/** Lines that are kept of each log, as many as fit. */
const logLines = [40, 12, 4, 1, 0] as const;

/** The record as a data element of the page: JSON, compressed, in base64, so that no text of it is text of the page. */
export function packRecord(record: StudyRecord): Html {
  const lines = logLines.find((count) => logBytes(record, count) <= logBudgetBytes) ?? 0;
  const packed = gzipSync(JSON.stringify(withLogs(record, lines)), { level: 9 }).toString('base64');
  return trusted(`<script type="application/gzip" id="study-record">${packed}</script>`);
}

function withLogs({ run, tasks }: StudyRecord, lines: number): PackedRecord {
  const logs = new Map<string, number>();
  const place = (log: string | undefined): { readonly log?: number } => {
    const text = log === undefined ? '' : lastLines(log, lines);
    if (text === '') return {};
    const known = logs.get(text) ?? logs.size;
    logs.set(text, known);
    return { log: known };
  };
  const packed = tasks.map((task): PackedTask => {
    if (task.result === undefined) return { ...task, result: undefined };
    const { log, ...result } = task.result;
    return { ...task, result: { ...result, ...place(log) } };
  });
  return { format: 1, run: run?.run, tasks: packed, logs: [...logs.keys()] };
}

function logBytes({ tasks }: StudyRecord, lines: number): number {
  const kept = new Set(tasks.map(({ result }) => lastLines(result?.log ?? '', lines)));
  return gzipSync([...kept].join('\n')).length;
}

function lastLines(log: string, lines: number): string {
  return lines === 0 ? '' : log.trimEnd().split('\n').slice(-lines).join('\n');
}
