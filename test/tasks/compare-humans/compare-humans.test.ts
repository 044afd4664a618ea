import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { compareHumans } from '../../../tasks/compare-humans/index.ts';
import { readScoresFile, type ScoresFile } from '../../../tasks/readings/scores-file.ts';
import { fraction } from '../../../tasks/scores/write-scores.ts';
import { dataFolder } from '../data/data-folder.ts';
import { artifactAt, runKind } from '../support/run-kind.ts';

const { file, input } = dataFolder();
const made: string[] = [];
afterAll(async () => {
  for (const dir of made) await rm(dir, { recursive: true });
});

const header = 'subj,Session,trial,rt,object_response,category,condition,imagename';

/** What `evaluate` writes; null: not asked. */
async function decided(
  set: string,
  images: readonly (readonly [path: string, decision: string, isRight: 0 | 1 | null, condition?: string])[],
): Promise<InputArtifact> {
  const dir = await mkdtemp(join(tmpdir(), 'sweetspot-decisions-'));
  made.push(dir);
  const scores: ScoresFile = {
    format: 1,
    measure: 'accuracy',
    about: { model: 'resnet20', classes: 16, sparsity: 0.2, set },
    items: images.map(([path]) => path),
    metrics: { accuracy: fraction(images.map(([, , isRight]) => isRight)) },
    ...(images.some(([, , , condition]) => condition !== undefined)
      ? { groups: { condition: images.map(([, , , condition]) => condition ?? null) } }
      : {}),
  };
  await writeFile(join(dir, 'scores.json'), JSON.stringify(scores));
  const decisions = { format: 1, items: scores.items, decisions: images.map(([, decision]) => decision) };
  await writeFile(join(dir, 'decisions.json'), JSON.stringify(decisions));
  return artifactAt(dir, { model: 'resnet20', sparsity: 0.2, set });
}

async function compare(
  set: string,
  decisions: InputArtifact,
  options: { readonly conditions?: string } = {},
) {
  const humans = await input('human-decisions', {}, { part: set });
  const { outputs, stated } = await runKind({
    kind: compareHumans,
    options: { set, ...options },
    artifacts: { decisions },
    data: { humans },
  });
  const { dir } = outputs['scores']!;
  const comparison = JSON.parse(await readFile(join(dir, 'comparison.json'), 'utf8')) as {
    readonly [part: string]: { readonly [name: string]: unknown } & readonly unknown[];
  };
  return { scores: await readScoresFile(dir), comparison, stated };
}

