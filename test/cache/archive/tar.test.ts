import { link, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHeader, decodePax, encodeHeader } from '../../../cache/archive/tar/header.ts';
import { packTar } from '../../../cache/archive/tar/tar-writer.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { output, packed, pythonReads, readTar, tarPrograms } from './tars.ts';

const long = `${'a-rather-long-name/'.repeat(7)}end`;
const longer = `${'x'.repeat(120)}/${'y'.repeat(130)}`;
const contents: readonly (readonly [name: string, content: string])[] = [
  ['top/README.txt', 'read me\n'],
  ['top/empty', ''],
  ['top/block', 'b'.repeat(512)],
  [`top/${long}`, 'of two fields'],
  [`top/${longer}`, 'of neither'],
  ['top/tür/日本.txt', 'not ASCII'],
];

function tarOf(files: readonly (readonly [string, string])[]): Promise<Buffer> {
  return packed(
    packTar(
      files.map(([name, content]) => ({
        name,
        sizeBytes: Buffer.byteLength(content, 'latin1'),
        bytes: [Buffer.from(content, 'latin1')],
      })),
    ),
  );
}

describe('a tar that is written', () => {
  it('is listed and extracted by the programs of others', async () => {
    const dir = await temporaryFolder();
    const file = join(dir, 'a.tar');
    const bytes = await tarOf(contents);
    await writeFile(file, bytes);
    expect(bytes.byteLength % 10_240).toBe(0);
    expect(await pythonReads(file)).toEqual(
      contents.map(([name, content]) => [name, content.length, content]),
    );
    for (const program of await tarPrograms()) {
      const listed = (await output(program, ['-tf', file])).split('\n').filter((line) => line !== '');
      expect(listed, program).toEqual(contents.map(([name]) => name));
      const into = join(dir, program);
      await mkdir(into);
      await output(program, ['-xf', file, '-C', into]);
      for (const [name, content] of contents)
        expect(await readFile(join(into, name), 'latin1'), `${program}: ${name}`).toBe(content);
    }
  });

  it('is read back, in pieces of any size', async () => {
    const bytes = await tarOf(contents);
    for (const piece of [1, 511, 512, 513, 100_000]) {
      const { members, problem } = await readTar(bytes, piece);
      expect(problem).toBeUndefined();
      expect(members.map(({ name, content }) => [name, content])).toEqual(contents);
    }
  });

  it('has one header for each name and size', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }).filter((name) => !name.includes('\0')),
        fc.oneof(fc.nat(), fc.constantFrom(0o77777777777, 0o77777777777 + 1, 2 ** 45)),
        (name, sizeBytes) => {
          const header = encodeHeader({ name, sizeBytes });
          const block = decodeHeader(header.subarray(-512))!;
          const extended =
            header.byteLength > 512
              ? decodePax(header.subarray(512, 512 + decodeHeader(header)!.sizeBytes))!
              : new Map<string, string>();
          expect(extended.get('path') ?? block.name).toBe(name);
          expect(Number(extended.get('size') ?? block.sizeBytes)).toBe(sizeBytes);
          expect(header.byteLength % 512).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a tar of others', () => {
  it.each(['gnu', 'pax', 'ustar', 'v7'])('in the format %s is read', async (format) => {
    const dir = await temporaryFolder();
    const files: readonly (readonly [string, string])[] = format === 'v7' ? contents.slice(0, 3) : contents;
    const kept = format === 'ustar' ? files.filter(([name]) => !name.includes('xxx')) : files;
    for (const [name, content] of kept) {
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), content, 'latin1');
    }
    await output('tar', [`--format=${format}`, '-cf', 'a.tar', 'top'], dir);
    const { members, problem } = await readTar(await readFile(join(dir, 'a.tar')));
    expect(problem).toBeUndefined();
    const read = new Map(
      members.filter(({ kind }) => kind === 'file').map((each) => [each.name, each.content]),
    );
    expect(read).toEqual(new Map(kept));
    expect(members.some(({ kind }) => kind === 'folder')).toBe(true);
  });

  it('with links, devices or pipes is refused at the first, by name and place', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'file'), 'content');
    await symlink('/etc/passwd', join(dir, 'symbolic'));
    await link(join(dir, 'file'), join(dir, 'hard'));
    await output('mkfifo', [join(dir, 'pipe')]);
    for (const [name, what] of [
      ['symbolic', 'a symbolic link'],
      ['hard', 'a hard link'],
      ['pipe', 'a named pipe'],
    ] as const) {
      await output('tar', ['-cf', `${name}.tar`, 'file', name], dir);
      const { members, problem } = await readTar(await readFile(join(dir, `${name}.tar`)));
      expect(members.map((each) => each.name)).toEqual(['file']);
      expect(problem).toMatchObject({
        reason: 'refused',
        place: { name, ordinal: 2, offset: 1024 },
        detail: expect.stringContaining(what) as string,
      });
    }
  });

  it('that is cut off or damaged says where', async () => {
    const bytes = await tarOf(contents);
    for (let length = 1; length < bytes.byteLength - 1024; length += 397) {
      const { problem } = await readTar(bytes.subarray(0, length));
      const isEnd = problem === undefined;
      // The end is two blocks of zeros, and padding that nobody misses.
      expect(
        isEnd || problem.reason === 'truncated' || (length < 512 && problem.reason === 'not-a-tar'),
      ).toBe(true);
      if (isEnd) expect(bytes.subarray(length).every((byte) => byte === 0)).toBe(true);
    }
    const { members } = await readTar(bytes);
    for (const { offset, ordinal } of members.slice(1)) {
      const damaged = Buffer.from(bytes);
      damaged[offset + 3]! ^= 4;
      expect((await readTar(damaged)).problem).toMatchObject({ reason: 'damaged', place: { ordinal } });
    }
    expect((await readTar(Buffer.from('not a tar at all'))).problem?.reason).toBe('not-a-tar');
    expect((await readTar(Buffer.alloc(0))).problem?.reason).toBe('not-a-tar');
  });
});
