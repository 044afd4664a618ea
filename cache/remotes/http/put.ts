import type { RemoteCall, RemoteFailure } from '../remote.ts';
import { troubleOf } from './answers.ts';
import { exchange } from './exchange.ts';
import type { Connection, Request } from './exchange.ts';
import type { Body } from './send-body.ts';

export async function put(
  connection: Connection,
  request: Pick<Request, 'path' | 'headers'> & { readonly body: Body },
  call: RemoteCall,
): Promise<{ readonly kind: 'stored' } | RemoteFailure> {
  const got = await exchange(connection, { method: 'PUT', ...request }, call);
  if (got.kind !== 'answered') return got;
  const { response } = got;
  response.resume();
  // Somebody else's came first a moment ago: the next reader gets that one.
  if (response.statusCode === 412) return { kind: 'stored' };
  const trouble = troubleOf(response, 'what we bring');
  if (trouble?.kind !== 'absent') return trouble ?? { kind: 'stored' };
  return { kind: 'remote-failure', reason: 'refused', detail: 'it has no place for what we bring (404)' };
}
