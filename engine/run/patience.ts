import type { StopReason } from '../contract/task-context.ts';

/** How long a worker may be silent, and how long it is given to end. */
export interface Patience {
  /** Without a heartbeat, or (for a task that reports any) without progress. */
  readonly stallMs: number;
  /** From the request to stop to SIGTERM: time for a snapshot. */
  readonly stopGraceMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly killGraceMs: number;
}

export const usualPatience: Patience = { stallMs: 15 * 60_000, stopGraceMs: 60_000, killGraceMs: 10_000 };

/** A worker that has missed two of its beats hears nothing either. */
export const deafMs: number = 5_000;

/** From the request to leave to SIGTERM, for a worker with nothing in hand. */
const leaveGraceMs = 5_000;

/** When a task in hand was last heard of, on the driver's clock. */
export interface Signs {
  /** When the task's own code began; undefined while inputs are fetched. */
  readonly startedMs: number | undefined;
  /** Undefined for a task that has never reported progress: it may never do so. */
  readonly progressMs: number | undefined;
  /** Any message of the worker. */
  readonly lastMs: number;
}

/** Why a task is to be stopped now; undefined as long as it may go on. */
export function overdue(
  signs: Signs,
  limits: { readonly nowMs: number; readonly timeoutMs: number | undefined; readonly stallMs: number },
): StopReason | undefined {
  const { nowMs, timeoutMs, stallMs } = limits;
  if (timeoutMs !== undefined && signs.startedMs !== undefined && nowMs - signs.startedMs > timeoutMs) {
    return { kind: 'timeout', afterMs: timeoutMs };
  }
  const silentMs = nowMs - Math.min(signs.lastMs, signs.progressMs ?? signs.lastMs);
  return silentMs > stallMs ? { kind: 'stall', silentMs } : undefined;
}

/** A worker that was asked to stop its task, or (without a reason) to leave. */
export interface Stopping {
  readonly reason: StopReason | undefined;
  readonly sinceMs: number;
  stage: 'asked' | 'SIGTERM' | 'SIGKILL';
  /** The worker itself is silent, not only its task: it hears no request, and has nothing to save. */
  readonly isDeaf: boolean;
}

/** The signal that is due to a worker which has not obeyed yet, each once. */
export function dueSignal(
  stopping: Stopping,
  nowMs: number,
  patience: Patience,
): 'SIGTERM' | 'SIGKILL' | undefined {
  const { stopGraceMs, killGraceMs } = patience;
  const askedMs = stopping.reason === undefined ? Math.min(leaveGraceMs, stopGraceMs) : stopGraceMs;
  const graceMs = stopping.isDeaf ? 0 : askedMs;
  const waitedMs = nowMs - stopping.sinceMs;
  if (stopping.stage === 'asked' && waitedMs > graceMs) return 'SIGTERM';
  if (stopping.stage === 'SIGTERM' && waitedMs > graceMs + killGraceMs) return 'SIGKILL';
  return undefined;
}
