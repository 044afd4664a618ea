import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../cache/digest.ts';
import { decodeManifest, encodeManifest, makeManifest, manifestDigest } from '../../cache/manifest-codec.ts';
import { collisions, treePathProblem } from '../../cache/tree-path.ts';
import { expectKind } from './support/expect-kind.ts';

const empty = digestOf('');

function manifestText(paths: readonly string[]): Buffer {
  const files = paths.map((path) => ({ path, sha256: empty, size: 0 }));
  return Buffer.from(JSON.stringify({ files, format: 1 }));
}

describe('encodeManifest', () => {
  it('is canonical, and its digest the artifact', () => {
    const { manifest } = expectKind(
      makeManifest([
        { path: 'b', size: 3, sha256: digestOf('abc') },
        { path: 'a/b', size: 0, sha256: empty },
      ]),
      'decoded',
    );
    const text = `{"files":[{"path":"a/b","sha256":"${empty}","size":0},{"path":"b","sha256":"${digestOf('abc')}","size":3}],"format":1}`;
    expect(encodeManifest(manifest)).toBe(text);
    expect(manifestDigest(manifest)).toBe(digestOf(text));
    expect(decodeManifest(Buffer.from(text))).toEqual({ kind: 'decoded', manifest });
  });

  it('sorts by code unit, not by locale', () => {
    const files = ['a', 'B', 'é', 'Z', 'z'].map((path) => ({ path, size: 0, sha256: empty }));
    const { manifest } = expectKind(makeManifest(files.slice(0, 4)), 'decoded');
    expect(manifest.files.map(({ path }) => path)).toEqual(['B', 'Z', 'a', 'é']);
    expectKind(makeManifest(files), 'invalid');
  });
});

describe('decodeManifest refuses', () => {
  it.each([
    ['a way out', ['../x']],
    ['a way out in the middle', ['a/../../x']],
    ['the folder itself', ['./x']],
    ['an absolute path', ['/etc/passwd']],
    ['a drive', ['C:/x']],
    ['a backslash', ['a\\..\\x']],
    ['an empty path', ['']],
    ['an empty segment', ['a//b']],
    ['a folder as a file', ['a/']],
    ['a null byte', ['a\0b']],
    ['a line break', ['a\nb']],
    ['a name not in NFC', ['e\u0301']],
    ['a replacement character', ['\uFFFD']],
    ['an overlong name', ['x'.repeat(256)]],
    ['an overlong path', [Array.from({ length: 300 }, () => 'abc').join('/')]],
    ['a path twice', ['a', 'a']],
    ['paths that differ in case', ['A', 'a']],
    ['folders that differ in case', ['A/x', 'a/y']],
    ['letters whose upper case meets', ['SS', 'ß']],
    ['a file that is a folder too', ['a', 'a/b']],
    ['an unsorted list', ['b', 'a']],
  ])('%s', (_, paths) => {
    expectKind(decodeManifest(manifestText(paths)), 'invalid');
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['another format', '{"files":[],"format":2}'],
    ['no files', '{"format":1}'],
    ['white space', '{"files": [],"format":1}'],
    ['a further key', '{"extra":1,"files":[],"format":1}'],
    ['a key twice', '{"files":[],"files":[],"format":1}'],
    ['another order of keys', '{"format":1,"files":[]}'],
    ['a further key in a file', `{"files":[{"mode":1,"path":"a","sha256":"${empty}","size":0}],"format":1}`],
    ['a negative size', `{"files":[{"path":"a","sha256":"${empty}","size":-1}],"format":1}`],
    ['a fractional size', `{"files":[{"path":"a","sha256":"${empty}","size":0.5}],"format":1}`],
    ['an unsafe size', `{"files":[{"path":"a","sha256":"${empty}","size":9007199254740992}],"format":1}`],
    [
      'an upper-case digest',
      `{"files":[{"path":"a","sha256":"${empty.toUpperCase()}","size":0}],"format":1}`,
    ],
    ['a byte-order mark', '\uFEFF{"files":[],"format":1}'],
  ])('%s', (_, text) => {
    expectKind(decodeManifest(Buffer.from(text)), 'invalid');
  });

  it('bytes that are not UTF-8', () => {
    expectKind(decodeManifest(Buffer.from([0x22, 0xff, 0x22])), 'invalid');
  });

  it('what is too large to be one, without parsing it', () => {
    expectKind(decodeManifest(Buffer.alloc(64 * 1024 * 1024 + 1, 0x20)), 'invalid');
  });
});

describe('any tree', () => {
  const segment = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' });
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
  const paths = fc.uniqueArray(path, { maxLength: 12 });

  it('survives being written and read, or is refused both ways', () => {
    fc.assert(
      fc.property(paths, (names) => {
        const made = makeManifest(names.map((name) => ({ path: name, size: 0, sha256: empty })));
        const decoded = decodeManifest(manifestText([...names].sort()));
        expect(decoded.kind).toBe(made.kind);
        if (made.kind === 'decoded') expect(decoded).toEqual(made);
      }),
    );
  });

  it('passes only if it can lie in one folder', () => {
    fc.assert(
      fc.property(paths, (names) => {
        const fine =
          names.every((name) => treePathProblem(name) === undefined) && collisions(names).length === 0;
        const made = makeManifest(names.map((name) => ({ path: name, size: 0, sha256: empty })));
        expect(made.kind).toBe(fine ? 'decoded' : 'invalid');
      }),
    );
  });

  it('never decodes from a text with one byte changed to the same digest', () => {
    const text = manifestText(['a', 'b/c']);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(text);
        changed[at] = changed[at]! ^ flip;
        const decoded = decodeManifest(changed);
        if (decoded.kind === 'decoded') expect(manifestDigest(decoded.manifest)).not.toBe(digestOf(text));
      }),
    );
  });

  const file = fc.record({
    path: fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', 'b', 'c', '1') }),
    size: fc.nat(2),
    sha256: fc.constantFrom(empty, digestOf('1'), digestOf('2')),
  });
  const files = fc.uniqueArray(file, { maxLength: 5, selector: ({ path: each }) => each });

  it('has one manifest, in whatever order its files are named', () => {
    fc.assert(
      fc.property(files, fc.array(fc.nat(), { minLength: 5, maxLength: 5 }), (named, places) => {
        const keyed = named.map((each, index) => ({ each, at: places[index]! }));
        const shuffled = keyed.sort((a, b) => a.at - b.at).map(({ each }) => each);
        const one = expectKind(makeManifest(named), 'decoded').manifest;
        const other = expectKind(makeManifest(shuffled), 'decoded').manifest;
        expect(encodeManifest(other)).toBe(encodeManifest(one));
        expect(decodeManifest(Buffer.from(encodeManifest(one)))).toEqual({ kind: 'decoded', manifest: one });
      }),
    );
  });

  it('has the digest of no other tree', () => {
    const known = new Map<string, string>();
    fc.assert(
      fc.property(files, (named) => {
        const said = named.map(({ path: at, size, sha256 }) => `${at} ${size} ${sha256}`).sort();
        const digest = manifestDigest(expectKind(makeManifest(named), 'decoded').manifest);
        const before = known.get(digest) ?? said.join('\n');
        known.set(digest, before);
        expect(said.join('\n')).toBe(before);
      }),
      { numRuns: 1000 },
    );
    expect(known.size).toBeGreaterThan(100);
  });
});
