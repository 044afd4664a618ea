import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../../cache/digest.ts';
import type { Digest } from '../../../../cache/digest.ts';
import { bucketRemote } from '../../../../cache/remotes/s3/bucket-remote.ts';
import { openBucket } from '../../../../cache/remotes/s3/bucket.ts';
import type { TransferLimits } from '../../../../cache/remotes/s3/bucket.ts';
import { unfinishedUpload, unfinishedUploads } from '../../../../cache/remotes/s3/unfinished-uploads.ts';
import { putBytes } from '../../../../cache/remotes/s3/upload-object.ts';
import { actionResult } from '../../support/action-results.ts';
import { bucketPrograms, credentialsOf } from '../../support/bucket-servers.ts';
import type { BucketServer } from '../../support/bucket-servers.ts';
import { memoryBucket } from '../../support/memory-bucket.ts';
import { tinyRemote } from '../../support/memory-tiers.ts';
import { describeRemote, patientCall } from '../../support/remote-contract.ts';
import { temporaryFolder } from '../../support/temporary-store.ts';

/** S3 takes no smaller parts than these. */
const small = {
  multipartFromBytes: 6 * 1024 * 1024,
  partBytes: 5 * 1024 * 1024,
  rangeBytes: 2 * 1024 * 1024,
};

describeRemote('a bucket of this process', async () => {
  const server = await memoryBucket();
  const { remote } = tinyRemote(server.endpoint);
  const damage = (digest: string, bytes: Buffer) =>
    Promise.resolve(void server.objects.set(`p/cas/${digest}`, bytes));
  return { remote, damage };
});

