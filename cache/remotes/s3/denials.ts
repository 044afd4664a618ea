import type { RemoteCall, RemoteFailure } from '../remote.ts';
import { isBucketError, patiently } from './attempts.ts';
import { failureFor, isAbsent } from './bucket-errors.ts';
import type { BucketError } from './bucket-errors.ts';
import type { Bucket } from './bucket.ts';
import { ask } from './request.ts';

/** Says what the user should know, once a run. */
export type SayOnce = (topic: string, message: string) => Promise<void>;

/**
 * Whether a no to a question for an object means that there is none. S3 denies what is not there to whoever may not list the bucket:
 * then, as a public bucket's readers do, we take it for absent.
 */
export async function absentOrFailure(
  { bucket, sayOnce }: { readonly bucket: Bucket; readonly sayOnce: SayOnce },
  { error, what }: { readonly error: BucketError; readonly what: string },
  call: RemoteCall,
): Promise<{ readonly kind: 'absent' } | RemoteFailure> {
  if (isAbsent(error)) return { kind: 'absent' };
  const failure = failureFor(error, bucket, what);
  if (error.status !== 403 || error.code !== 'AccessDenied') return failure;
  const { learned } = bucket;
  if (learned.deniesWhatItLacks === undefined) {
    const query = { 'list-type': '2', 'max-keys': '1', prefix: bucket.prefix };
    const listed = await patiently(call, () => ask(bucket, { method: 'GET', query }, call));
    if (listed.kind === 'answered') listed.response.resume();
    else if (!isBucketError(listed)) return listed;
    else if (listed.code !== 'AccessDenied') return failureFor(listed, bucket, 'a question for its keys');
    learned.deniesWhatItLacks = listed.kind !== 'answered';
  }
  if (!learned.deniesWhatItLacks) return failure;
  await sayOnce(
    'denied',
    `bucket '${bucket.name}' answers 403 to what is asked for, and does not let us list it: taken as "not there". If it is, we may not read it${bucket.credentials.areNone ? ' (no credentials were found)' : ''}`,
  );
  return { kind: 'absent' };
}
