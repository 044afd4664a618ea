import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sweetspot, temporaryFolder } from '../support/command.ts';

const data = 'data: { train: { uses: shapes, split: train } }';
const dense = '  dense: { uses: train, with: { model: resnet20, data: "${{ data.train }}" } }';

/** What is broken, the study, `line:column` of the caret, a word of the hint, the exit code. */
const studies: readonly (readonly [string, readonly string[], string, string, number])[] = [
  ['bad YAML', ['tasks:', '  a: { uses: prune'], '4:1', 'unclosed', 2],
  [
    'an unquoted expression',
    ['tasks:', '  a: { uses: prune, with: { model: ${{ x.model }} } }'],
    '3:36',
    'quote it',
    2,
  ],
  ['an unknown key', [data, 'tasks:', dense.replace('model:', 'modle:')], '4:33', "did you mean 'model'?", 2],
  [
    'a wrong type',
    [data, 'tasks:', dense.replace('} }', ', seed: x } }').replace(' }" , seed', ' }", seed')],
    '4',
    'whole number',
    2,
  ],
  [
    'a cycle',
    [
      'tasks:',
      '  a: { uses: prune, with: { model: "${{ b.model }}" } }',
      '  b: { uses: prune, with: { model: "${{ a.model }}" } }',
    ],
    '',
    'a -> b -> a',
    2,
  ],
  [
    'a dangling reference',
    [data, 'tasks:', dense, '  a: { uses: prune, with: { model: "${{ dens.model }}" } }'],
    '5:41',
    "did you mean 'dense'?",
    2,
  ],
  [
    'mixed axes',
    [
      data,
      'tasks:',
      `  dense: { matrix: { n: [1, 2] }, uses: train, with: { model: resnet20, data: "\${{ data.train }}" } }`,
      '  a: { uses: prune, with: { model: "${{ dense.model }}" } }',
    ],
    '5',
    "'dense'",
    2,
  ],
  [
    'an empty axis under each',
    [
      data,
      'tasks:',
      dense,
      '  a: { matrix: { n: [] }, uses: prune, with: { model: "${{ dense.model }}" } }',
      '  b: { each: a, uses: prune, with: { model: "${{ member.model }}" } }',
    ],
    '5:21',
    'no values',
    2,
  ],
  [
    'an impossible resource',
    [data, 'tasks:', dense.replace('uses: train,', 'uses: train, resources: { gpu: 64 },')],
    '4:3',
    'asks for 64 GPU slots',
    2,
  ],
  [
    'an unknown model',
    [data, 'tasks:', dense.replace('resnet20', 'resnet21')],
    '4:40',
    "did you mean 'resnet20'?",
    2,
  ],
  ['missing data', ['data: { train: { uses: voc } }', 'tasks:', dense], '2:9', '--data train=PATH', 3],
  [
    'a division by zero',
    [
      data,
      'params: { rounds: 3 }',
      'tasks:',
      dense,
      '  a: { uses: prune, with: { model: "${{ dense.model }}", fraction: "${{ 1.0 / (params.rounds - 3) }}" } }',
    ],
    '6',
    'zero',
    2,
  ],
];

describe('a broken study', () => {
  it.each(studies)(
    '%s: place, caret and hint, and nothing has run',
    async (_what, lines, place, word, code) => {
      await using folder = await temporaryFolder();
      await writeFile(join(folder.path, 'broken.yaml'), ['study: broken', ...lines, ''].join('\n'));
      const { code: found, stderr, stdout } = await sweetspot(['run', 'broken.yaml'], { cwd: folder.path });
      expect(found, stderr).toBe(code);
      expect(stderr).toContain(`--> broken.yaml:${place}`);
      expect(stderr).toMatch(/^\s+\|\s+\^+/m);
      expect(stderr).toContain(word);
      expect(stdout).toBe('');
      expect(await readdir(join(folder.path, '.sweetspot/runs')).catch(() => [])).toEqual([]);
    },
  );
});
