import { setTimeout as delay } from 'node:timers/promises';
import type { Digest } from '../../digest.ts';
import { firstAnswer } from '../../local/concurrently.ts';
import type { DownloadedBlob, Remote, RemoteCall } from '../remote.ts';
import type { RemotePlace } from '../remote-settings.ts';
import { troubleOf } from './answers.ts';
import { authorization } from './credentials.ts';
import { connectionTo, exchange } from './exchange.ts';
import { put } from './put.ts';
import { addResult, readMessage, readResult } from './results.ts';
import { serverMessages } from './server-messages.ts';
import { writeBody } from './write-body.ts';

const headsAtOnce = 32;
/** A call that fails on the way is made once more, after a time that spreads those who failed together. */
const leastPauseMs = 50;
const mostPauseMs = 300;

/**
 * A server that speaks Bazel's HTTP caching protocol: blobs under `/cas/SHA256`, under `/ac/KEY` an `ActionResult` message that
 * lists all blobs of a result, so that servers which check them accept it. Our own record of the result is one of those.
 */
export function httpRemote(
  settings: { readonly name: string; readonly place: Extract<RemotePlace, { readonly kind: 'http' }> },
  env: Readonly<Record<string, string | undefined>>,
): Remote {
  const { name, place } = settings;
  const connection = connectionTo(place.url, { ca: place.ca, authorization: authorization(name, env) });
  const messages = serverMessages(connection);
  return {
    checksUploads: true,
    getAction: (key, call, signers) => twice(call, () => readResult(messages, { key, signers }, call)),
    getBlob: ({ digest, path, mostBytes }, call) =>
      twice<DownloadedBlob>(call, async () => {
        const got = await exchange(connection, { method: 'GET', path: `/cas/${digest}` }, call);
        if (got.kind !== 'answered') return got;
        const trouble = troubleOf(got.response, 'a request for a blob');
        return trouble ?? (await writeBody(got.response, { path, mostBytes }, call));
      }),
    async hasBlobs(digests, call) {
      const present = new Set<Digest>();
      const failure = await firstAnswer(digests, headsAtOnce, (digest) =>
        twice(call, async () => {
          const got = await exchange(connection, { method: 'HEAD', path: `/cas/${digest}` }, call);
          if (got.kind !== 'answered') return got;
          const trouble = troubleOf(got.response, 'a question for a blob');
          got.response.resume();
          call.onBytes(signOfLife);
          if (trouble === undefined) present.add(digest);
          return trouble?.kind === 'remote-failure' ? trouble : undefined;
        }),
      );
      return failure ?? { kind: 'looked', present };
    },
    putBlob: (blob, call) =>
      twice(call, () => put(connection, { path: `/cas/${blob.digest}`, body: blob }, call)),
    putAction: async (published, call) => {
      const standing = await twice(call, () => readMessage(messages, published.result.key, call));
      if (standing.kind === 'remote-failure') return standing;
      const added = await twice(call, () => addResult(messages, { published, standing }, call));
      return added.kind === 'beaten' ? { kind: 'stored' } : added;
    },
  };
}

/** The head of an answer counts as much as a body that keeps a call alive. */
const signOfLife = 1024;

async function twice<T extends { readonly kind: string } | undefined>(
  { signal }: RemoteCall,
  action: () => Promise<T>,
): Promise<T> {
  const first = await action();
  if (!mayPass(first)) return first;
  const pauseMs = leastPauseMs + Math.random() * (mostPauseMs - leastPauseMs);
  try {
    await delay(pauseMs, undefined, { signal });
  } catch {
    return first;
  }
  return await action();
}

function mayPass(answer: { readonly kind: string; readonly reason?: string } | undefined): boolean {
  if (answer?.kind !== 'remote-failure') return false;
  return answer.reason === 'unreachable' || answer.reason === 'failed';
}
