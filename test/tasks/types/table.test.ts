import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { files } from '../../../tasks/types/files.ts';
import { table } from '../../../tasks/types/table.ts';

const right = {
  format: 1,
  title: 'T',
  columns: [{ name: 'a' }, { name: 'b', unit: '%' }],
  rows: [
    [1, null],
    ['x', true],
  ],
  notes: [],
};

async function check(content: unknown): Promise<readonly string[]> {
  const dir = await mkdtemp(join(tmpdir(), 'table-'));
  if (content !== undefined)
    await writeFile(join(dir, 'table.json'), typeof content === 'string' ? content : JSON.stringify(content));
  return table.check(dir);
}

describe('table', () => {
  it('accepts scalars in named columns', async () => {
    expect(await check(right)).toEqual([]);
  });

  it.each([
    ['no file', undefined],
    ['no JSON', '{'],
    ['no object', 'null'],
    ['another format', { ...right, format: 2 }],
    ['no title', { ...right, title: 1 }],
    ['unnamed columns', { ...right, columns: [{}] }],
    ['short rows', { ...right, rows: [[1]] }],
    ['nested cells', { ...right, rows: [[1, {}]] }],
    ['notes that are no texts', { ...right, notes: [1] }],
  ])('refuses %s', async (_, content) => {
    expect(await check(content)).toHaveLength(1);
  });
});

describe('files', () => {
  it('accepts any tree but an empty one', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'files-'));
    expect(await files.check(dir)).toEqual(['the folder is empty']);
    await writeFile(join(dir, 'a.txt'), 'a');
    expect(await files.check(dir)).toEqual([]);
  });
});
