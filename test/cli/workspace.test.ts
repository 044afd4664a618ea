import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findWorkspace, shownPath } from '../../cli/workspace.ts';
import type { WorkspaceResult } from '../../cli/workspace.ts';

let root: string;
let inner: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sweetspot-workspace-'));
  inner = join(root, 'a/b');
  await mkdir(inner, { recursive: true });
});

afterEach(() => rm(root, { recursive: true, force: true }));

function find(
  from: string,
  said: {
    readonly data?: readonly string[];
    readonly cache?: string;
    readonly env?: Record<string, string>;
  } = {},
): Promise<WorkspaceResult> {
  return findWorkspace({ cwd: from, data: said.data ?? [], cacheDir: said.cache, env: said.env ?? {} });
}

async function found(...of: Parameters<typeof find>) {
  const result = await find(...of);
  if (result.kind !== 'found') throw new Error(result.message);
  return result.workspace;
}

function configure(text: string): Promise<void> {
  return writeFile(join(root, 'sweetspot.config.yaml'), text);
}

describe('where the workspace is', () => {
  it('is the current folder where nothing marks one', async () => {
    const { root: at, storeDir, outDir } = await found(inner);
    expect([at, storeDir, outDir]).toEqual([inner, join(inner, '.sweetspot'), join(inner, 'out')]);
  });

  it('is found upwards by its configuration, or by its store', async () => {
    await configure('');
    expect((await found(inner)).root).toBe(root);
    await mkdir(join(root, 'a/.sweetspot'));
    await writeFile(join(root, 'a/.sweetspot/store.json'), '{}');
    expect((await found(inner)).root).toBe(join(root, 'a'));
  });

  it('reads paths of the configuration from where it lies', async () => {
    await configure('cache: store\ndata: { voc: data/voc, cifar: /cifar }\n');
    const { storeDir, dataRoots } = await found(inner);
    expect(storeDir).toBe(join(root, 'store'));
    expect([...dataRoots]).toEqual([
      ['voc', join(root, 'data/voc')],
      ['cifar', '/cifar'],
    ]);
  });

  it('lets the command line win over the environment, and that over the configuration', async () => {
    await configure('cache: store\ndata: { voc: data/voc }\n');
    const env = { SWEETSPOT_CACHE: '/shared/store' };
    expect((await found(inner, { env })).storeDir).toBe('/shared/store');
    const { storeDir, dataRoots } = await found(inner, { env, cache: 'own', data: ['voc=here=there'] });
    expect(storeDir).toBe(join(inner, 'own'));
    expect(dataRoots.get('voc')).toBe(join(inner, 'here=there'));
  });

  it('takes an empty variable for none', async () => {
    expect((await found(inner, { env: { SWEETSPOT_CACHE: '' } })).storeDir).toBe(join(inner, '.sweetspot'));
  });
});

describe('a wrong configuration', () => {
  it.each([
    ['data: [', /flow/i],
    ['- voc', 'expected a mapping'],
    ['caches: here', "unknown key 'caches'"],
    ['cache: 5', 'cache: expected the path'],
    ['data: [voc]', 'data: expected a mapping'],
    ['data: { voc: 5 }', 'data.voc: expected the path'],
  ])('%s is named', async (text, message) => {
    await configure(text);
    const result = await find(inner);
    expect(result).toMatchObject({ kind: 'invalid-config', file: join(root, 'sweetspot.config.yaml') });
    expect(result.kind === 'invalid-config' && result.message).toMatch(message);
  });

  it('takes a key without a value for an empty one', async () => {
    await configure('data:\n');
    expect((await found(inner)).dataRoots.size).toBe(0);
  });

  it.each(['voc', '=path'])('--data %s is not NAME=PATH', async (pair) => {
    expect(await find(inner, { data: [pair] })).toMatchObject({ kind: 'invalid-config', file: '--data' });
  });
});

describe('paths as people read them', () => {
  it.each([
    ['/a/b/c', '/a/b', 'c'],
    ['/a/bc', '/a/b', '/a/bc'],
    ['/a', '/', 'a'],
    ['a/b', '/', 'a/b'],
  ])('%s from %s is %s', (path, cwd, shown) => {
    expect(shownPath(path, cwd)).toBe(shown);
  });
});
