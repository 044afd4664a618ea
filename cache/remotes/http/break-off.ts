import type { ClientRequest, IncomingMessage } from 'node:http';

/**
 * Breaks a request off when its signal is aborted, unless all of the answer is there: by then its connection may be another's, or
 * nobody's, and an error of it would be nobody's to catch. (Node's own `signal` of a request makes no such difference.)
 */
export function breakOffWith(sent: ClientRequest, signal: AbortSignal): void {
  let response: IncomingMessage | undefined;
  const abort = (): void => {
    if (response?.complete !== true) sent.destroy(new Error('was called off'));
  };
  sent.on('response', (answer) => {
    response = answer;
    // Told to whoever reads it; where nobody does any more, it is nobody's business.
    answer.on('error', () => undefined);
  });
  sent.on('close', () => signal.removeEventListener('abort', abort));
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
}
