import { digestOf } from '../../digest.ts';
import type { MessagePlace, NoMessage, ReadBytes } from '../http/results.ts';
import type { RemoteCall, RemoteFailure } from '../remote.ts';
import { isBucketError, patiently } from './attempts.ts';
import { failureFor } from './bucket-errors.ts';
import type { Bucket } from './bucket.ts';
import { absentOrFailure } from './denials.ts';
import type { SayOnce } from './denials.ts';
import { askWhole } from './request.ts';
import { putBytes } from './upload-object.ts';
import type { ObjectBytes, UploadedObject } from './upload-object.ts';

const largestMessageBytes = 64 * 1024 * 1024;
const unlessThere = { 'if-none-match': '*' };
/** To the condition: it does not hold, it is not known, or not in this place. */
const saysNo = new Set([400, 405, 412, 501]);

export interface AskedBucket {
  readonly bucket: Bucket;
  readonly sayOnce: SayOnce;
}

/** Messages as they lie in a bucket. The first of a key stands, where the server knows how to keep it. */
export function bucketMessages(asked: AskedBucket): MessagePlace {
  const { bucket, sayOnce } = asked;
  return {
    read: (name, call) => readObject(asked, `${bucket.prefix}${name}`, call),
    async put({ name, bytes, isFirst }, call) {
      const object = { key: `${bucket.prefix}${name}`, bytes, digest: digestOf(bytes) };
      const { learned } = bucket;
      if (isFirst && learned.keepsFirst === false)
        await sayOnce(
          'unconditional',
          `bucket '${bucket.name}' does not heed If-None-Match: where two bring a result of the same task at the same moment, the later one stands`,
        );
      const isConditional = isFirst && learned.keepsFirst !== false;
      const put = await putBytes(
        bucket,
        { ...object, ...(isConditional ? { headers: unlessThere } : {}) },
        call,
      );
      if (isConditional && isBucketError(put) && put.status === 412) return { kind: 'beaten' };
      if (put.kind !== 'stored') return failed(put, bucket);
      if (!name.startsWith('cas/') || learned.keepsFirst !== undefined) return put;
      return (await tryCondition(bucket, object, call)) ?? put;
    },
  };
}

/**
 * Finds out whether a server heeds the condition, by a blob that has been put a moment ago: it cannot harm to put it again, since its
 * bytes are the same every time.
 */
async function tryCondition(
  bucket: Bucket,
  object: ObjectBytes,
  call: RemoteCall,
): Promise<RemoteFailure | undefined> {
  const again = await putBytes(bucket, { ...object, headers: unlessThere }, call);
  if (again.kind !== 'stored' && !(isBucketError(again) && saysNo.has(again.status)))
    return failed(again, bucket);
  bucket.learned.keepsFirst = isBucketError(again) && again.status === 412;
  return undefined;
}

async function readObject(asked: AskedBucket, key: string, call: RemoteCall): Promise<ReadBytes | NoMessage> {
  const request = { method: 'GET', key, mostBytes: largestMessageBytes } as const;
  const answer = await patiently(call, () => askWhole(asked.bucket, request, call));
  switch (answer.kind) {
    case 'read':
      return { kind: 'read', bytes: answer.bytes };
    case 'too-large':
      return { kind: 'malformed', problem: 'is too large to be one' };
    case 'bucket-error':
      return await absentOrFailure(asked, { error: answer, what: 'a request for a result' }, call);
    case 'remote-failure':
      return answer;
  }
}

function failed(done: Exclude<UploadedObject, { readonly kind: 'stored' }>, bucket: Bucket): RemoteFailure {
  return isBucketError(done) ? failureFor(done, bucket, 'what we bring') : done;
}
