import { readFile } from 'node:fs/promises';
import { canonicalJson } from '../canonical-json.ts';
import { errorCode } from '../system-error.ts';
import type { Sharing, StoreFolder } from '../store.ts';
import { TemporaryFile } from './temporary-file.ts';

/** The layout that this version reads and writes. Raised when an older version could no longer use a store. */
const storeFormat = 1;

/** What `store.json` says. */
interface StoreSettings {
  readonly format: typeof storeFormat;
  readonly sharing: Sharing;
  /** Whether only signed results count, for everybody. */
  readonly signed: boolean;
  /** Earlier versions do not know it, and write it over when they share the store. */
  readonly quotaBytes?: number;
}

export type SettingsResult =
  | { readonly kind: 'read'; readonly settings: StoreSettings }
  | { readonly kind: 'absent' }
  | IncompatibleStore;

/** A store that this version must not touch. */
export interface IncompatibleStore {
  readonly kind: 'incompatible';
  readonly reason: 'newer-format' | 'damaged';
  /** The `store.json` that says so. */
  readonly path: string;
  readonly message: string;
}

function settingsPath(root: string): string {
  return `${root}/store.json`;
}

/** Throws system errors other than that there is no such file. */
export async function readSettings(root: string): Promise<SettingsResult> {
  const path = settingsPath(root);
  const text = await readIfThere(path);
  if (text === undefined) return { kind: 'absent' };
  const { format, sharing, signed = false, quotaBytes } = fieldsOf(text);
  if (typeof format === 'number' && Number.isInteger(format) && format > storeFormat) {
    const message = `${path} is of format ${format}; this version knows formats up to ${storeFormat}. Use a newer version, or another folder.`;
    return { kind: 'incompatible', reason: 'newer-format', path, message };
  }
  const isKnown =
    (sharing === 'umask' || sharing === 'group') && typeof signed === 'boolean' && isQuota(quotaBytes);
  if (format !== storeFormat || !isKnown) {
    const message = `${path} is damaged. It should read {"format":${storeFormat},"sharing":"umask"}, or "group" for a store shared by a team. Nothing else in the folder was touched.`;
    return { kind: 'incompatible', reason: 'damaged', path, message };
  }
  return {
    kind: 'read',
    settings: { format, sharing, signed, ...(quotaBytes === undefined ? {} : { quotaBytes }) },
  };
}

/** Writes `store.json` unless somebody else just did. Throws system errors. */
export async function writeSettings(folder: StoreFolder): Promise<void> {
  using temporary = await TemporaryFile.write(folder, folder.root, settingsText(folder));
  temporary.syncNow();
  temporary.linkTo(settingsPath(folder.root));
}

/** Writes `store.json` in place of the one that is there. Throws system errors. */
export async function writeSettingsAnew(folder: StoreFolder): Promise<void> {
  using temporary = await TemporaryFile.write(folder, folder.root, settingsText(folder));
  temporary.syncNow();
  await temporary.renameTo(settingsPath(folder.root));
}

function settingsText({ sharing, signed, quotaBytes }: StoreFolder): string {
  const demanded = signed === true ? { signed } : {};
  const quota = quotaBytes === undefined ? {} : { quotaBytes };
  return `${canonicalJson({ format: storeFormat, sharing, ...demanded, ...quota })}\n`;
}

function isQuota(value: unknown): value is number | undefined {
  return value === undefined || (Number.isSafeInteger(value) && (value as number) > 0);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function fieldsOf(text: string): {
  readonly format?: unknown;
  readonly sharing?: unknown;
  readonly signed?: unknown;
  readonly quotaBytes?: unknown;
} {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
