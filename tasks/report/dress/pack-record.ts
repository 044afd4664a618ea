import { gzipSync } from 'node:zlib';
import type { StudyRecord } from '../../../engine/contract/study-record.ts';
import { trusted } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { keptLogs } from './keep-logs.ts';
import { packTask } from './pack-task.ts';
import type { PackedTask } from './pack-task.ts';

/** What the page's script is given of a record. A column a field: equal and similar values stand together, and compress. */
interface PackedRecord {
  readonly format: 1;
  readonly run: string | undefined;
  readonly columns: { readonly [field in keyof PackedTask]: readonly PackedTask[field][] };
  /** Many are alike: tasks name them by their places. */
  readonly logs: readonly string[];
}

/** The record as a data element of the page: JSON, compressed, in base64, so that no text of it is text of the page. */
export function packRecord(record: StudyRecord): Html {
  const packed = gzipSync(JSON.stringify(inColumns(record)), { level: 9 }).toString('base64');
  return trusted(`<script type="application/gzip" id="study-record">${packed}</script>`);
}

function inColumns({ run, tasks }: StudyRecord): PackedRecord {
  const { logs, logOf } = keptLogs(tasks);
  const rows = tasks.map((task, place) => packTask(task, place, logOf(task)));
  const column = <Field extends keyof PackedTask>(field: Field): readonly PackedTask[Field][] =>
    rows.map((row) => row[field]);
  return {
    format: 1,
    run: run?.run,
    columns: {
      ...{ address: column('address'), name: column('name'), kind: column('kind'), reads: column('reads') },
      ...{ coordinates: column('coordinates'), facts: column('facts'), command: column('command') },
      ...{ key: column('key'), outputs: column('outputs'), madeBy: column('madeBy') },
      ...{ startedMs: column('startedMs'), durationMs: column('durationMs'), peakMiB: column('peakMiB') },
      ...{ deviceClass: column('deviceClass'), backend: column('backend'), versions: column('versions') },
      log: column('log'),
    },
    logs,
  };
}
