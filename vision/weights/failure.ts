/** What may be wrong with a file of weights. */
export type WeightsFailure = {
  readonly kind: 'weights-failure';
  readonly reason:
    /** The file ends before what it announces. */
    | 'truncated'
    /** It is none of the formats that are read. */
    | 'unknown-format'
    /** It contradicts its own format. */
    | 'malformed'
    /** It asks for code or types outside the allowlist: nothing of it was run. */
    | 'forbidden'
    /** It is well formed, but larger than is read. */
    | 'too-large'
    /** It names no tensors where a state dict was expected. */
    | 'no-state-dict'
    /** Its names or shapes are not the model's. */
    | 'mismatch';
  readonly detail: string;
};

/** Carries a failure out of a recursive reader; caught at the reader's entry, never seen outside this room. */
export class WeightsError extends Error {
  readonly failure: WeightsFailure;
  constructor(reason: WeightsFailure['reason'], detail: string) {
    super(detail);
    this.failure = { kind: 'weights-failure', reason, detail: shortened(detail) };
  }
}

/** Details quote names from the file, which may be as long as the file. */
function shortened(detail: string): string {
  return detail.length > 500 ? `${detail.slice(0, 500)} …` : detail;
}

/** Runs a reader and returns the failure it named. Other errors are bugs and pass through. */
export async function caught<T>(read: () => Promise<T>): Promise<T | WeightsFailure> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof WeightsError) return error.failure;
    throw error;
  }
}
