/** What a task needs while it runs. */
export interface Resources {
  /** Slots of whichever device there is. Heavy kinds take 1, light ones 0 (they run in a worker beside the slots). */
  readonly slots: number;
  /** A hard demand for GPU slots; replaces `slots`. */
  readonly gpu?: number;
  /** CPU cores, for kinds without a slot. */
  readonly cpu?: number;
  readonly memoryBytes?: number;
}
