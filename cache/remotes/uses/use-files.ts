import { canonicalJson } from '../../canonical-json.ts';
import { openSealedText, sealText } from '../../local/sealed-text.ts';
import { folderPath } from '../../local/store-folder.ts';
import type { StoreFolder } from '../../store.ts';
import { counters } from '../remote-use.ts';
import type { RemoteUse } from '../remote-use.ts';

/** What one process had of its remotes, by name. Counters that are zero may be left out. */
export type UseRecord = Readonly<Record<string, Partial<RemoteUse>>>;

/**
 * Records by the name that each was written under, which no other will ever have. So files may hold the same record twice, while they are
 * being put together or where somebody was killed at it: it still counts once.
 */
export type UseRecords = ReadonlyMap<string, UseRecord>;

/** In `index/remotes/`: a file a record, and files that many were put together in. */
export function usesDir(folder: StoreFolder): string {
  return `${folderPath(folder, 'index')}/remotes`;
}

export function encodeRecord(uses: ReadonlyMap<string, RemoteUse>): string {
  return sealed({ format: 1, remotes: Object.fromEntries(uses) });
}

export function encodeRecords(records: UseRecords): string {
  const lean = [...records].map(([name, record]) => [
    name,
    Object.fromEntries(Object.entries(record).map(([remote, use]) => [remote, withoutZeros(use)])),
  ]);
  return sealed({ format: 1, records: Object.fromEntries(lean) as Readonly<Record<string, UseRecord>> });
}

/** What the file of that name holds; undefined where it is damaged. */
export function decodeRecords(name: string, text: string): UseRecords | undefined {
  const opened = openSealedText(text);
  if (opened === undefined) return undefined;
  const { remotes, records } = JSON.parse(opened) as {
    readonly remotes?: UseRecord;
    readonly records?: Readonly<Record<string, UseRecord>>;
  };
  return new Map(Object.entries(records ?? { [name]: remotes ?? {} }));
}

function withoutZeros(use: Partial<RemoteUse>): Partial<RemoteUse> {
  return Object.fromEntries(
    counters.flatMap((counter) => ((use[counter] ?? 0) > 0 ? [[counter, use[counter]]] : [])),
  );
}

function sealed(content: Parameters<typeof canonicalJson>[0]): string {
  return sealText(`${canonicalJson(content)}\n`);
}
