import type { StoreFailure } from '../../cache/failures.ts';
import { fullDisks } from '../../cache/full-disks.ts';
import { TaskError } from '../contract/task-context.ts';
import type { StopReason } from '../contract/task-context.ts';
import type { TaskFailure } from '../run/events.ts';

export function machineFailure(failure: StoreFailure): TaskFailure {
  return { class: 'machine', message: `${failure.path}: ${failure.detail}` };
}

/** What is known of the memory of a job when it has failed. */
export interface MemoryAtEnd {
  readonly peakBytes: number;
  readonly kernelRanOutOfMemory: boolean;
}

/** What a task's code threw, as a failure; its causes and its stack are kept in the detail. */
export function failureOf(error: unknown, memory?: MemoryAtEnd): TaskFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (isNoSpace(error)) {
    const { path } = error as NodeJS.ErrnoException;
    return { class: 'machine', message: path === undefined ? message : `${path}: ${message}` };
  }
  const named = error instanceof TaskError ? error.failureClass : 'task';
  if (named === 'killed' && memory?.kernelRanOutOfMemory === true) {
    return {
      class: 'out-of-memory',
      message: `the machine ran out of memory: ${message}`,
      peakBytes: memory.peakBytes,
    };
  }
  if (named === 'data-changed' || named === 'machine') return { class: named, message };
  const detail = describeWithCauses(error);
  return { class: 'task', message, ...(detail === message ? {} : { detail }) };
}

/**
 * A program that finds no room for what it writes says so in its own words, or not at all. Where the disk under its folder
 * is full, that is what is wrong.
 */
export async function orFullDisk(failure: TaskFailure, dir: string): Promise<TaskFailure> {
  if (failure.class !== 'task') return failure;
  const [full] = await fullDisks([dir]);
  if (full === undefined) return failure;
  const message = `the disk of ${full.path} is full (${full.freeBytes} bytes left): ${failure.message}`;
  return { class: 'machine', message };
}

/** How an attempt that was told to stop has ended. */
export function stoppedFailure(reason: StopReason): TaskFailure {
  switch (reason.kind) {
    case 'stopped':
      return { class: 'stopped', message: 'stopped before its end' };
    case 'timeout':
      return {
        class: 'timeout',
        message: `still running after ${reason.afterMs / 1000} s, the study's \`timeout\` for it`,
        afterMs: reason.afterMs,
      };
    case 'stall':
      return {
        class: 'stall',
        message: `no sign of progress for ${Math.round(reason.silentMs / 1000)} s (\`stall\` in the study sets how long it may be silent)`,
        silentMs: reason.silentMs,
      };
    case 'out-of-memory':
      return {
        class: 'out-of-memory',
        message: `it held ${inMegabytes(reason.peakBytes)} MB, and its resources allow ${inMegabytes(reason.limitBytes)} MB of memory`,
        peakBytes: reason.peakBytes,
      };
  }
}

function inMegabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function isNoSpace(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS';
}

function describeWithCauses(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by: ${describeWithCauses(error.cause)}`;
}
