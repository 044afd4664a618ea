import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';

export interface BatchOptions {
  /** So many bytes make a batch; the last one has what is left. */
  readonly bytes: number;
  /** Told of bytes as they come. */
  readonly onBytes: (count: number) => void;
}

/**
 * What comes of a body, many of the network's small pieces at a time, as they lie: a wait and a system call for each would take longer
 * than hashing it. While one batch is dealt with the next comes in, and no more than that. Throws what breaks the body off.
 */
export async function* batchesOf(
  response: IncomingMessage,
  { bytes, onBytes }: BatchOptions,
): AsyncGenerator<readonly Buffer[]> {
  let pieces: Buffer[] = [];
  let waitingBytes = 0;
  let end: { readonly error: Error | undefined } | undefined;
  let wake: () => void = () => undefined;
  response.on('data', (piece: Buffer) => {
    onBytes(piece.byteLength);
    pieces.push(piece);
    waitingBytes += piece.byteLength;
    if (waitingBytes < bytes) return;
    response.pause();
    wake();
  });
  finished(response, { writable: false }, (error) => {
    end = { error: error ?? undefined };
    wake();
  });
  for (;;) {
    if (waitingBytes < bytes && end === undefined) await new Promise<void>((resolve) => (wake = resolve));
    if (end?.error !== undefined) throw end.error;
    if (pieces.length > 0) {
      const batch = pieces;
      pieces = [];
      waitingBytes = 0;
      response.resume();
      yield batch;
    } else if (end !== undefined) return;
  }
}
