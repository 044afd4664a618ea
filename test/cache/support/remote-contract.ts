import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { Remote, RemoteCall } from '../../../cache/remotes/remote.ts';
import { actionResult } from './action-results.ts';
import { temporaryFolder } from './temporary-store.ts';

export const patientCall: RemoteCall = { signal: new AbortController().signal, onBytes: () => undefined };

/** What every remote has to do, and what it may say where it cannot. */
export function describeRemote(
  name: string,
  open: () => Promise<{
    readonly remote: Remote;
    /** Replaces the bytes of a blob that is there. */
    readonly damage: (digest: string, bytes: Buffer) => Promise<void>;
  }>,
): void {
  describe(`remote: ${name}`, () => {
    const upload = async (remote: Remote, bytes: Buffer) => {
      const path = join(await temporaryFolder(), 'blob');
      await writeFile(path, bytes);
      const digest = digestOf(bytes);
      const put = await remote.putBlob({ digest, sizeBytes: bytes.byteLength, path }, patientCall);
      expect(put).toEqual({ kind: 'stored' });
      return digest;
    };
    const download = async (remote: Remote, digest: ReturnType<typeof digestOf>, mostBytes = 1e9) => {
      const path = join(await temporaryFolder(), 'copy');
      const got = await remote.getBlob({ digest, path, mostBytes }, patientCall);
      return { got, bytes: await readFile(path).catch(() => undefined) };
    };

    it('knows of nothing at first', async () => {
      const { remote } = await open();
      const digest = digestOf('nothing');
      expect(await remote.getAction(actionResult('x').key, patientCall)).toEqual({ kind: 'absent' });
      expect(await download(remote, digest)).toEqual({ got: { kind: 'absent' }, bytes: undefined });
      const looked = await remote.hasBlobs([digest], patientCall);
      expect(looked).toEqual({ kind: 'looked', present: new Set() });
    });

    it.each([0, 1, 3_000_000])('gives back the %i bytes that it was given', async (size) => {
      const { remote } = await open();
      const bytes = Buffer.alloc(size, 'sweetspot');
      const digest = await upload(remote, bytes);
      // A second time is no mistake.
      await upload(remote, bytes);
      const { got, bytes: copy } = await download(remote, digest, size);
      expect(got).toMatchObject({ kind: 'received', digest, sizeBytes: size });
      expect(copy?.equals(bytes)).toBe(true);
      const looked = await remote.hasBlobs([digest, digestOf('other')], patientCall);
      expect(looked).toEqual({ kind: 'looked', present: new Set([digest]) });
    });

    it.each([10, 3_000_000])('is not blamed for %i bytes that are gone here', async (sizeBytes) => {
      const { remote } = await open();
      const gone = { digest: digestOf('gone'), sizeBytes, path: join(await temporaryFolder(), 'gone') };
      expect(await remote.putBlob(gone, patientCall)).toMatchObject({
        kind: 'remote-failure',
        reason: 'failed',
        detail: expect.stringContaining(gone.path) as string,
      });
      const looked = await remote.hasBlobs([gone.digest], patientCall);
      expect(looked).toEqual({ kind: 'looked', present: new Set() });
    });

    it('sends no more than it may', async () => {
      const { remote } = await open();
      const digest = await upload(remote, Buffer.alloc(300_000, 'long'));
      expect(await download(remote, digest, 299_999)).toMatchObject({
        got: { kind: 'malformed' },
        bytes: undefined,
      });
    });

    it('owns up to what the bytes are that it has', async () => {
      const { remote, damage } = await open();
      const digest = await upload(remote, Buffer.from('right'));
      await damage(digest, Buffer.from('wrong'));
      expect((await download(remote, digest)).got).toMatchObject({
        kind: 'received',
        digest: digestOf('wrong'),
      });
    });

    it.each([
      ['of another', 'right', 'wrong'],
      ['that lack their end', 'right and long', 'right'],
      ['that go on', 'right', 'right and longer'],
      ['that are many', Buffer.alloc(3_000_000, 'a'), Buffer.alloc(3_000_000, 'b')],
    ])('keeps nothing of bytes %s, if it says that it looks', async (_, right, wrong) => {
      const { remote } = await open();
      if (remote.checksUploads !== true) return;
      const path = join(await temporaryFolder(), 'blob');
      await writeFile(path, wrong);
      const [digest, sizeBytes] = [digestOf(right), Buffer.from(wrong).byteLength];
      expect(await remote.putBlob({ digest, sizeBytes, path }, patientCall)).toMatchObject({
        kind: 'remote-failure',
        reason: 'wrong-bytes',
      });
      expect((await download(remote, digest)).got).toEqual({ kind: 'absent' });
      // The remote is as good as before.
      await upload(remote, Buffer.from(right));
    });

    it('keeps the first result of a key', async () => {
      const { remote } = await open();
      const first = actionResult('task', { extra: digestOf('1') });
      const second = actionResult('task', { extra: digestOf('2') });
      const put = (result: typeof first) => remote.putAction({ result, files: [] }, patientCall);
      expect(await put(first)).toEqual({ kind: 'stored' });
      expect(await put(first)).toMatchObject({ kind: 'exists', same: true });
      expect(await put(second)).toMatchObject({ kind: 'exists', same: false });
      expect(await remote.getAction(first.key, patientCall)).toEqual({ kind: 'found', result: first });
    });
  });
}
