import type { Digest } from './digest.ts';

/**
 * The content of an artifact. Its canonical JSON (RFC 8785) is itself a blob, and that blob's digest is the
 * artifact's digest. Carries no time, host or path outside the tree.
 */
export interface Manifest {
  readonly format: 1;
  /** Sorted by path, in code-unit order. */
  readonly files: readonly ManifestFile[];
}

export interface ManifestFile {
  /** Relative, `/`-separated, NFC, without `.` or `..` segments. */
  readonly path: string;
  readonly size: number;
  readonly sha256: Digest;
}
