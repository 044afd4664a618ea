import type { TaskKey } from '../digest.ts';
import type { ArchiveContents } from './contents.ts';
import type { MemberPlace } from './tar/tar-reader.ts';

/** Something of an archive that was not taken, or keeps the rest from being read. */
export interface ArchiveProblem {
  readonly reason:
    | 'not-an-archive'
    | 'newer-format'
    | 'truncated'
    | 'damaged'
    /** It could do harm, or is nothing that an archive holds. */
    | 'refused'
    /** A result whose blobs are not all there. */
    | 'incomplete'
    /** A result that nobody whose results are believed has signed. */
    | 'untrusted';
  /** Undefined where the archive as a whole is meant. */
  readonly place: MemberPlace | undefined;
  /** What is wrong, in words. */
  readonly detail: string;
}

export interface ImportReport {
  readonly kind: 'read';
  /** Undefined where `archive.json` was not found. */
  readonly contents: ArchiveContents | undefined;
  /** Results that the store did not have. */
  readonly taken: ReadonlySet<TaskKey>;
  /** Results that it had, with the same outputs. */
  readonly stood: ReadonlySet<TaskKey>;
  /** Results of which it has others, which stay. */
  readonly differ: ReadonlySet<TaskKey>;
  readonly blobs: {
    readonly taken: number;
    readonly takenBytes: number;
    readonly stood: number;
  };
  /** Everything that was wrong, in the order in which it was met. Empty: all is here now. */
  readonly problems: readonly ArchiveProblem[];
  /** Content of the listed files that were whole (the study, its plan), by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}
