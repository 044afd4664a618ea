import { encode } from 'fast-png';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import type { Facts } from '../../../engine/contract/scalar.ts';
import type { InputArtifact, InputData } from '../../../engine/contract/task-context.ts';
import { localise } from '../../../tasks/localise/index.ts';
import { readSweetSpots } from '../../../tasks/sweet-spots/read-sweet-spots.ts';
import { sweetSpots } from '../../../tasks/sweet-spots/index.ts';
import { randomFrom } from '../../../vision/random/random.ts';
import { dataFolder } from '../data/data-folder.ts';
import { madeHeatmaps } from '../localise/made-heatmaps.ts';
import { runKind } from '../support/run-kind.ts';

/*
 * Maps whose reasons are known. Each image shows a square somewhere; "sparsity" makes every map below rise on the object,
 * so that all have a sweet spot. Whether the gain means anything is for the controls to tell.
 */
const { file, input } = dataFolder();
const side = 16;
const images = Array.from({ length: 24 }, (_, i) => `images/${String(i).padStart(2, '0')}.png`);

interface Square {
  readonly x: number;
  readonly y: number;
}

/** Mostly near the middle, as photographed objects are. */
function square(image: number): Square {
  const random = randomFrom(image, 1);
  return { x: 2 + random.integer(7), y: 2 + random.integer(7) };
}

function isInside(image: number, i: number): boolean {
  const { x, y } = square(image);
  const [column, row] = [i % side, Math.floor(i / side)];
  return column >= x && column < x + 5 && row >= y && row < y + 5;
}

function pixels(value: (i: number) => number): readonly number[] {
  return Array.from({ length: side * side }, (_, i) => value(i));
}

/** How a map comes about: from the model's weights or not, more of it on the object where the model is sparse. */
type Explanation = (
  image: number,
  model: { readonly sparse: boolean; readonly learned: boolean },
) => readonly number[];

/** What the model learned is where the objects are; without it there is noise. */
const followsTheModel: Explanation = (image, { sparse, learned }) => {
  const random = randomFrom(image, learned ? 2 : 3, Number(sparse));
  return pixels((i) => random.uniform() + (learned && isInside(image, i) ? (sparse ? 4 : 2) : 0));
};

/** Edges of the image, which lie on the object whatever the weights are; fewer weights blur less. */
const detectsEdges: Explanation = (image, { sparse }) => {
  const random = randomFrom(image, 4);
  return pixels((i) => random.uniform() + (isInside(image, i) ? (sparse ? 4 : 2) : 0));
};

/** The middle, which is where objects are; more so where the model is sparse. Not without learning. */
const looksAtTheMiddle: Explanation = (image, { sparse, learned }) => {
  const random = randomFrom(image, 5, Number(learned));
  const width = sparse ? 3 : 6;
  return pixels((i) => {
    const distance = Math.hypot((i % side) - 7.5, Math.floor(i / side) - 7.5);
    return random.uniform() * 0.1 + (learned ? Math.exp(-((distance / width) ** 2)) : 0);
  });
};

describe('controls on maps of known reasons', () => {
  let data: InputData;
  beforeEach(async () => {
    for (const [image, path] of images.entries()) {
      const size = { width: side, height: side };
      await file(path, encode({ ...size, channels: 3, data: new Uint8Array(side * side * 3) }));
      const mask = Uint8Array.from(pixels((i) => Number(isInside(image, i))));
      await file(path.replace('images', 'masks'), encode({ ...size, channels: 1, data: mask }));
    }
    data = await input('image-masks', {});
  });

  async function scored(
    explain: Explanation,
    learned: boolean,
    options: JsonObject = {},
  ): Promise<InputArtifact[]> {
    const made: InputArtifact[] = [];
    for (const pool of [0, 1]) {
      const facts: Facts = { sparsity: pool / 2, ...(learned ? {} : { control: 'randomised-weights' }) };
      const model = { sparse: pool === 1, learned };
      const heatmaps = await madeHeatmaps({
        items: images,
        side,
        map: (image) => explain(image, model),
        facts,
      });
      const { outputs } = await runKind({
        kind: localise,
        options: { metrics: ['rma'], ...options },
        artifacts: { heatmaps },
        data: { data },
      });
      made.push({ ...outputs['scores']!, coordinates: { pool } });
    }
    return made;
  }

  /** The verdicts of the two controls on the gain at half the weights. */
  async function verdicts(explain: Explanation): Promise<{ readonly [control: string]: string }> {
    const scores = await scored(explain, true);
    const controls = [
      ...(await scored(explain, false)),
      ...(await scored(explain, true, { masks: 'shuffled' })),
    ];
    const { outputs } = await runKind({ kind: sweetSpots, gathered: { scores, controls } });
    const { outcome } = (await readSweetSpots(outputs['table']!.dir))!.decisions[0]!;
    const point = outcome.kind === 'decided' ? outcome.points[1] : undefined;
    expect(point?.verdict).toBe('sweet-spot');
    return Object.fromEntries(point!.controls.map(({ control, verdict }) => [control, verdict]));
  }

  it.each([
    ['follows the model', followsTheModel, { 'randomised-weights': 'passed', 'shuffled-masks': 'passed' }],
    ['detects edges', detectsEdges, { 'randomised-weights': 'failed', 'shuffled-masks': 'passed' }],
    ['looks at the middle', looksAtTheMiddle, { 'randomised-weights': 'passed', 'shuffled-masks': 'failed' }],
  ])('a map that %s', async (_, explain, expected) => {
    expect(await verdicts(explain)).toEqual(expected);
  });
});
