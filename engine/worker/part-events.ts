import { fsyncSync, fstatSync, openSync, closeSync, readFileSync, writeSync } from 'node:fs';
import type { Outputs } from '../run/events.ts';
import { openLine, sealLine } from '../run/sealed-line.ts';
import { parseFromWorker } from './parse-message.ts';
import type { FromWorker } from './protocol.ts';

/** Messages of one part as sealed lines of a file. */
export class PartEvents implements Disposable {
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'a');
    // A predecessor that was killed in the middle of a line must not spoil the first of ours.
    if (fstatSync(this.#descriptor).size > 0) writeSync(this.#descriptor, '\n');
  }

  append(message: FromWorker): void {
    writeSync(this.#descriptor, `${sealLine(message)}\n`);
  }

  /** The last message, for good. */
  end(message: FromWorker): void {
    this.append(message);
    fsyncSync(this.#descriptor);
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}

/** How far a part was brought by the workers before; one that was told to stop is still to be done. */
export function stageOfPart(eventsFile: string): 'open' | 'begun' | 'ended' {
  const messages = messagesOf(eventsFile);
  if (messages.some(isEnding)) return 'ended';
  const last = messages.at(-1);
  return last === undefined || last.kind === 'failed' ? 'open' : 'begun';
}

/** What a part has made, or found made; undefined where it has not. */
export function outputsOfPart(eventsFile: string): Outputs | undefined {
  return messagesOf(eventsFile).flatMap((message) =>
    message.kind === 'done' || message.kind === 'found' ? [message.outputs] : [],
  )[0];
}

function isEnding(message: FromWorker): boolean {
  switch (message.kind) {
    case 'found':
    case 'held':
    case 'inputs-missing':
    case 'done':
    case 'compared':
      return true;
    case 'failed':
      return message.failure.class !== 'stopped';
    default:
      return false;
  }
}

function messagesOf(eventsFile: string): readonly FromWorker[] {
  return readIfThere(eventsFile)
    .split('\n')
    .flatMap((line) => parseFromWorker(openLine(line)) ?? []);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
