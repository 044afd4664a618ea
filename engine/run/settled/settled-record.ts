import type { ActionsMark } from '../../../cache/action-store.ts';
import { digestOf } from '../../../cache/digest.ts';
import type { Digest, TaskKey } from '../../../cache/digest.ts';
import type { TaskId } from '../../plan/plan.ts';
import type { Outputs } from '../events.ts';

/** What a run left behind in which every task had its result, and every key followed from the text of the study alone. */
export interface SettledRecord {
  readonly head: SettledHead;
  /** Of each task, in plan order: its event `task-cached` from the comma after `at` on. */
  readonly tails: readonly string[];
}

export interface SettledHead {
  readonly study: string;
  /** Absolute path of the study file. */
  readonly file: string;
  /** The study's files, and what they held. */
  readonly sources: readonly { readonly file: string; readonly sha256: Digest }[];
  readonly slots: readonly string[];
  /** The results, as they stood. */
  readonly mark: ActionsMark;
  /** SHA-256 of the plan as frozen, a file beside the record. */
  readonly plan: Digest;
  /** Seal of the record of what was delivered; undefined where nothing was to be. */
  readonly delivered?: string;
}

const firstLine = 'settled 1';
const sealLength = 65;

/** A first line with the format, the head, a line a task, and a SHA-256 over all before it. */
export function encodeSettled({ head, tails }: SettledRecord): string {
  const text = [firstLine, JSON.stringify(head), ...tails, ''].join('\n');
  return `${text}${digestOf(text)}\n`;
}

/** Undefined where as much as one bit has changed, or another version wrote it. */
export function decodeSettled(content: Buffer): SettledRecord | undefined {
  const end = content.length - sealLength;
  if (end <= 0 || content.toString('latin1', end) !== `${digestOf(content.subarray(0, end))}\n`)
    return undefined;
  const [first, head = '', ...tails] = content.toString('utf8', 0, end - 1).split('\n');
  return first === firstLine ? { head: JSON.parse(head) as SettledHead, tails } : undefined;
}

export function tailOf(settled: SettledTask): string {
  const { task, key, outputs } = settled;
  return `,${JSON.stringify({ task, key, outputs }).slice(1)}`;
}

export interface SettledTask {
  readonly task: TaskId;
  readonly key: TaskKey;
  readonly outputs: Outputs;
}

export function settledTaskOf(tail: string): SettledTask {
  return JSON.parse(`{${tail.slice(1)}`) as SettledTask;
}

/** The event as one line of the journal. */
export function cachedLine(tail: string, at: string): string {
  return `{"kind":"task-cached","at":"${at}"${tail}`;
}
