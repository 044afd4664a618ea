import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  /** Which tables; all where none is named. */
  readonly tables: readonly string[];
  readonly peers: string;
  readonly turns: number;
  readonly sizes: readonly number[];
  readonly jobs: number;
  /** What one command may take at most. */
  readonly limitMs: number;
  /** Who takes longer has one turn only. */
  readonly longMs: number;
  readonly scratch: string;
  readonly resume: boolean;
}

/** Reads the command line. Throws on what it does not know. */
export function readOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      peers: { type: 'string', default: 'all' },
      turns: { type: 'string', default: '5' },
      sizes: { type: 'string', default: '1000,10000' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      minutes: { type: 'string', default: '10' },
      scratch: { type: 'string', default: join(tmpdir(), 'sweetspot-bench') },
      resume: { type: 'boolean', default: false },
    },
  });
  return {
    tables: positionals,
    peers: values.peers,
    turns: positive('turns', values.turns),
    sizes: values.sizes.split(',').map((size) => positive('sizes', size)),
    jobs: positive('jobs', values.jobs),
    limitMs: positive('minutes', values.minutes) * 60_000,
    longMs: 60_000,
    scratch: values.scratch,
    resume: values.resume,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`--${name} wants numbers above 0, not '${text}'`);
}
