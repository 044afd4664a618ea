/** Time, as the store needs it; injected, so that tests move it by hand. */
export interface Clock {
  /** Milliseconds on a clock that never jumps. Only differences mean anything, and only within this process. */
  monotonicMs(): number;
  /** Wall-clock milliseconds since 1970, by this host. */
  wallMs(): number;
  /** Calls `action` every `periodMs` until disposed. Keeps no process alive. */
  every(periodMs: number, action: () => void): Disposable;
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  every(periodMs, action) {
    const timer = setInterval(action, periodMs);
    timer.unref();
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
};
