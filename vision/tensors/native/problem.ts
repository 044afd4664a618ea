/** Why TensorFlow could not be set up, and what to do about it. */
export interface SetUpProblem {
  readonly kind:
    | 'platform'
    | 'python'
    | 'pip'
    | 'download'
    | 'checksum'
    | 'space'
    | 'compiler'
    | 'binding'
    | 'load'
    | 'files';
  /** What is missing, as the rest of a sentence. */
  readonly why: string;
  /** How to mend it, as an instruction. */
  readonly mend: string;
}

/** A step's result: its value, or the problem that ends the set-up. */
export type Step<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: SetUpProblem };

export function succeed<T>(value: T): Step<T> {
  return { ok: true, value };
}

export function stop(problem: SetUpProblem): { readonly ok: false; readonly problem: SetUpProblem } {
  return { ok: false, problem };
}
