import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { canonicalJson } from '../canonical-json.ts';
import { digestOf, parseDigest } from '../digest.ts';
import type { Digest } from '../digest.ts';
import type { Json, JsonObject } from '../json.ts';
import { openSealedText, sealText } from '../local/sealed-text.ts';
import { temporaryPrefix, TemporaryFile } from '../local/temporary-file.ts';
import type { StoreFolder } from '../store.ts';
import { errorCode } from '../system-error.ts';
import { dataNameJson } from './archived-data.ts';
import type { ArchivedData, DataName } from './archived-data.ts';

// Which data the studies of imported archives were made from, a file a data set's part in `index/data/`. It is asked where that
// data is not on this machine. Nothing but an import writes it.

/** The identity of data as an archive told it. */
export interface RememberedData extends Omit<ArchivedData, keyof DataName> {
  /** Name of the archive. */
  readonly archive: string;
}

/** What the archive of a study tells of its data, in place of what an earlier archive of that study told. Throws system errors. */
export async function rememberData(
  folder: StoreFolder,
  told: { readonly study: string; readonly archive: string; readonly data: readonly ArchivedData[] },
): Promise<void> {
  const { study, archive, data } = told;
  for (const each of data) {
    const path = pathOf(folder.root, each);
    const { digest, files, bytes } = each;
    const studies = { ...read(path), [study]: { archive, digest, files, bytes } };
    const text = sealText(`${canonicalJson({ format: 1, ...dataNameJson(each), studies })}\n`);
    using file = await TemporaryFile.write(folder, path.slice(0, path.lastIndexOf('/')), text);
    file.syncNow();
    await file.renameTo(path);
  }
}

/**
 * What archives have told of some data: that of the study's own archive; else that on which the archives of all other studies agree.
 * `roots`: of the stores that are asked, one after the other.
 */
export function recallData(
  roots: readonly string[],
  { study, ...name }: DataName & { readonly study: string },
): RememberedData | undefined {
  for (const root of roots) {
    const studies = read(pathOf(root, name));
    const own = rememberedOf(studies[study]);
    if (own !== undefined) return own;
    const others = Object.values(studies).flatMap((each) => rememberedOf(each) ?? []);
    if (new Set(others.map(({ digest }) => digest)).size === 1) return others[0];
  }
  return undefined;
}

/** Names of all data of one adapter that archives of a study have told of. */
export function rememberedNames(
  roots: readonly string[],
  { study, adapter }: { readonly study: string; readonly adapter: string },
): readonly string[] {
  const names = new Set<string>();
  for (const root of roots) {
    for (const file of filesIn(`${root}/index/data`)) {
      const told = recordOf(`${root}/index/data/${file}`);
      if (told.adapter !== adapter || told.studies?.[study] === undefined) continue;
      if (told.data !== undefined) names.add(told.data);
    }
  }
  return [...names].sort();
}

function filesIn(dir: string): readonly string[] {
  return existsSync(dir) ? readdirSync(dir).filter((name) => !name.startsWith(temporaryPrefix)) : [];
}

function pathOf(root: string, name: DataName): string {
  return `${root}/index/data/${digestOf(canonicalJson(dataNameJson(name)))}`;
}

/** By study. */
function read(path: string): { readonly [study: string]: Json } {
  return recordOf(path).studies ?? {};
}

/** Empty where nothing is known, or what was is damaged. */
function recordOf(path: string): Partial<DataName> & { readonly studies?: JsonObject } {
  try {
    const text = openSealedText(readFileSync(path, 'utf8'));
    return text === undefined ? {} : (JSON.parse(text) as ReturnType<typeof recordOf>);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return {};
  }
}

function rememberedOf(value: Json | undefined): RememberedData | undefined {
  const { archive, digest, files, bytes } = (value ?? {}) as {
    readonly [K in keyof RememberedData]?: Json;
  };
  const parsed: Digest | undefined = typeof digest === 'string' ? parseDigest(digest) : undefined;
  if (typeof archive !== 'string' || parsed === undefined) return undefined;
  if (typeof files !== 'number' || typeof bytes !== 'number') return undefined;
  return { archive, digest: parsed, files, bytes };
}
