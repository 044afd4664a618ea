/** Memory that several sets share for what they keep. */
export interface KeepBudget {
  bytesLeft: number;
}

/** One set's share of a budget: at most `maxBytes`, and while the budget lasts. */
export class KeepRoom {
  readonly #maxBytes: number;
  readonly #budget: KeepBudget;
  #taken = 0;
  #open = true;

  constructor({ maxBytes, budget }: { readonly maxBytes: number; readonly budget: KeepBudget }) {
    this.#maxBytes = maxBytes;
    this.#budget = budget;
  }

  get isClosed(): boolean {
    return !this.#open;
  }

  has(bytes: number): boolean {
    return this.#open && this.#taken + bytes <= this.#maxBytes && bytes <= this.#budget.bytesLeft;
  }

  /** Whether there was room: then it is taken. */
  take(bytes: number): boolean {
    if (!this.has(bytes)) return false;
    this.#taken += bytes;
    this.#budget.bytesLeft -= bytes;
    return true;
  }

  /** Gives back what was taken. */
  giveBack(bytes: number): void {
    if (!this.#open) return;
    this.#taken -= bytes;
    this.#budget.bytesLeft += bytes;
  }

  /** Gives everything back; nothing is taken from then on. */
  close(): void {
    this.giveBack(this.#taken);
    this.#open = false;
  }
}