describe('compare-humans', () => {
  it('compares cue conflicts, with the shape bias beside', async () => {
    const row = (subject: string, response: string, category: string, name: string): string =>
      `${subject},1,1,0.5,${response},${category},0,0001_s5n_s01_0_${category}_00_${name}`;
    await file(
      'cue-conflict/cue-conflict_subject-01_session_1.csv',
      [
        header,
        row('subject-01', 'cat', 'cat', 'cat1-dog1.png'),
        row('subject-01', 'na', 'bird', 'bird1-car1.png'),
        row('subject-01', 'dog', 'dog', 'dog1-dog2.png'),
        row('subject-01', 'oven', 'oven', 'oven1-cat1.png'),
      ].join('\n'),
    );
    await file(
      'cue-conflict/cue-conflict_subject-02_session_1.csv',
      [
        header.toUpperCase(),
        row('subject-02', 'dog', 'cat', 'cat1-dog1.png'),
        row('subject-02', 'bird', 'bird', 'bird1-car1.png'),
        row('subject-02', 'dog', 'dog', 'dog1-dog2.png'),
      ].join('\r\n'),
    );
    const { scores, comparison, stated } = await compare(
      'cue-conflict',
      await decided('cue-conflict', [
        ['cue-conflict/cat/cat1-dog1.png', 'cat', 1],
        ['cue-conflict/bird/bird1-car1.png', 'car', 0],
        ['cue-conflict/dog/dog1-dog2.png', 'dog', 1],
        ['cue-conflict/oven/oven1-cat1.png', 'cat', null],
        ['cue-conflict/car/car9-cat9.png', 'car', 1],
      ]),
    );
    // Agrees with subject-01 on all three (kappa 1), with subject-02 on one of three (expected 5/9: kappa -1/2).
    expect(scores.metrics['error_consistency']).toMatchObject({ unit: 'kappa', higherIsBetter: true });
    expect(scores.metrics['error_consistency']!.mean).toBeCloseTo(1 / 4, 12);
    expect(scores.metrics['observed_consistency']!.mean).toBeCloseTo(2 / 3, 12);
    expect(scores.metrics['accuracy_difference']!.mean).toBe(0);
    expect(scores.metrics['error_consistency']!.people).toBeCloseTo(-1 / 2, 12);
    expect(scores.metrics['error_consistency']!.values.slice(3)).toEqual([null, null]);
    expect(scores.measure).toBe('humans');
    expect(scores.about).toMatchObject({ model: 'resnet20', set: 'cue-conflict', conditions: 'all' });
    expect(scores.notes).toEqual({
      images: { compared: 3, 'not-asked': 1, 'not-shown-to-people': 1 },
      human_trials: { compared: 6, without_an_answer: 1, of_other_images: 1 },
    });
    // It was asked for no car that people saw, so that bird1-car1 is no conflict for it.
    expect(comparison['model']).toMatchObject({ shape_bias: 1 });
    // Of the one conflict that is left, subject-01 decides by shape, subject-02 by texture.
    expect(comparison['humans']).toMatchObject({ subjects: 2, shape_bias: 1 / 2 });
    expect(comparison['humans']!['error_consistency']).toBeCloseTo(-1 / 2, 12);
    // Each is right on two of the three.
    expect(scores.people).toMatchObject({ subjects: 2, accuracySpread: 0, shapeBias: 1 / 2, conditions: [] });
    expect(scores.people!.accuracy).toBeCloseTo(2 / 3, 12);
    expect(stated['scores']).toMatchObject({ sparsity: 0.2, set: 'cue-conflict' });
  });

  it('pairs trials by image and condition, and leaves out conditions on request', async () => {
    const name = (condition: string, image: string): string =>
      `0001_rot_s01_${condition}_car_20_n0281_${image}.png`;
    const rows = ['0', '90'].flatMap((condition) =>
      ['1', '2'].map((image) => `subject-01,1,1,0.5,car,car,${condition},${name(condition, image)}`),
    );
    await file('rotation/rotation_subject-01_session_1.csv', [header, ...rows].join('\n'));
    const decisions = await decided('rotation', [
      [`rotation/dnn/session-1/${name('0', '1')}`, 'car', 1, '0'],
      [`rotation/dnn/session-1/${name('90', '1')}`, 'dog', 0, '90'],
      [`rotation/dnn/session-1/${name('90', '2')}`, 'car', 1, '90'],
    ]);
    const all = await compare('rotation', decisions);
    expect(all.comparison['conditions']).toMatchObject([
      { condition: '0', trials: 1, model: { error_consistency: 1, accuracy_difference: 0 } },
      { condition: '90', trials: 2, model: { error_consistency: 0, accuracy_difference: 1 / 4 } },
    ]);
    // Each condition counts the same: (1 + 0) / 2 and not (1 + 0 + 0) / 3.
    expect(all.scores.metrics['error_consistency']!.mean).toBe(1 / 2);
    // There is nobody to compare the one person with.
    expect(all.comparison['humans']!['error_consistency']).toBeNull();
    expect(all.scores.metrics['error_consistency']).not.toHaveProperty('people');
    expect(all.scores.groups).toEqual({ condition: ['0', '90', '90'] });
    const right = { accuracy: 1, accuracySpread: 0 };
    const conditions = [
      { condition: '0', ...right },
      { condition: '90', ...right },
    ];
    expect(all.scores.people).toEqual({ subjects: 1, ...right, conditions });

    const hard = await compare('rotation', decisions, { conditions: 'benchmark' });
    expect(hard.scores.metrics['error_consistency']!.mean).toBe(0);
    expect(hard.scores.people!.conditions).toEqual([{ condition: '90', ...right }]);
    expect(hard.scores.metrics['error_consistency']!.values[0]).toBeNull();
    expect(hard.scores.notes!['images']).toEqual({ 'not-in-benchmark': 1, compared: 2 });
  });

  it('names what it cannot compare', async () => {
    const trial = 'subject-01,1,1,0.5,oven,oven,0,0001_edg_s01_0_oven_00_oven10.png';
    await file('edge/edge_subject-01_session_1.csv', `${header}\n${trial}`);
    const one = (path: string, isRight: 0 | 1 | null = 1) => decided('edge', [[path, 'oven', isRight]]);
    await expect(compare('edge', await one('edge/12'))).rejects.toThrow(
      "nobody was shown any of the model's images of edge: the model saw edge/12 and the like, people 0001_edg",
    );
    await expect(compare('edge', await one('edge/oven/oven10.png', null))).rejects.toThrow(
      'knows no category',
    );
    const twice = await decided('edge', [
      ['edge/oven/oven10.png', 'oven', 1],
      ['edge/more/oven10.png', 'oven', 1],
    ]);
    await expect(compare('edge', twice)).rejects.toThrow('are the same image in the same condition');
    const other = await one('edge/oven/oven10.png');
    await expect(compare('edge', { ...other, facts: { set: 'sketch' } })).rejects.toThrow(
      'are on sketch, not on edge',
    );
    await rm(join(other.dir, 'decisions.json'));
    await expect(compare('edge', other)).rejects.toThrow('only those of `evaluate` do');

    const good = await one('edge/oven/oven10.png');
    await file('edge/edge_subject-01_session_2.csv', `${header}\n${trial}`);
    await expect(compare('edge', good)).rejects.toThrow(
      'edge/edge_subject-01_session_2.csv: subject-01 was shown 0001_edg_s01_0_oven_00_oven10.png in edge/edge_subject-01_session_1.csv too',
    );
    await file(
      'edge/edge_subject-01_session_2.csv',
      `${header}\n${trial.replace(',oven,oven,', ',oven,yak,')}`,
    );
    await expect(compare('edge', good)).rejects.toThrow(
      "edge/edge_subject-01_session_2.csv:2: unknown category 'yak'",
    );
    await file('edge/edge_subject-01_session_2.csv', header.replace('category,', ''));
    await expect(compare('edge', good)).rejects.toThrow(
      'edge/edge_subject-01_session_2.csv:1: no column category',
    );
    const images = { ...(await input('human-decisions', {}, { part: 'edge' })), adapter: 'geirhos' };
    await expect(
      runKind({
        kind: compareHumans,
        options: { set: 'edge' },
        artifacts: { decisions: good },
        data: { humans: images },
      }),
    ).rejects.toThrow('geirhos holds no human decisions');
  });
});
