import type { Digest } from '../../digest.ts';
import { firstAnswer } from '../../local/concurrently.ts';
import { addResult, readMessage, readResult } from '../http/results.ts';
import type { MessagePlace } from '../http/results.ts';
import type {
  PresentBlobs,
  PublishedAction,
  Remote,
  RemoteCall,
  RemoteFailure,
  Uploaded,
} from '../remote.ts';
import { isBucketError, patiently } from './attempts.ts';
import { failureFor } from './bucket-errors.ts';
import { bucketMessages } from './bucket-messages.ts';
import type { AskedBucket } from './bucket-messages.ts';
import type { Bucket } from './bucket.ts';
import { absentOrFailure } from './denials.ts';
import type { SayOnce } from './denials.ts';
import { downloadObject } from './download-object.ts';
import { ask } from './request.ts';
import { uploadObject } from './upload-object.ts';

const headsAtOnce = 32;
/** How often somebody else's may come a moment before ours, and not be there when it is looked for. */
const mostBeaten = 3;

/**
 * A bucket of S3 or of what is compatible with it. Under its prefix lies what a server of Bazel's HTTP caching protocol keeps:
 * blobs as `cas/SHA256`, results as `ac/KEY`.
 */
export function bucketRemote(bucket: Bucket, sayOnce: SayOnce): Remote {
  const asked = { bucket, sayOnce };
  const messages = bucketMessages(asked);
  return {
    checksUploads: true,
    getAction: (key, call, signers) => readResult(messages, { key, signers }, call),
    getBlob: async ({ digest, path, mostBytes }, call) => {
      const key = blobKey(bucket, digest);
      const got = await downloadObject(bucket, { key, digest, path, mostBytes }, call);
      if (!isBucketError(got)) return got;
      return await absentOrFailure(asked, { error: got, what: 'a request for a blob' }, call);
    },
    hasBlobs: (digests, call) => lookFor(asked, digests, call),
    putBlob: async (blob, call) => {
      const done = await uploadObject(bucket, { ...blob, key: blobKey(bucket, blob.digest) }, call);
      return isBucketError(done) ? failureFor(done, bucket, 'what we bring') : done;
    },
    putAction: (published, call) => publish(messages, published, call),
  };
}

function blobKey({ prefix }: Bucket, digest: Digest): string {
  return `${prefix}cas/${digest}`;
}

async function publish(
  messages: MessagePlace,
  published: PublishedAction,
  call: RemoteCall,
): Promise<Uploaded> {
  for (let tried = 0; tried < mostBeaten; tried++) {
    const standing = await readMessage(messages, published.result.key, call);
    if (standing.kind === 'remote-failure') return standing;
    const added = await addResult(messages, { published, standing }, call);
    if (added.kind !== 'beaten') return added;
  }
  return notReadBack;
}

const notReadBack: RemoteFailure = {
  kind: 'remote-failure',
  reason: 'failed',
  detail: 'it keeps a result that it does not let us read',
};

async function lookFor(
  asked: AskedBucket,
  digests: readonly Digest[],
  call: RemoteCall,
): Promise<PresentBlobs> {
  const { bucket } = asked;
  const present = new Set<Digest>();
  const failure = await firstAnswer(
    digests,
    headsAtOnce,
    async (digest): Promise<RemoteFailure | undefined> => {
      const request = { method: 'HEAD', key: blobKey(bucket, digest) } as const;
      const answer = await patiently(call, () => ask(bucket, request, call));
      if (answer.kind === 'remote-failure') return answer;
      if (answer.kind === 'answered') {
        answer.response.resume();
        present.add(digest);
        return undefined;
      }
      const trouble = await absentOrFailure(asked, { error: answer, what: 'a question for a blob' }, call);
      return trouble.kind === 'absent' ? undefined : trouble;
    },
  );
  return failure ?? { kind: 'looked', present };
}
