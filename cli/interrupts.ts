/** Signals of the terminal and the system, as what they mean to a run. */
export interface Interrupts {
  /** Aborted by the first Ctrl-C: nothing new starts. */
  readonly drainSignal: AbortSignal;
  /** Aborted by the second Ctrl-C, SIGTERM or SIGHUP: running tasks snapshot and end. */
  readonly stopSignal: AbortSignal;
  /** Aborted by SIGTERM in a driver that works in a job: jobs that run outlive it, and are not to be ended with it. */
  readonly leaveSignal: AbortSignal;
  close(): void;
}

/**
 * Listens until closed. A third Ctrl-C is the system's own: it ends the process at once. `isDetached`: of a driver in a job of
 * a cluster, which is sent SIGTERM also when it is only to begin anew somewhere else.
 */
export function listenForInterrupts({
  isDetached = false,
}: { readonly isDetached?: boolean } = {}): Interrupts {
  const drain = new AbortController();
  const stop = new AbortController();
  const leave = new AbortController();
  const onInterrupt = (): void => {
    if (!drain.signal.aborted) drain.abort('interrupt');
    else {
      stop.abort('interrupt');
      process.off('SIGINT', onInterrupt);
    }
  };
  const onTerminate = (): void => {
    drain.abort('interrupt');
    (isDetached ? leave : stop).abort('interrupt');
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  process.on('SIGHUP', onTerminate);
  return {
    drainSignal: drain.signal,
    stopSignal: stop.signal,
    leaveSignal: leave.signal,
    close(): void {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
      process.off('SIGHUP', onTerminate);
    },
  };
}
