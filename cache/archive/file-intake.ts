import { digestOf } from '../digest.ts';
import type { Digest } from '../digest.ts';
import type { ArchivedFile } from './contents.ts';
import type { ArchiveProblem } from './import-report.ts';
import type { MemberPlace } from './tar/tar-reader.ts';

/** More than this is no study's text and plan. */
const mostKeptBytes = 512 * 1024 * 1024;

interface CameFile {
  readonly sha256: Digest;
  readonly place: MemberPlace;
  readonly content: Uint8Array;
}

/** What an archive holds beside blobs and results. Believed once its list of contents, wherever that stands, says the same. */
export class FileIntake {
  readonly #came = new Map<string, CameFile>();
  #keptBytes = 0;

  /** Answers what is wrong with it, if anything. */
  add(path: string, content: Uint8Array, place: MemberPlace): string | undefined {
    // For readers with `tar` alone.
    const isKept = path === 'plan.json' || path.startsWith('study/');
    if (isKept) this.#keptBytes += content.byteLength;
    if (this.#keptBytes > mostKeptBytes) return 'it is too large for what it is';
    this.#came.set(path, {
      sha256: digestOf(content),
      place,
      content: isKept ? content : new Uint8Array(0),
    });
    return undefined;
  }

  /** The content of what is listed and whole. */
  whole(listed: readonly ArchivedFile[]): ReadonlyMap<string, Uint8Array> {
    const whole = new Map<string, Uint8Array>();
    for (const { path, sha256 } of listed) {
      const came = this.#came.get(path);
      if (came?.sha256 === sha256) whole.set(path, came.content);
    }
    return whole;
  }

  problems(listed: readonly ArchivedFile[]): readonly ArchiveProblem[] {
    const expected = new Map(listed.map(({ path, sha256 }) => [path, sha256]));
    const absent = listed
      .filter(({ path }) => !this.#came.has(path))
      .map(({ path }) => ({
        ...{ reason: 'incomplete' as const, place: undefined },
        detail: `${path} is not in it`,
      }));
    const wrong = [...this.#came].flatMap(([path, { sha256, place }]): readonly ArchiveProblem[] => {
      const should = expected.get(path);
      if (should === undefined)
        return [{ reason: 'refused', place, detail: 'archive.json does not list it' }];
      return should === sha256
        ? []
        : [{ reason: 'damaged', place, detail: 'its bytes are not those listed' }];
    });
    return [...absent, ...wrong];
  }
}
