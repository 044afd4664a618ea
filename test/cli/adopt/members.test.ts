import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCheckpoints } from '../../../cli/adopt/find-checkpoints.ts';
import { readMembers } from '../../../cli/adopt/members.ts';
import type { Members, MembersRequest } from '../../../cli/adopt/members.ts';
import { parsePattern } from '../../../cli/adopt/pattern.ts';
import { studyText } from '../../../cli/adopt/study-text.ts';
import { digestOfFile } from '../../../tasks/digest-of-file.ts';
import { repositoryRoot, sharedDir } from '../../support/shared.ts';
import { temporaryFolder } from '../../cache/support/temporary-store.ts';
import { makeCheckpoint } from './checkpoints.ts';
import type { CheckpointToMake } from './checkpoints.ts';

async function folderOf(files: Readonly<Record<string, CheckpointToMake>>): Promise<string> {
  const dir = await temporaryFolder();
  for (const [name, made] of Object.entries(files)) await makeCheckpoint(join(dir, name), made);
  return dir;
}

async function membersOf(
  path: string,
  more: Partial<MembersRequest> & { readonly pattern?: string } = {},
): Promise<Members> {
  const parsed = more.pattern === undefined ? undefined : parsePattern(more.pattern);
  if (parsed?.kind === 'invalid') throw new Error(parsed.message);
  const found = await findCheckpoints(path, parsed?.pattern);
  if (found.kind === 'problem') throw new Error(found.message);
  return await readMembers({
    checkpoints: found.checkpoints,
    ...{ model: undefined, masks: undefined, key: undefined, classes: undefined },
    statedOf: () => ({}),
    ...more,
  });
}

async function problemsOf(...args: Parameters<typeof membersOf>): Promise<readonly string[]> {
  const read = await membersOf(...args);
  return read.kind === 'problems' ? read.problems.map(({ name, message }) => `${name}: ${message}`) : [];
}

describe('a checkpoint of elsewhere', () => {
  it('is what its names, shapes, masks and zeros say', async () => {
    const dir = await folderOf({
      'dense.pth': {},
      'masked.pth': { every: 5, withMasks: true, prefix: 'module.' },
      'zeros.pth': { every: 4, prefix: '_orig_mod.' },
      'few-zeros.pth': { every: 1000 },
    });
    const read = await membersOf(dir);
    if (read.kind !== 'members') throw new Error(JSON.stringify(read));
    const found = read.members.map(({ name, found: { model, classes, masks, sparsity } }) => [
      ...[name, model, classes, masks, Number(sparsity.toFixed(2))],
    ]);
    expect(found).toEqual([
      ['dense.pth', 'resnet8', 4, 'none', 0],
      ['few-zeros.pth', 'resnet8', 4, 'none', 0],
      ['masked.pth', 'resnet8', 4, 'file', 0.2],
      ['zeros.pth', 'resnet8', 4, 'zeros', 0.25],
    ]);
    expect(read.members[0]?.found.sha256).toBe(await digestOfFile(join(dir, 'dense.pth')));
  });

  it('has every problem said of every file, and none is adopted then', async () => {
    const dir = await folderOf({ 'a.pth': {}, 'b.pth': { without: 'linear.bias' } });
    await writeFile(join(dir, 'c.pth'), 'no checkpoint');
    await copyFile(join(repositoryRoot, 'test/fixtures/weights/attributes.pth'), join(dir, 'd.pth'));
    const problems = await problemsOf(dir);
    expect(problems.map((text) => text.slice(0, 5))).toEqual(['b.pth', 'c.pth', 'd.pth']);
    expect(problems[0]).toContain('of no model that is known here');
    expect(await problemsOf(join(dir, 'b.pth'), { model: 'resnet8' })).toEqual([
      expect.stringMatching(/b.pth: .*'linear.bias' is missing/),
    ]);
    expect((await problemsOf(join(dir, 'a.pth'), { model: 'resnet20' }))[0]).toContain('`model: resnet8`');
    expect(await problemsOf(join(dir, 'a.pth'), { model: 'alexnet' })).toEqual([
      "a.pth: no model 'alexnet' is known",
    ]);
    expect(await problemsOf(join(dir, 'a.pth'), { classes: 3 })).toEqual([
      'a.pth: --classes names 3, and it was trained on 4',
    ]);
  });

  it('stands in one place, with others of its model, unless the pattern tells models apart', async () => {
    const dir = await folderOf({
      'resnet8/1.pth': {},
      'resnet8/01.pth': { seed: 1 },
      'resnet20/2.pth': { model: 'resnet20' },
    });
    expect(await problemsOf(dir, { pattern: '{model}/{seed}.pth' })).toEqual([
      'resnet8/1.pth: its place is architecture=resnet8,seed=1, and so is that of resnet8/01.pth',
    ]);
    expect(await problemsOf(dir)).toEqual([
      'resnet8/01.pth: it is resnet8 of 4 classes, and resnet20/2.pth is resnet20 of 4',
      'resnet8/1.pth: it is resnet8 of 4 classes, and resnet20/2.pth is resnet20 of 4',
    ]);
    const apart = await membersOf(dir, { pattern: '{model}/0{seed}.pth' });
    expect(apart.kind === 'members' && apart.members.map(({ name }) => name)).toEqual(['resnet8/01.pth']);
  });

  it('may not contradict what is stated of it', async () => {
    const dir = await folderOf({ 's0.2.pth': { every: 5 }, 's90.pth': { every: 5 } });
    expect(await problemsOf(dir, { pattern: 's{sparsity}.pth' })).toEqual([
      's90.pth: a sparsity of 0.9 is stated, and it has 0.2001',
    ]);
    expect(await problemsOf(dir, { statedOf: () => ({ sparsity: 0.195 }) })).toEqual([]);
    const dense = await problemsOf(dir, { masks: 'none', statedOf: () => ({ sparsity: 0.2 }) });
    expect(dense).toHaveLength(2);
  });

  const shared = sharedDir();
  it.runIf(shared !== undefined)('is told by its names where PyTorch itself wrote it long ago', async () => {
    const read = await membersOf(join(shared!, 'data/weights/resnet20-12fca82f.th'));
    expect(read).toMatchObject({ members: [{ found: { model: 'resnet20', classes: 10, masks: 'none' } }] });
  });
});

describe('the study that is written', () => {
  it('names every checkpoint by its place, and leaves out places where there is none', async () => {
    const dir = await folderOf({ 'a/0-1.pth': {}, 'a/0-2.pth': { every: 5 }, 'a/1-2.pth': { every: 4 } });
    const read = await membersOf(dir, {
      pattern: 'a/{seed}-{round}.pth',
      statedOf: () => ({ by: 'Ada "A"' }),
    });
    if (read.kind !== 'members') throw new Error(JSON.stringify(read));
    const text = studyText({
      ...{ study: 'a', file: 'a.yaml', members: read.members, classes: ['x', 'y', 'z', 'w'], key: undefined },
      pathOf: ({ name }) => name,
    });
    expect(text).toContain('matrix: { seed: [0, 1] }');
    expect(text).toContain('    matrix: { round: [1, 2] }');
    expect(text).toContain(
      "if: \"'seed=' + string(matrix.seed) + ',round=' + string(matrix.round) in params.checkpoints\"",
    );
    expect(text).toContain('classes: ["x", "y", "z", "w"]');
    expect(text).toContain('stated: { by: "Ada \\"A\\"" }');
    expect(text.match(/"seed=\d,round=\d": /g)).toHaveLength(3);
  });
});
