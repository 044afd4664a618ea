import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { FileIndex, FileIndexRequest, FileIndexResult } from '../../../cache/file-index.ts';
import { FileDigests } from '../../../engine/keys/file-digests.ts';

describe('digests of files that tasks name', () => {
  it('are looked up together, folder by folder, and once', async () => {
    const { base, files, asked } = setUp();
    const digests = await Promise.all(['a', 'b', join(base, 'a'), 'a'].map((name) => files.digestOf(name)));
    expect(digests).toEqual(['a', 'b', 'a', 'a'].map((name) => digestOf(name)));
    expect(asked.map(({ root, paths }) => ({ root, paths }))).toEqual([{ root: base, paths: ['a', 'b'] }]);
  });

  it('are refused one by one for what is not there', async () => {
    const { files } = setUp();
    const [there, missing] = await Promise.allSettled([files.digestOf('a'), files.digestOf('nowhere/c')]);
    expect(there).toEqual({ status: 'fulfilled', value: digestOf('a') });
    expect(missing).toMatchObject({ status: 'rejected', reason: { code: 'ENOENT' } });
  });

  it.each<{ readonly answer: FileIndexResult; readonly code: string }>([
    { answer: { kind: 'missing', path: 'a' }, code: 'ENOENT' },
    { answer: { kind: 'store-failure', reason: 'io', path: '/x/a', detail: 'read error' }, code: 'EIO' },
  ])('are refused with what the index says: $answer.kind', async ({ answer, code }) => {
    const { files } = setUp(() => answer);
    await expect(files.digestOf('a')).rejects.toMatchObject({ code });
  });
});

function setUp(answer?: () => FileIndexResult): {
  base: string;
  files: FileDigests;
  asked: FileIndexRequest[];
} {
  const base = mkdtempSync(join(tmpdir(), 'sweetspot-files-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  for (const name of ['a', 'b']) writeFileSync(join(base, name), name);
  const asked: FileIndexRequest[] = [];
  const index: FileIndex = {
    digests: (request) => {
      asked.push(request);
      const files = request.paths.map((path) => ({ path, size: 1, mtimeMs: 1, sha256: digestOf(path) }));
      return Promise.resolve(answer?.() ?? { kind: 'indexed', files });
    },
    damaged: () => [],
  };
  return { base, files: new FileDigests({ base, index, signal: new AbortController().signal }), asked };
}
