import type { RemoteCall, RemoteFailure } from '../remote.ts';
import { patiently } from './attempts.ts';
import { bucketError } from './bucket-errors.ts';
import type { BucketError } from './bucket-errors.ts';
import type { Bucket } from './bucket.ts';
import { askWhole } from './request.ts';
import type { SentPart } from './send-part.ts';
import { readXml, xmlText } from './xml-answers.ts';

/** Has the parts of an upload put together. An answer that begins as a success may tell of a failure at its end. */
export async function completeUpload(
  bucket: Bucket,
  upload: { readonly key: string; readonly uploadId: string; readonly sent: ReadonlyMap<number, SentPart> },
  call: RemoteCall,
): Promise<{ readonly kind: 'stored' } | BucketError | RemoteFailure> {
  const { key, uploadId, sent } = upload;
  const body = Buffer.from(completion([...sent.values()].toSorted((a, b) => a.number - b.number)));
  const headers = { 'content-type': 'application/xml' };
  return await patiently(call, async () => {
    const request = { method: 'POST', key, query: { uploadId }, headers, body } as const;
    const answer = await askWhole(bucket, request, call);
    if (answer.kind === 'bucket-error' || answer.kind === 'remote-failure') return answer;
    const failed = answer.kind === 'read' && (await readXml(answer.bytes, 'Error')) !== undefined;
    return failed
      ? await bucketError(answer.response, answer.bytes, bucket.now())
      : { kind: 'stored' as const };
  });
}

function completion(parts: readonly SentPart[]): string {
  const listed = parts.map(({ number, etag, checksum }) => {
    const kept = checksum === '' ? '' : `<ChecksumSHA256>${checksum}</ChecksumSHA256>`;
    return `<Part><PartNumber>${number}</PartNumber><ETag>${xmlText(etag)}</ETag>${kept}</Part>`;
  });
  const space = 'http://s3.amazonaws.com/doc/2006-03-01/';
  return `<CompleteMultipartUpload xmlns="${space}">${listed.join('')}</CompleteMultipartUpload>`;
}
