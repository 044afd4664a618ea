import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import type { InputArtifact, InputData } from '../../../engine/contract/task-context.ts';
import { localise } from '../../../tasks/localise/index.ts';
import { readScoresFile, type ScoresFile } from '../../../tasks/readings/scores-file.ts';
import { dataFolder } from '../data/data-folder.ts';
import { artifactAt, runKind } from '../support/run-kind.ts';
import { madeHeatmaps } from './made-heatmaps.ts';

const { file, input } = dataFolder();
const side = 4;
const classes = ['cat', 'dog', 'emu'];

/** Class indices of three images: a cat beside a dog, a dog alone in a void border, and nothing. */
const masks = {
  both: [1, 1, 2, 2, 1, 1, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0],
  dog: [0, 0, 0, 0, 0, 255, 255, 0, 0, 255, 2, 0, 0, 0, 0, 0],
  none: Array<number>(16).fill(0),
};

beforeEach(async () => {
  for (const [name, values] of Object.entries(masks)) {
    await file(
      `images/${name}.png`,
      encode({ width: side, height: side, channels: 3, data: new Uint8Array(48) }),
    );
    await file(
      `masks/${name}.png`,
      encode({ width: side, height: side, channels: 1, data: Uint8Array.from(values) }),
    );
  }
});

function data(options: JsonObject = { classes, void: 255 }): Promise<InputData> {
  return input('image-masks', options);
}

const items = ['both', 'dog', 'none'].map((name) => `images/${name}.png`);

/** Relevance 1 on each pixel of the upper half and 0 below. */
async function upper(targets: readonly number[] = [0, 1, 2]): Promise<InputArtifact> {
  const map = Array.from({ length: 16 }, (_, i) => (i < 8 ? 1 : 0));
  return madeHeatmaps({ items, side, map: () => map, targets });
}

async function score(
  options: JsonObject,
  given: { readonly data?: InputData; readonly model?: InputArtifact; readonly maps?: InputArtifact } = {},
): Promise<ScoresFile> {
  const { outputs } = await runKind({
    kind: localise,
    options: { metrics: ['rma'], ...options },
    artifacts: {
      heatmaps: given.maps ?? (await upper()),
      ...(given.model === undefined ? {} : { model: given.model }),
    },
    data: { data: given.data ?? (await data()) },
  });
  return readScoresFile(outputs['scores']!.dir);
}

async function modelOf(names: readonly string[]): Promise<InputArtifact> {
  const dir = await mkdtemp(join(tmpdir(), 'sweetspot-names-'));
  await writeFile(join(dir, 'model.json'), JSON.stringify({ classes: names }));
  return artifactAt(dir);
}

describe('what localise takes for the object', () => {
  it('any foreground', async () => {
    const scores = await score({});
    expect(scores.items).toEqual(items);
    expect(scores.metrics['rma']!.values).toEqual([1, 0, null]);
    expect(scores.notes).toEqual({ rma: { measured: 2, 'empty-mask': 1 } });
    expect(scores.about).not.toHaveProperty('truth');
  });

  it('a named class, counting the images that do not show it', async () => {
    const scores = await score({ truth: 'dog', void: 'ignored' });
    expect(scores.metrics['rma']!.values).toEqual([0.5, 0, null]);
    expect(scores.notes).toEqual({ rma: { measured: 2, 'class-absent': 1 } });
    expect(scores.about).toMatchObject({ truth: 'dog' });
  });

  it('the class that was explained', async () => {
    const model = await modelOf(['dog', 'cat', 'unicorn']);
    const scores = await score({ truth: 'target' }, { model });
    // The first was explained as a dog, the second as a cat, the third as what no mask knows.
    expect(scores.metrics['rma']!.values).toEqual([0.5, null, null]);
    expect(scores.notes).toEqual({ rma: { measured: 1, 'class-absent': 1, 'no-such-class': 1 } });
    await expect(score({ truth: 'target' })).rejects.toThrow('names of the classes explained');
  });

  it('the class of the image, where it has one', async () => {
    const scores = await score({ truth: 'label' });
    expect(scores.notes).toEqual({ rma: { 'no-label': 3 } });
    expect(scores.metrics['rma']!.mean).toBeNull();
  });

  it('each object by itself', async () => {
    const scores = await score({ truth: 'objects' }, { data: await data({ indices: 'objects', void: 255 }) });
    expect(scores.items).toEqual([
      'images/both.png#1',
      'images/both.png#2',
      'images/dog.png#2',
      'images/none.png',
    ]);
    expect(scores.metrics['rma']!.values).toEqual([0.5, 0.5, 0, null]);
    expect(scores.groups?.image).toEqual([items[0], items[0], items[1], items[2]]);
    expect(scores.notes).toEqual({ rma: { measured: 3, 'no-objects': 1 } });
  });

  it('nothing, where an image was kept without a mask', async () => {
    const given = await data({ unmasked: 'keep' });
    const files = given.files.filter(({ path }) => path !== 'masks/dog.png');
    const scores = await score({}, { data: { ...given, files } });
    expect(scores.notes).toEqual({ rma: { measured: 1, 'no-mask': 1, 'empty-mask': 1 } });
  });

  it('and says what the masks cannot tell', async () => {
    await expect(score({ truth: 'dgo' })).rejects.toThrow('no class dgo, they know cat, dog, emu');
    await expect(score({ truth: 'objects' })).rejects.toThrow('tell objects apart');
    await expect(score({ truth: 'dog' }, { data: await data({}) })).rejects.toThrow(
      'no more than foreground',
    );
  });

  it('within a margin of the pointing game', async () => {
    const map = Array.from({ length: 16 }, (_, i) => (i === 3 ? 1 : 0));
    const maps = await madeHeatmaps({ items, side, map: () => map });
    const pointing = async (margin: number) =>
      (await score({ metrics: ['pointing'], margin, truth: 'cat' }, { maps })).metrics['pointing']!.values;
    expect(await pointing(0)).toEqual([0, null, null]);
    expect(await pointing(2)).toEqual([1, null, null]);
  });
});

describe('masks of other images', () => {
  it('give every image the mask of another, the same each time', async () => {
    const shuffled = (seed: number) => score({ masks: 'shuffled', shuffle_seed: seed });
    const once = await shuffled(0);
    expect(await shuffled(0)).toEqual(once);
    // One of the three has the empty mask, and it is not its owner.
    const { values } = once.metrics['rma']!;
    expect(values[2]).not.toBeNull();
    expect(values.filter((value) => value === null)).toHaveLength(1);
    expect(once.items).toEqual(items);
    expect(once.about).toMatchObject({ masks: 'shuffled' });
  });

  it('are told apart by a fact, and are no objects', () => {
    const facts = (control?: string) =>
      localise.facts!({
        options: { masks: 'shuffled' },
        inputs: { heatmaps: { model: 'resnet20', ...(control === undefined ? {} : { control }) } },
      });
    expect(facts()).toEqual({ scores: { model: 'resnet20', control: 'shuffled-masks' } });
    expect(facts('randomised-weights')['scores']).toMatchObject({
      control: 'randomised-weights, shuffled-masks',
    });
    const wrong = localise.check!({ options: { masks: 'shuffled', truth: 'objects' }, inputs: {} });
    expect(wrong?.message).toContain('nothing to compare');
  });

  it('need another image', async () => {
    const maps = await madeHeatmaps({ items: [items[0]!], side, map: () => masks.both });
    const scores = await score({ masks: 'shuffled' }, { maps });
    expect(scores.notes).toEqual({ rma: { 'no-other-image': 1 } });
  });
});