for (const { name, knowsReaders, start } of bucketPrograms)
  describe(name, () => {
    let server: BucketServer;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());

    const open = (env = credentialsOf(server.member), prefix: string = randomUUID()) => {
      const place = { kind: 'bucket', bucket: 'team', prefix, endpoint: server.endpoint } as const;
      const said: string[] = [];
      const limits: TransferLimits = small;
      const bucket = openBucket({ name: 'team', place }, env, { limits });
      const remote = bucketRemote(bucket, (_, message) => Promise.resolve(void said.push(message)));
      return { bucket, remote, said, prefix };
    };

    describeRemote(`a bucket of ${name}`, () => {
      const { bucket, remote } = open();
      const damage = async (digest: string, bytes: Buffer) => {
        const key = `${bucket.prefix}cas/${digest}`;
        const put = await putBytes(bucket, { key, bytes, digest: digestOf(bytes) }, patientCall);
        expect(put).toEqual({ kind: 'stored' });
      };
      return Promise.resolve({ remote, damage });
    });

    it('takes in parts what is large, gives it back in ranges, and counts as one blob', async () => {
      const { remote } = open();
      const bytes = Buffer.concat(['a', 'b', 'c'].map((letter) => Buffer.alloc(4_500_000, letter)));
      const digest = await upload(bytes);
      expect(await remote.putBlob({ ...digest }, patientCall)).toEqual({ kind: 'stored' });
      const path = join(await temporaryFolder(), 'copy');
      const request = { digest: digest.digest, path, mostBytes: bytes.byteLength };
      expect(await remote.getBlob(request, patientCall)).toMatchObject({ digest: digest.digest });
      expect((await readFile(path)).equals(bytes)).toBe(true);
    });

    it('keeps what has come of an upload that is broken off, and goes on with it', async () => {
      const { bucket, remote } = open();
      const bytes = Buffer.concat(
        ['a', 'b', 'c', 'd'].map((letter) => Buffer.alloc(5 * 1024 * 1024, letter)),
      );
      const blob = await upload(bytes);
      const key = `${bucket.prefix}cas/${blob.digest}`;
      const stop = new AbortController();
      // Until the first part is answered: pieces of a body are larger than the sign of life that an answer counts for.
      let isSending = false;
      const onBytes = (count: number): void => {
        if (count > 4096) isSending = true;
        else if (isSending) stop.abort();
      };
      const broken = await remote.putBlob(blob, { signal: stop.signal, onBytes });
      expect(broken.kind).toBe('remote-failure');
      const [uploadId] = await unfinishedUploads(bucket, key, patientCall);
      const { parts } = await unfinishedUpload(bucket, { key, uploadId: uploadId! }, patientCall);
      expect(parts.size).toBeGreaterThan(0);
      let sentBytes = 0;
      const count = (bytesMore: number): void => {
        // A part that is there is told of at one go.
        if (bytesMore > 4096 && bytesMore < small.partBytes) sentBytes += bytesMore;
      };
      const again = await remote.putBlob(blob, { ...patientCall, onBytes: count });
      expect(again).toEqual({ kind: 'stored' });
      // What was on its way when it was broken off may have arrived since.
      expect(sentBytes).toBeLessThanOrEqual((4 - parts.size) * small.partBytes);
      expect(await unfinishedUploads(bucket, key, patientCall)).toEqual([]);
      const path = join(await temporaryFolder(), 'copy');
      const request = { digest: blob.digest, path, mostBytes: bytes.byteLength };
      expect(await remote.getBlob(request, patientCall)).toMatchObject({ digest: blob.digest });
    });

    it('keeps the first of two results that are brought at the same moment', async () => {
      const { remote, said, prefix } = open();
      const other = open(undefined, prefix);
      const first = actionResult('task', { extra: digestOf('1') });
      const second = actionResult('task', { extra: digestOf('2') });
      const put = await Promise.all([
        remote.putAction({ result: first, files: [] }, patientCall),
        other.remote.putAction({ result: second, files: [] }, patientCall),
      ]);
      const winner = put[0].kind === 'stored' ? first : second;
      expect(put.filter(({ kind }) => kind === 'stored')).toHaveLength(1);
      expect(put).toContainEqual({ kind: 'exists', same: false, signed: false });
      expect(await remote.getAction(first.key, patientCall)).toEqual({ kind: 'found', result: winner });
      expect(said).toEqual([]);
    });

    it('refuses a wrong secret, and says what is wrong without saying it', async () => {
      const env = credentialsOf({ ...server.member, secret: 'wrong-secret' });
      const { remote } = open(env);
      const looked = await remote.hasBlobs([digestOf('a')], patientCall);
      expect(looked).toMatchObject({ kind: 'remote-failure', reason: 'refused' });
      expect(JSON.stringify(looked)).toContain('SignatureDoesNotMatch');
      expect(JSON.stringify(looked)).not.toContain('wrong-secret');
      const unknown = open(credentialsOf({ id: 'AKIAUNKNOWN', secret: 'wrong-secret' }));
      const got = await unknown.remote.getAction(actionResult('x').key, patientCall);
      expect(got).toMatchObject({ kind: 'remote-failure', reason: 'refused' });
      expect(JSON.stringify(got)).toMatch(/InvalidAccessKeyId|404 XAdminUserNotFound/);
    });

    if (knowsReaders)
      it('serves whoever may read and neither list nor write', async () => {
        const { remote, prefix } = open();
        const result = actionResult('task');
        expect(await remote.putAction({ result, files: [] }, patientCall)).toEqual({ kind: 'stored' });
        const other = open(credentialsOf(server.reader!), prefix);
        expect(await other.remote.getAction(result.key, patientCall)).toEqual({ kind: 'found', result });
        const blob = await upload(Buffer.from('mine'));
        expect(await other.remote.putBlob(blob, patientCall)).toMatchObject({ reason: 'refused' });
      });

    it('that is not there is told by its name', async () => {
      const place = { kind: 'bucket', bucket: 'nobodys', prefix: '', endpoint: server.endpoint } as const;
      const bucket = openBucket({ name: 'team', place }, credentialsOf(server.member));
      const remote = bucketRemote(bucket, () => Promise.resolve());
      const got = await remote.getAction(actionResult('x').key, patientCall);
      expect(got).toMatchObject({
        reason: 'refused',
        detail: expect.stringContaining("bucket 'nobodys'") as string,
      });
    });
  });

async function upload(bytes: Buffer): Promise<{ digest: Digest; path: string; sizeBytes: number }> {
  const path = join(await temporaryFolder(), 'blob');
  await writeFile(path, bytes);
  return { digest: digestOf(bytes), path, sizeBytes: bytes.byteLength };
}
