import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileCopier } from '../../cache/local/copy-file.ts';
import { hashFile, hashFrom } from '../../cache/local/hash-file.ts';
import type { FileContent } from '../../cache/local/file-content.ts';
import { HashThreads } from '../../cache/local/hash-threads.ts';
import { SequentialWriter } from '../../cache/local/sequential-writer.ts';

const mebibyte = 2 ** 20;
const bytes = randomBytes(3 * mebibyte + 7);
const sha256 = (part: Uint8Array): string => createHash('sha256').update(part).digest('hex');

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hash-file-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true });
});

describe('hashing a file', () => {
  it.each([0, 1, mebibyte - 1, mebibyte, mebibyte + 1, 2 * mebibyte, bytes.length])(
    'of %d bytes hands on just these, each chunk until it has been taken',
    async (size) => {
      const path = join(dir, `of-${size}`);
      await writeFile(path, bytes.subarray(0, size));
      await using file = await open(path);
      const taken: Buffer[] = [];
      const content = await hashFrom(file, {
        consume: async (chunk) => {
          const before = sha256(chunk);
          // The next chunk is being read by then.
          for (let turn = 0; turn < 20; turn++) await setImmediate();
          expect(sha256(chunk)).toBe(before);
          taken.push(Buffer.from(chunk));
        },
      });
      expect(content).toMatchObject({ digest: sha256(bytes.subarray(0, size)), sizeBytes: size });
      expect(Buffer.concat(taken).equals(bytes.subarray(0, size))).toBe(true);
    },
  );

  it('tells of what it has read, should the file grow meanwhile', async () => {
    const path = join(dir, 'grows');
    await writeFile(path, bytes.subarray(0, 2 * mebibyte));
    await using file = await open(path);
    const taken: Buffer[] = [];
    const content = await hashFrom(file, {
      consume: async (chunk) => {
        if (taken.push(Buffer.from(chunk)) === 1) await appendFile(path, 'more');
      },
    });
    expect(content).toMatchObject({ digest: sha256(Buffer.concat(taken)) });
    expect(content.sizeBytes).toBe(taken.reduce((sum, { length }) => sum + length, 0));
  });

  it('ends with the failure of whoever takes the chunks, and where it is told to', async () => {
    const path = join(dir, 'fails');
    await writeFile(path, bytes);
    await using file = await open(path);
    const consume = (): Promise<void> => Promise.reject(new Error('no room'));
    await expect(hashFrom(file, { consume })).rejects.toThrow('no room');
    await expect(hashFile(path, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});

describe('large files at a time', () => {
  /** 64 MB of holes between two texts. */
  async function largeFile(name: string): Promise<string> {
    const path = join(dir, name);
    await using file = await open(path, 'w');
    await file.writeFile(`begins with ${name}`);
    await file.write('end', 64 * mebibyte);
    return path;
  }

  it('are hashed on threads but for the first, to the same digests', async () => {
    const paths = await Promise.all(['one', 'two', 'three'].map(largeFile));
    const alone: FileContent[] = [];
    for (const path of paths) alone.push(await hashFile(path));
    expect(new Set(alone.map(({ digest }) => digest)).size).toBe(3);
    const threads = new HashThreads(2);
    let here = 0;
    const together = paths.map((path) =>
      threads.hash({
        path,
        signal: undefined,
        here: async () => {
          here++;
          // The others have begun by then, and are done before this one ends.
          await setImmediate();
          await Promise.all(together.slice(1));
          return await hashFile(path);
        },
      }),
    );
    expect(await Promise.all(together)).toEqual(alone);
    expect(here).toBe(1);
    // And through the door that everybody takes.
    expect(await Promise.all(paths.map((path) => hashFile(path)))).toEqual(alone);
  });

  it('say what is in the way as they would here, and stop when told to', async () => {
    const threads = new HashThreads(1);
    const path = await largeFile('four');
    let end = (): void => undefined;
    const first = threads.hash({
      path,
      signal: undefined,
      here: async () => {
        await new Promise<void>((resolve) => (end = resolve));
        return await hashFile(path);
      },
    });
    const notHere = (): Promise<never> => Promise.reject(new Error('asked to hash here'));
    const gone = threads.hash({ path: join(dir, 'gone'), here: notHere, signal: undefined });
    await expect(gone).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open', path: join(dir, 'gone') });
    const stopping = new AbortController();
    const stopped = threads.hash({ path, here: notHere, signal: stopping.signal });
    stopping.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
    // The thread that failed and was stopped serves on.
    const served = threads.hash({ path, here: notHere, signal: undefined });
    const content = await served;
    end();
    expect(await first).toEqual(content);
  });
});

describe('copying a file that will be synced', () => {
  it('gives the same bytes', async () => {
    const source = join(dir, 'source');
    const target = join(dir, 'target');
    await writeFile(source, bytes);
    const copied = await new FileCopier().copy({ source, target, mode: 0o444, willBeSynced: true });
    expect(copied).toMatchObject({ digest: sha256(bytes), sizeBytes: bytes.length });
    expect((await hashFile(target)).digest).toBe(sha256(bytes));
  });

  describe('has the disk follow', () => {
    const chunk = new Uint8Array(8 * mebibyte);
    /** A disk that begins to follow when it is told, and is there when the test says so. */
    const slowDisk = () => {
      const begun: number[] = [];
      let written = 0;
      let arrive: (error?: Error) => void = () => undefined;
      const file = {
        writeFile: (bytes: Uint8Array) => Promise.resolve(void (written += bytes.byteLength)),
        datasync: () => {
          begun.push(written / chunk.byteLength);
          return new Promise<void>((resolve, reject) => {
            arrive = (error) => (error === undefined ? resolve() : reject(error));
          });
        },
      } as unknown as FileHandle;
      return { file, begun, arrive: (error?: Error) => arrive(error) };
    };

    it('from early on, one step at a time, and only where the file will be synced', async () => {
      const { file, begun, arrive } = slowDisk();
      const unsynced = new SequentialWriter(file, false);
      for (let count = 0; count < 4; count++) await unsynced.write(chunk);
      await unsynced.end();
      expect(begun).toEqual([]);
      const writer = new SequentialWriter(file, true);
      for (let count = 0; count < 6; count++) await writer.write(chunk);
      // It was told after two chunks, and has not got there.
      expect(begun).toEqual([6]);
      arrive();
      await setImmediate();
      await writer.write(chunk);
      expect(begun).toEqual([6, 11]);
      arrive();
      await writer.end();
    });

    it('and waits for it where it falls far behind, or says what it said', async () => {
      const { file, begun, arrive } = slowDisk();
      const writer = new SequentialWriter(file, true);
      let chunks = 0;
      const writing = (async () => {
        for (; chunks < 40; chunks++) await writer.write(chunk);
      })();
      await setImmediate();
      // 16 MiB that it is told of, and 128 more.
      expect(chunks).toBe(17);
      expect(begun).toEqual([2]);
      arrive(new Error('the disk is broken'));
      await expect(writing).rejects.toThrow('the disk is broken');
      const late = new SequentialWriter(file, true);
      for (let count = 0; count < 2; count++) await late.write(chunk);
      arrive(new Error('the disk is broken'));
      await expect(late.end()).rejects.toThrow('the disk is broken');
    });
  });
});
