import type { IncomingMessage } from 'node:http';
import type { RemoteCall, RemoteFailure } from '../remote.ts';

/** What a status means; undefined where the request went well. */
export function troubleOf(
  response: IncomingMessage,
  what: string,
): { readonly kind: 'absent' } | RemoteFailure | undefined {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return undefined;
  response.resume();
  if (status === 404 || status === 410) return { kind: 'absent' };
  const passes = status >= 500 || status === 408 || status === 429;
  return {
    kind: 'remote-failure',
    // No room there is no trouble that passes while we wait.
    reason: passes && status !== 507 ? 'failed' : 'refused',
    detail: `it answers ${what} with ${status} ${response.statusMessage ?? ''}`.trimEnd(),
  };
}

/** A body that is small. */
export async function readSmallBody(
  response: IncomingMessage,
  mostBytes: number,
  { onBytes }: RemoteCall,
): Promise<
  { readonly kind: 'read'; readonly bytes: Buffer } | { readonly kind: 'too-large' } | RemoteFailure
> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > mostBytes) return { kind: 'too-large' };
      onBytes(chunk.byteLength);
      chunks.push(chunk);
    }
  } catch (error) {
    return brokenBody(error);
  }
  return { kind: 'read', bytes: Buffer.concat(chunks) };
}

/** What broke off while it came. */
export function brokenBody(error: unknown): RemoteFailure {
  const words = error instanceof Error ? error.message : String(error);
  return { kind: 'remote-failure', reason: 'failed', detail: `its answer broke off: ${words}` };
}
