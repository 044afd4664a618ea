import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shellWord } from '../../../cli/shell-word.ts';
import { pathIn } from '../../../cli/study-record/path-in.ts';
import { studyCommand, taskCommand } from '../../../cli/study-record/study-command.ts';
import type { Json } from '../../../cache/json.ts';
import { loadStudy } from '../../../engine/study/load-study.ts';
import { dressingRegistry, recordRig, studyText } from './rig.ts';
import type { RecordRig } from './rig.ts';

function commandOf({ root, plan, sources }: RecordRig, configuredRoots = new Map<string, string>()): string {
  return studyCommand({
    ...{ plan, text: sources.get(plan.file), configuredRoots },
    typed: (path) => pathIn(root, path),
  });
}

/** The words that a shell makes of a line. */
function wordsOf(line: string): readonly string[] {
  return execFileSync('sh', ['-c', `for word in ${line}; do printf '%s\\0' "$word"; done`])
    .toString()
    .split('\0')
    .slice(0, -1);
}

describe('a word for a shell', () => {
  it.each(["it's", 'a b', '$HOME `id` "x" \\', '', 'ünï', 'a\nb', '*?[!]~#', 'a@seed=0,method=grad-cam'])(
    'means %j alone',
    (word) => {
      expect(wordsOf(shellWord(word))).toEqual([word]);
    },
  );
});

describe('the command that runs a study again', () => {
  it('says what differs from the study file, and nothing else', async () => {
    expect(commandOf(await recordRig({ params: { epochs: '2' } }))).toBe('sweetspot run study.yaml');
    const rig = await recordRig({ params: { fraction: '0.25' }, smoke: true });
    expect(commandOf(rig)).toBe('sweetspot run study.yaml --param fraction=0.25 --smoke');
    expect(taskCommand(commandOf(rig), "score@set=it's,seed=0")).toBe(
      String.raw`sweetspot run study.yaml --param fraction=0.25 --smoke --only 'score@set=it'\''s,seed=0'`,
    );
  });

  it.each<[default_: string, value: Json]>([
    ['word', 'resnet18'],
    ['word', '3'],
    ['word', 'true'],
    ['word', "it's # no comment"],
    ['word', ' "quoted" '],
    ['word', ''],
    ['null', 'null'],
    ['null', '1e3'],
    ['null', 7.5],
    ['null', [1, 'a b', { c: null }]],
    ['[1]', [2, 3]],
    ['{ a: 1 }', { a: 2, 'b c': ["it's"] }],
    ['1', -1e-7],
    ['true', false],
  ])('gives a parameter of default %s the value %j again', async (default_, value) => {
    const files = { 'study.yaml': studyText.replace('fraction: 0.5', `fraction: 0.5, other: ${default_}`) };
    const rig = await recordRig({ files, params: { other: JSON.stringify(value) } });
    expect(rig.plan.params['other']).toEqual(value);
    const [option, pair = ''] = wordsOf(commandOf(rig)).slice(3);
    expect(option).toBe('--param');
    const again = await loadStudy({
      file: rig.plan.file,
      registry: dressingRegistry,
      params: new Map([['other', pair.slice('other='.length)]]),
    });
    expect(again.kind === 'planned' && again.plan.params['other']).toEqual(value);
  });

  it('names each parameter where the study file is gone, or was not understood', async () => {
    const { plan, root } = await recordRig();
    for (const text of [undefined, 'params: [', '- 1'])
      expect(
        studyCommand({ plan, text, configuredRoots: new Map(), typed: (path) => pathIn(root, path) }),
      ).toBe('sweetspot run study.yaml --param epochs=2 --param fraction=0.5');
  });

  const withData = studyText.replace(
    'train: { uses: shapes }',
    'train: { uses: shapes }, a: { uses: voc, root: pascal }, b: { uses: voc, root: pascal, split: train }, c: { uses: voc }',
  );

  it('names each folder of data once, by its place in the workspace or as one that differs', async () => {
    const files = { 'study.yaml': withData };
    const elsewhere = await recordRig({ files, dataRoots: { pascal: '/mnt/pascal', c: '/mnt/c' } });
    expect(commandOf(elsewhere)).toBe('sweetspot run study.yaml --data pascal=FOLDER --data c=FOLDER');
    const rig = await recordRig({ files, dataRoots: { a: '/mnt/a', b: '/mnt/b' } });
    expect(commandOf(rig)).toBe('sweetspot run study.yaml --data a=FOLDER --data b=FOLDER');
    const inside = studyCommand({
      ...{ plan: rig.plan, text: withData, configuredRoots: new Map() },
      typed: (path) => pathIn('/mnt', path),
    });
    expect(inside).toBe('sweetspot run study.yaml --data a=a --data b=b');
  });

  it('leaves out what the configuration says', async () => {
    const roots = { pascal: '/mnt/pascal', voc: '/mnt/voc' };
    const rig = await recordRig({ files: { 'study.yaml': withData }, configuredRoots: roots });
    expect(commandOf(rig, new Map(Object.entries(roots)))).toBe('sweetspot run study.yaml');
  });

  it('takes a study file for one whatever it is called', async () => {
    const files = { '-it\'s "the" $study.yaml': studyText };
    const rig = await recordRig({ files });
    expect(wordsOf(commandOf(rig))).toEqual(['sweetspot', 'run', `./${Object.keys(files)[0] ?? ''}`]);
    expect(pathIn(rig.root, join(rig.root, '..', 'other', 'x.yaml'))).toBeUndefined();
  });
});
