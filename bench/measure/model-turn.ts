/** What a contestant of `bench/models.ts` says of one turn. */
export interface ModelTurn {
  readonly images: number;
  readonly seconds: number;
  /** Of all its threads. */
  readonly cpuSeconds: number;
  /** The most memory that it has held so far. */
  readonly peakMiB: number;
  /** Ours only: tensors alive. */
  readonly tensors?: number;
  /** Ours only, asked to profile: milliseconds and calls a step, by kernel. */
  readonly kernels?: Readonly<Record<string, { readonly ms: number; readonly calls: number }>>;
}
