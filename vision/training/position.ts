/** Where training stands: with the state, the rest goes on as if it had never stopped. */
export interface Position {
  /** The epoch under way, from 0. */
  readonly epoch: number;
  /** Batches of it that are done. */
  readonly batch: number;
  /** Steps done since the beginning; a step may take several batches. */
  readonly totalSteps: number;
  /** Epochs that are done. */
  readonly history: readonly EpochRecord[];
}

export interface EpochRecord {
  readonly learningRate: number;
  /** Mean over the epoch's images as they were trained on, in nats. */
  readonly loss: number;
  /** Top-1 over the same. */
  readonly accuracy: number;
}
