import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Digest } from '../../cache/digest.ts';
import type { FileIndex } from '../../cache/file-index.ts';
import { errorCode } from '../../cache/system-error.ts';

/**
 * Digests of files that tasks name, by the store's index, so that a checkpoint named by a command is read once and
 * not in every run. What is asked for in one turn of the event loop is looked up together.
 */
export class FileDigests {
  readonly #base: string;
  readonly #index: FileIndex;
  readonly #signal: AbortSignal;
  readonly #recall: FileRecall;
  readonly #known = new Map<string, Promise<Digest>>();
  readonly #named = new Map<string, NamedFile>();
  #waiting: Waiting[] = [];

  constructor(parts: {
    readonly base: string;
    readonly index: FileIndex;
    readonly signal: AbortSignal;
    /** What is known of a file that is not there; default: nothing is. */
    readonly recall?: FileRecall;
  }) {
    this.#base = parts.base;
    this.#index = parts.index;
    this.#signal = parts.signal;
    this.#recall = parts.recall ?? (() => undefined);
  }

  /** What has been asked for, by absolute path. */
  get named(): ReadonlyMap<string, NamedFile> {
    return this.#named;
  }

  /** Whether a file is not there, and its digest is what was recalled of it. */
  isAbsent(name: string): boolean {
    return this.#named.get(resolve(this.#base, name))?.recalled !== undefined;
  }

  /** SHA-256 of the file's content, `name` being absolute or relative to the base. Rejects with a system's error where there is none. */
  digestOf(name: string): Promise<Digest> {
    const path = resolve(this.#base, name);
    let digest = this.#known.get(path);
    if (digest === undefined) {
      this.#named.set(path, { name });
      digest = new Promise((resolve, reject) => {
        this.#waiting.push({ path, resolve, reject });
        if (this.#waiting.length === 1) setImmediate(() => this.#lookUpAll());
      });
      this.#known.set(path, digest);
    }
    return digest;
  }

  #lookUpAll(): void {
    const folders = new Map<string, Waiting[]>();
    for (const waiting of this.#waiting.splice(0)) {
      try {
        statSync(waiting.path);
      } catch (error) {
        const { name = '' } = this.#named.get(waiting.path) ?? {};
        const recalled = errorCode(error) === 'ENOENT' ? this.#recall(name) : undefined;
        if (recalled === undefined) waiting.reject(error);
        else {
          this.#named.set(waiting.path, { name, recalled });
          waiting.resolve(recalled.digest);
        }
        continue;
      }
      const folder = dirname(waiting.path);
      const others = folders.get(folder);
      if (others === undefined) folders.set(folder, [waiting]);
      else others.push(waiting);
    }
    for (const [folder, files] of folders) void this.#lookUp(folder, files);
  }

  async #lookUp(root: string, files: readonly Waiting[]): Promise<void> {
    try {
      const paths = files.map(({ path }) => basename(path));
      const found = await this.#index.digests({ root, paths, signal: this.#signal });
      if (found.kind === 'indexed') {
        for (const [position, { sha256 }] of found.files.entries()) files[position]?.resolve(sha256);
        return;
      }
      const { code, path, message } =
        found.kind === 'missing'
          ? { code: 'ENOENT', path: join(root, found.path), message: 'it was removed just now' }
          : { code: 'EIO', path: found.path, message: found.detail };
      for (const { reject } of files) reject(Object.assign(new Error(`${path}: ${message}`), { code, path }));
    } catch (error) {
      for (const { reject } of files) reject(error);
    }
  }
}

/** A file that tasks name. */
export interface NamedFile {
  /** As the first of them has it. */
  readonly name: string;
  /** Where it is not there. */
  readonly recalled?: RecalledFile;
}

export interface RecalledFile {
  readonly digest: Digest;
  readonly bytes: number;
}

export type FileRecall = (name: string) => RecalledFile | undefined;

interface Waiting {
  readonly path: string;
  readonly resolve: (digest: Digest) => void;
  readonly reject: (error: unknown) => void;
}
