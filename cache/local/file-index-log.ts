import { appendFile, chmod, readFile, rm, stat } from 'node:fs/promises';
import { digestOf, parseDigest } from '../digest.ts';
import type { Digest } from '../digest.ts';
import { guarded } from '../system-error.ts';
import type { StoreFolder } from '../store.ts';
import { share } from './store-folder.ts';
import { TemporaryFile } from './temporary-file.ts';

/** What tells, without reading, that a file is as it was. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
}

export interface IndexEntry extends FileStamp {
  readonly path: string;
  readonly sha256: Digest;
}

const flushCharacters = 64 * 1024;
/** Everybody who shares the store adds to its logs. */
const sharedMode = 0o664;

/**
 * Remembered digests of one folder's files: a file that only grows, a line an entry, the last one of a path counts. Each
 * line carries its own checksum, so that lines torn by a crash or by another writer are passed over. Several processes
 * may append at once; what gets lost or cannot be written is only read again next time.
 */
export class FileIndexLog implements AsyncDisposable {
  readonly #folder: StoreFolder;
  readonly #path: string;
  readonly #entries: Map<string, IndexEntry>;
  /** How many lines were not what had been written: damaged, or torn by a writer that was killed. */
  readonly damagedLines: number;
  #unwritten = '';
  #writing: Promise<unknown> = Promise.resolve();

  static async open(folder: StoreFolder, path: string): Promise<FileIndexLog> {
    const text = await guarded(path, () => readFile(path, 'utf8'));
    const { entries, lines, damaged } = parse(typeof text === 'string' ? text : '');
    // Mostly entries that later ones have replaced; or lines that would be stumbled over for ever.
    const isOvergrown = lines > 2 * entries.size + 1000;
    if (isOvergrown || damaged > 0) await guarded(path, () => rewrite(folder, path, entries.values()));
    return new FileIndexLog({ folder, path, entries, damaged });
  }

  /** Leaves out what is damaged; a log of which nothing is left goes. Throws system errors. */
  static async mend(folder: StoreFolder, path: string): Promise<void> {
    const { entries } = parse(await readFile(path, 'utf8'));
    await rewrite(folder, path, entries.values());
  }

  private constructor(parts: {
    readonly folder: StoreFolder;
    readonly path: string;
    readonly entries: Map<string, IndexEntry>;
    readonly damaged: number;
  }) {
    this.#folder = parts.folder;
    this.#path = parts.path;
    this.#entries = parts.entries;
    this.damagedLines = parts.damaged;
  }

  /** The entry of `path` if the file still bears the same stamp. */
  find(path: string, stamp: FileStamp): IndexEntry | undefined {
    const entry = this.#entries.get(path);
    return entry !== undefined && sameStamp(entry, stamp) ? entry : undefined;
  }

  add(entry: IndexEntry): void {
    this.#entries.set(entry.path, entry);
    this.#unwritten += formatLine(entry);
    if (this.#unwritten.length >= flushCharacters) this.#flush();
  }

  #flush(): void {
    const text = this.#unwritten;
    this.#unwritten = '';
    if (text === '') return;
    this.#writing = this.#writing.then(() => guarded(this.#path, () => this.#append(text)));
  }

  async #append(text: string): Promise<void> {
    await appendFile(this.#path, text);
    // Only who made it may, and need, do this.
    await share(this.#path, this.#folder, sharedMode).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#flush();
    await this.#writing;
  }
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.inode === b.inode;
}

async function rewrite(folder: StoreFolder, path: string, entries: Iterable<IndexEntry>): Promise<void> {
  const text = Array.from(entries, formatLine).join('');
  if (text === '') {
    await rm(path, { force: true });
    return;
  }
  using temporary = await TemporaryFile.write(folder, path.slice(0, path.lastIndexOf('/')), text);
  await temporary.sync();
  // Unlike all else in the store, a log is written to again.
  await chmod(temporary.path, folder.sharing === 'group' ? sharedMode : (await stat(path)).mode & 0o666);
  await temporary.renameTo(path);
}

function formatLine({ path, size, mtimeMs, ctimeMs, inode, sha256 }: IndexEntry): string {
  const body = JSON.stringify([path, size, mtimeMs, ctimeMs, inode, sha256]);
  return `${checksum(body)} ${body}\n`;
}

function parse(text: string): {
  readonly entries: Map<string, IndexEntry>;
  readonly lines: number;
  readonly damaged: number;
} {
  const entries = new Map<string, IndexEntry>();
  let lines = 0;
  let damaged = 0;
  for (let start = 0; start < text.length; lines++) {
    const end = text.indexOf('\n', start);
    // Cut off, or still being written.
    if (end === -1) break;
    const entry = parseLine(text.slice(start, end));
    if (entry === undefined) damaged += 1;
    else entries.set(entry.path, entry);
    start = end + 1;
  }
  return { entries, lines, damaged };
}

/** The entry of a line without its end; undefined where it is not what was written. */
export function parseLine(line: string): IndexEntry | undefined {
  const body = line.slice(17);
  if (line.slice(0, 17) !== `${checksum(body)} `) return undefined;
  const [path, size, mtimeMs, ctimeMs, inode, sha256] = JSON.parse(body) as [
    string,
    number,
    number,
    number,
    number,
    string,
  ];
  const digest = parseDigest(sha256);
  return digest === undefined ? undefined : { path, size, mtimeMs, ctimeMs, inode, sha256: digest };
}

/** 64 bits: what it guards against is torn lines, not forgery. */
function checksum(body: string): string {
  return digestOf(body).slice(0, 16);
}
