import { tell, colours } from '../io.ts';
import type { Io } from '../io.ts';

/** What is noticed of remotes: told at once, or to whoever listens, as a run does for its journal. */
export class Troubles {
  readonly #io: Io;
  #listener: ((message: string) => void) | undefined;

  constructor(io: Io) {
    this.#io = io;
  }

  readonly say = (message: string): void => {
    if (this.#listener === undefined) tell(this.#io, `${colours.yellow('!')} ${message}`);
    else this.#listener(message);
  };

  /** Until the answer is disposed of. */
  readonly listen = (listener: (message: string) => void): Disposable => {
    this.#listener = listener;
    return { [Symbol.dispose]: () => (this.#listener = undefined) };
  };
}
