import { createWriteStream, fchmodSync } from 'node:fs';
import { Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Logger } from 'winston';
import type { Sharing } from '../../cache/store.ts';
import type { RunEvent } from './events.ts';

export interface DriverLog {
  write(event: RunEvent): void;
  close(): Promise<void>;
}

interface Entry {
  readonly level: 'error' | 'warn' | 'info';
  readonly message: string;
}

interface OpenLog {
  readonly logger: Logger;
  close(): Promise<void>;
}

/** Under which winston keeps an entry's finished text. */
const text = Symbol.for('message');

/**
 * `driver.log`: the run for people who look for what went wrong, one JSON object a line with its level. Begun, with what
 * went before, only when something does: most runs have none.
 */
export function openDriverLog(
  path: string,
  store: { readonly sharing: Sharing } = { sharing: 'umask' },
): DriverLog {
  const held: Entry[] = [];
  let opening: Promise<OpenLog> | undefined;
  const flush = async (): Promise<void> => {
    const { logger } = await (opening ??= openLog(path, store));
    for (const entry of held.splice(0)) logger.log(entry);
  };
  return {
    write: (event) => {
      const { kind, ...fields } = event;
      const level = levelOf(event);
      if (level === 'silent') return;
      held.push({ ...fields, level, message: kind });
      if (level !== 'info' || opening !== undefined) void flush();
    },
    close: async () => {
      if (opening === undefined) return;
      await flush();
      await (await opening).close();
    },
  };
}

async function openLog(path: string, { sharing }: { readonly sharing: Sharing }): Promise<OpenLog> {
  const { default: winston } = await import('winston');
  const file = createWriteStream(path, { flags: 'a' });
  if (sharing === 'group') file.on('open', (descriptor) => fchmodSync(descriptor, 0o644));
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
    logger,
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
    case 'task-started':
    case 'task-progress':
    case 'task-done':
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
