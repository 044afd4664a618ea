import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import winston from 'winston';
import type { RunEvent } from './events.ts';

export interface DriverLog {
  write(event: RunEvent): void;
  close(): Promise<void>;
}

/** Under which winston keeps an entry's finished text. */
const text = Symbol.for('message');

/** `driver.log`: the run for people who look for what went wrong, one JSON object a line with its level. */
export function openDriverLog(path: string): DriverLog {
  const file = createWriteStream(path, { flags: 'a' });
  // A log that cannot be written costs no results; that the disk is full is told by what has to be stored.
  file.on('error', () => undefined);
  const lines = new Transform({
    writableObjectMode: true,
    transform: (entry: { readonly [text]?: unknown }, _encoding, done) =>
      done(null, `${String(entry[text])}\n`),
  });
  const logger = winston.createLogger({ level: 'info', format: winston.format.json() });
  logger.pipe(lines).pipe(file);
  return {
    write: (event) => {
      const { kind, ...fields } = event;
      const level = levelOf(event);
      if (level !== 'silent') logger.log({ ...fields, level, message: kind });
    },
    close: async () => {
      logger.end();
      await finished(file).catch(() => undefined);
    },
  };
}

function levelOf(event: RunEvent): 'error' | 'warn' | 'info' | 'silent' {
  switch (event.kind) {
    case 'task-keyed':
    case 'task-cached':
    case 'task-progress':
      // The events have them; here they would bury the rest.
      return 'silent';
    case 'task-failed':
      return event.willRetry ? 'warn' : 'error';
    case 'slot-quarantined':
    case 'task-blocked':
    case 'warning':
    case 'draining':
      return 'warn';
    default:
      return 'info';
  }
}
