import winston from 'winston';
import type { RunEvent } from './events.ts';

export interface DriverLog {
  write(event: RunEvent): void;
  close(): Promise<void>;
}

/** `driver.log`: the run for people who look for what went wrong, one JSON object a line with its level. */
export function openDriverLog(path: string): DriverLog {
  const logger = winston.createLogger({
    level: 'info',
    format: winston.format.json(),
    transports: [new winston.transports.File({ filename: path })],
  });
  return {
    write: (event) => {
      const { kind, ...fields } = event;
      const level = levelOf(event);
      if (level !== 'silent') logger.log({ ...fields, level, message: kind });
    },
    close: () =>
      new Promise((resolve) => {
        logger.transports[0]?.on('finish', () => resolve());
        logger.end();
      }),
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
