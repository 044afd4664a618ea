/** Why a data set is not there afterwards. What has been downloaded is kept unless it was wrong. */
export type FetchFailure =
  /** No answer, an answer that is no file, or too many interruptions. */
  | { readonly kind: 'network'; readonly message: string }
  /** The bytes are not those that were expected. */
  | { readonly kind: 'wrong-bytes'; readonly message: string; readonly hint: string }
  /** The archive is damaged, or holds what must not be unpacked. */
  | { readonly kind: 'bad-archive'; readonly message: string }
  | { readonly kind: 'disk'; readonly message: string }
  /** Another process is at it. */
  | { readonly kind: 'busy'; readonly message: string }
  /** Something that this command did not make lies where the data set should. */
  | { readonly kind: 'in-the-way'; readonly message: string }
  | { readonly kind: 'interrupted' };

/** Carries a failure out of callbacks and loops to the nearest edge, which returns it. */
export class FetchStop extends Error {
  readonly failure: FetchFailure;
  /** Whether another attempt may go better: a broken connection, a busy server. */
  readonly isPassing: boolean;
  constructor(failure: FetchFailure, { isPassing = false }: { readonly isPassing?: boolean } = {}) {
    super(failure.kind);
    this.name = 'FetchStop';
    this.failure = failure;
    this.isPassing = isPassing;
  }
}

/** What was thrown, as a failure; a bug goes on. */
export function failureOf(error: unknown): FetchFailure {
  if (error instanceof FetchStop) return error.failure;
  if (error instanceof Error && error.name === 'AbortError') return { kind: 'interrupted' };
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && diskCodes.includes(code))
    return { kind: 'disk', message: (error as Error).message };
  throw error;
}

const diskCodes: readonly string[] = [
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EACCES',
  'EPERM',
  'EROFS',
  'EIO',
  'ENOTDIR',
];
