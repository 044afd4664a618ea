import { readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../cache/digest.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';
import { allTasks } from './study.ts';
import type { FaultStudy } from './study.ts';

const minutes = 60_000;
let rig: Rig;
let file: string;

beforeAll(async () => {
  rig = await openRig('', { isShared: () => true });
  file = join(rig.dir, 'faults.yaml');
  expect(await executed()).toEqual([...allTasks].sort());
}, 5 * minutes);

afterAll(() => rig[Symbol.asyncDispose]());

/** Runs what lies there, sees that it ends well, and answers which tasks were executed. */
async function executed(words?: FaultStudy['words']): Promise<readonly string[]> {
  expect(await rig.problems('store', await rig.run('store'), words)).toEqual([]);
  return [...(await rig.executions())].flatMap(([task, count]) => Array<string>(count).fill(task)).sort();
}

/** Changes the study's text in a way that must change it. */
async function rewrite(change: (text: string) => string): Promise<void> {
  await rig.place();
  const text = await readFile(file, 'utf8');
  expect(change(text)).not.toBe(text);
  await writeFile(file, change(text));
}

describe('what a change costs, in executions', () => {
  it('a parameter: what depends on it; changed back: nothing', async () => {
    const words = { s00: 'other' };
    await rig.place({ words });
    expect(await executed(words)).toEqual(['m00', 's00', 'sum']);
    await rig.place();
    expect(await executed()).toEqual([]);
  });

  it('a parameter that leads to the same output: itself alone', async () => {
    await rig.place({ words: { s01: '"s01"' } });
    expect(await executed()).toEqual(['s01']);
    await rig.place();
    expect(await executed()).toEqual([]);
  });

  it.each([
    ['a comment', (text: string) => `# why not\n${text.replace('tasks:', 'tasks: # all of them')}`],
    ['the order of tasks', (text: string) => reordered(text)],
    [
      'spacing',
      (text: string) =>
        text.replaceAll(', ', ',   ').replaceAll('{ ', '{').replaceAll('uses: command', 'uses:  command'),
    ],
    [
      'a default written out',
      (text: string) => text.replaceAll('with: {', 'with: { sandbox: none, files: [],'),
    ],
  ])('%s: nothing', async (_, change) => {
    await rewrite(change);
    expect(await executed()).toEqual([]);
  });

  it('an output that is touched, as delivered or in the store: nothing', async () => {
    await rig.place();
    const delivered = join(rig.dir, 'out/faults/sum.txt');
    const before = await readFile(delivered, 'utf8');
    await writeFile(delivered, 'scribbled');
    const now = new Date();
    for (const path of await blobs()) await utimes(path, now, now);
    expect(await executed()).toEqual([]);
    expect(await readFile(delivered, 'utf8')).toBe(before);
  });

  it('an output that is deleted, as delivered: nothing; it is delivered again', async () => {
    const delivered = join(rig.dir, 'out/faults/sum.txt');
    await rm(delivered);
    expect(await executed()).toEqual([]);
    expect(await readFile(delivered, 'utf8')).toContain('S00');
  });

  it('an intermediate whose bytes are deleted: nothing, until somebody reads it, and then only what is needed', async () => {
    await rig.place();
    const digest = digestOf('S05\n');
    await rm(join(rig.dir, 'store/cas', digest.slice(0, 2), digest));
    const ended = await rig.run('store');
    expect(ended.code, ended.stderr).toBe(0);
    expect([...(await rig.executions())]).toEqual([]);
    const words = { s06: 'other' };
    await rig.place({ words });
    expect(await executed(words)).toEqual(['m05', 'm06', 's06', 'sum']);
  });
});

function reordered(text: string): string {
  const lines = text.trimEnd().split('\n');
  const begin = lines.indexOf('tasks:') + 1;
  return [...lines.slice(0, begin), ...lines.slice(begin).reverse(), ''].join('\n');
}

async function blobs(): Promise<readonly string[]> {
  const found = await readdir(join(rig.dir, 'store/cas'), { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
