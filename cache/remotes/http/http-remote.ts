import { setTimeout as delay } from 'node:timers/promises';
import { decodeActionResult, encodeActionResult, sameOutputs } from '../../action-codec.ts';
import { digestOf } from '../../digest.ts';
import type { Digest, TaskKey } from '../../digest.ts';
import { firstAnswer } from '../../local/concurrently.ts';
import type {
  DownloadedBlob,
  PublishedAction,
  Remote,
  RemoteAction,
  RemoteCall,
  RemoteFailure,
  Uploaded,
} from '../remote.ts';
import type { RemotePlace } from '../remote-settings.ts';
import { decodeActionMessage, encodeActionMessage } from './action-message.ts';
import { readSmallBody, troubleOf, writeBody } from './answers.ts';
import { authorization } from './credentials.ts';
import { connectionTo, exchange } from './exchange.ts';
import type { Connection, Request } from './exchange.ts';
import type { Body } from './send-body.ts';

/** Our own record of a result, among the files that its message lists. */
const recordPath = 'result.json';
const largestMessageBytes = 64 * 1024 * 1024;
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
  const getAction = (key: TaskKey, call: RemoteCall): Promise<RemoteAction> =>
    twice(call, () => readAction(connection, key, call));
  return {
    checksUploads: true,
    getAction,
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
      // The protocol knows no "unless there is one": servers that do not heed the header are asked before.
      const standing = await getAction(published.result.key, call);
      if (standing.kind === 'remote-failure') return standing;
      if (standing.kind === 'found' && standing.result.key === published.result.key)
        return { kind: 'exists', same: sameOutputs(standing.result, published.result) };
      return twice(call, () => putAction(connection, published, call));
    },
  };
}

/** The head of an answer counts as much as a body that keeps a call alive. */
const signOfLife = 1024;

async function readAction(connection: Connection, key: TaskKey, call: RemoteCall): Promise<RemoteAction> {
  const message = await readWhole(connection, `/ac/${key}`, call);
  if (message.kind !== 'read') return message;
  const record = decodeActionMessage(message.bytes)?.outputFiles.find(({ path }) => path === recordPath);
  if (record === undefined) return { kind: 'malformed', problem: 'is no result of ours' };
  const { contents, digest } = record;
  const inlined = contents !== undefined && digestOf(contents) === digest;
  const text = inlined
    ? { kind: 'read' as const, bytes: contents }
    : await readWhole(connection, `/cas/${digest}`, call);
  if (text.kind !== 'read') return text;
  if (digestOf(text.bytes) !== digest) return { kind: 'malformed', problem: 'has a damaged record' };
  const result = decodeActionResult(Buffer.from(text.bytes).toString('utf8'));
  return result === undefined
    ? { kind: 'malformed', problem: 'has a damaged record' }
    : { kind: 'found', result };
}

async function readWhole(
  connection: Connection,
  path: string,
  call: RemoteCall,
): Promise<
  { readonly kind: 'read'; readonly bytes: Uint8Array } | Exclude<RemoteAction, { readonly kind: 'found' }>
> {
  const got = await exchange(connection, { method: 'GET', path }, call);
  if (got.kind !== 'answered') return got;
  const trouble = troubleOf(got.response, 'a request for a result');
  if (trouble !== undefined) return trouble;
  const body = await readSmallBody(got.response, largestMessageBytes, call);
  return body.kind === 'too-large' ? { kind: 'malformed', problem: 'is too large to be one' } : body;
}

async function putAction(
  connection: Connection,
  { result, files }: PublishedAction,
  call: RemoteCall,
): Promise<Uploaded> {
  const record = Buffer.from(encodeActionResult(result));
  const digest = digestOf(record);
  const kept = await put(connection, { path: `/cas/${digest}`, body: record }, call);
  if (kept.kind !== 'stored') return kept;
  const { log } = result.provenance;
  const stdout = files.find((file) => file.digest === log);
  const message = encodeActionMessage({
    outputFiles: [
      ...files.filter((file) => file !== stdout),
      { path: recordPath, digest, sizeBytes: record.byteLength, contents: record },
    ],
    ...(stdout === undefined ? {} : { stdout }),
  });
  const headers = { 'if-none-match': '*' };
  return await put(connection, { path: `/ac/${result.key}`, body: message, headers }, call);
}

async function put(
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
