import { existsSync } from 'node:fs';
import type { DataName } from '../../cache/archive/archived-data.ts';
import { recallData } from '../../cache/archive/remembered-data.ts';
import type { RememberedData } from '../../cache/archive/remembered-data.ts';
import type { Digest } from '../../cache/digest.ts';
import type { DataAdapter } from '../contract/data-adapter.ts';
import type { PlannedData } from '../plan/plan.ts';
import { withoutDefaults } from '../study/defaults.ts';
import type { IdentifiedData, RecordedData } from './data-identity.ts';

export interface RecordedDataRequest {
  /** Roots of the stores that are asked. */
  readonly stores: readonly string[];
  readonly study: string;
  readonly data: PlannedData;
  readonly part: string | undefined;
  readonly adapter: DataAdapter;
}

/**
 * The identity of data that is not on this machine, as an archive of results that were made from it told it: enough to find
 * those, not to compute any. Undefined where data lies in its place, whatever its state: that is what counts then.
 */
export function recordedData(request: RecordedDataRequest): IdentifiedData | undefined {
  const { stores, study, data, part, adapter } = request;
  if (!isAbsent(data, adapter)) return undefined;
  const recalled = recallData(stores, {
    ...{ study, data: data.name, part, adapter: adapter.adapter, version: adapter.version },
    options: withoutDefaults(adapter.options, data.options),
  });
  if (recalled === undefined) return undefined;
  const { digest, archive, files, bytes } = recalled;
  const recorded = { name: data.name, part, root: data.root, archive, files, bytes };
  return { kind: 'identified', digest, files: [], readBytes: 0, recorded };
}

/** Whether there is nothing in the data's place. */
export function isAbsent({ root }: PlannedData, { embedded }: DataAdapter): boolean {
  return !embedded && (root === undefined || !existsSync(root));
}

/** How an archive calls a file that tasks name, beside the data sets. */
export function namedFile(name: string): DataName {
  return { data: name, adapter: 'file', version: 1, options: {} };
}

/** What an archive told of a file that tasks name; whether it is there, the caller has looked. */
export function recordedFile(request: {
  readonly stores: readonly string[];
  readonly study: string;
  readonly name: string;
}): RememberedData | undefined {
  const { stores, study, name } = request;
  return recallData(stores, { study, ...namedFile(name) });
}

/** Why a task with these inputs cannot be computed here, though its key is known; undefined where nothing is absent. */
export function whyUnreadable(task: {
  readonly data: Iterable<IdentifiedData>;
  readonly absentFiles: readonly string[];
}): { readonly message: string; readonly hint: string } | undefined {
  for (const { recorded } of task.data) {
    if (recorded === undefined) continue;
    return {
      message: `data '${recorded.name}' is ${whereNot(recorded)}, and this task has to read it`,
      hint: `say where it lies: --data ${recorded.name}=PATH`,
    };
  }
  const [file] = task.absentFiles;
  if (file === undefined) return undefined;
  return {
    message: `there is no file ${file} on this machine, and this task has to read it`,
    hint: 'bring it there: the archive of the results does not hold it',
  };
}

/** What people are told where an identity is taken for granted. */
export function recordedDataText(digest: Digest, recorded: RecordedData): string {
  const { name, part, files, archive } = recorded;
  const which =
    part === undefined
      ? `its identity (${digest.slice(0, 12)}…, ${files} ${files === 1 ? 'file' : 'files'}) is`
      : 'the identities of its parts are';
  return `data '${name}' is ${whereNot(recorded)}: ${which} taken from archive ${archive}`;
}

function whereNot({ root }: RecordedData): string {
  return root === undefined ? 'not on this machine' : `not at ${root}`;
}
