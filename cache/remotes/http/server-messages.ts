import type { RemoteCall } from '../remote.ts';
import { readSmallBody, troubleOf } from './answers.ts';
import { exchange } from './exchange.ts';
import type { Connection } from './exchange.ts';
import { put } from './put.ts';
import type { MessagePlace, NoMessage, ReadBytes } from './results.ts';

const largestMessageBytes = 64 * 1024 * 1024;

/** Messages as they lie on a server. */
export function serverMessages(connection: Connection): MessagePlace {
  return {
    read: (name, call) => readWhole(connection, `/${name}`, call),
    put: ({ name, bytes, isFirst }, call) => {
      const headers = isFirst ? { 'if-none-match': '*' } : {};
      return put(connection, { path: `/${name}`, body: bytes, headers }, call);
    },
  };
}

async function readWhole(
  connection: Connection,
  path: string,
  call: RemoteCall,
): Promise<ReadBytes | NoMessage> {
  const got = await exchange(connection, { method: 'GET', path }, call);
  if (got.kind !== 'answered') return got;
  const trouble = troubleOf(got.response, 'a request for a result');
  if (trouble !== undefined) return trouble;
  const body = await readSmallBody(got.response, largestMessageBytes, call);
  return body.kind === 'too-large' ? { kind: 'malformed', problem: 'is too large to be one' } : body;
}
