import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import type { Io } from '../../cli/io.ts';

/** An `Io` whose streams are kept as text: neither is a terminal, unless told to be one. */
export function captureIo(
  options: {
    readonly json?: boolean;
    readonly cwd?: string;
    readonly env?: Io['env'];
    readonly terminal?: { readonly columns: number; readonly rows: number };
  } = {},
): Io & { stdout(): string; stderr(): string } {
  const texts = { out: '', err: '' };
  const stream = (name: 'out' | 'err'): Io['out'] => {
    const through = new PassThrough();
    through.setEncoding('utf8').on('data', (text: string) => (texts[name] += text));
    const terminal = options.terminal === undefined ? { isTTY: false } : { isTTY: true, ...options.terminal };
    // What a command uses of a stream: to write, to listen, and to ask for its size.
    return Object.assign(through, terminal) as unknown as WriteStream & { fd: 1 };
  };
  return {
    out: stream('out'),
    err: stream('err'),
    cwd: options.cwd ?? '/nowhere',
    env: options.env ?? {},
    json: options.json ?? false,
    stdout: () => texts.out,
    stderr: () => texts.err,
  };
}
