import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { encode } from 'fast-png';
import { digestOf } from '../../../cache/digest.ts';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import type { Coordinates, Facts } from '../../../engine/contract/scalar.ts';
import { oodSets } from '../../../vision/ood/sets.ts';
import { randomFrom } from '../../../vision/random/random.ts';
import type { HumanLevels } from '../../../tasks/readings/scores-file.ts';
import type { Random } from '../../../vision/random/random.ts';

/** How large a study to invent. */
export interface FakeStudy {
  readonly models: readonly string[];
  readonly seeds: readonly number[];
  /** Rounds of pruning after the dense model. */
  readonly rounds: number;
  readonly methods: readonly string[];
  readonly sets: readonly FakeSet[];
  readonly images: number;
  readonly previews: number;
  readonly side: number;
}

export interface FakeSet {
  readonly set: string;
  readonly conditions: readonly string[];
}

export interface FakeArtifacts {
  readonly scores: readonly InputArtifact[];
  readonly previews: readonly InputArtifact[];
  readonly models: readonly InputArtifact[];
}

/** The seventeen sets with their conditions. */
const seventeenSets: readonly FakeSet[] = oodSets.map(({ name, conditions }) => ({
  set: name,
  conditions,
}));

export const paperLike: FakeStudy = {
  models: ['resnet18', 'resnet50'],
  seeds: [0, 1],
  rounds: 12,
  methods: ['integrated-gradients', 'grad-cam', 'guided-grad-cam'],
  sets: seventeenSets,
  images: 160,
  previews: 3,
  side: 96,
};

export const quickstartLike: FakeStudy = {
  models: ['resnet20'],
  seeds: [0, 1],
  rounds: 4,
  methods: ['integrated-gradients', 'grad-cam', 'guided-grad-cam'],
  sets: seventeenSets,
  images: 64,
  previews: 2,
  side: 48,
};

/** Writes the artifacts of an invented study under `dir`: smooth curves with a bump, noise over images and seeds. */
export async function writeFakeStudy(dir: string, study: FakeStudy): Promise<FakeArtifacts> {
  const scores: InputArtifact[] = [];
  const previews: InputArtifact[] = [];
  const models: InputArtifact[] = [];
  const write = (place: PlacedFiles): Promise<InputArtifact> => writeArtifact(dir, place);
  for (const [m, model] of study.models.entries()) {
    models.push(
      await write({
        name: `model-${model}`,
        coordinates: {},
        facts: { model, sparsity: 0 },
        files: modelFiles(model),
      }),
    );
    for (const seed of study.seeds) {
      for (let pool = 0; pool <= study.rounds; pool++) {
        const at = { model, m, seed, pool, sparsity: 1 - 0.8 ** pool };
        for (const scored of scoresOf(study, at)) {
          const coordinates = {
            ...(study.models.length > 1 ? { model } : {}),
            seed,
            ...scored.coordinates,
            pool,
          };
          const facts = { model, sparsity: at.sparsity, ...scored.coordinates };
          scores.push(
            await write({
              name: `${scored.name}-${model}-${seed}-${pool}`,
              coordinates,
              facts,
              files: { 'scores.json': JSON.stringify(scored.file) },
            }),
          );
        }
        for (const method of study.methods) {
          const coordinates = { ...(study.models.length > 1 ? { model } : {}), seed, method, pool };
          const facts = { model, sparsity: at.sparsity, method };
          previews.push(
            await write({
              name: `previews-${method}-${model}-${seed}-${pool}`,
              coordinates,
              facts,
              files: previewFiles(study, at, method),
            }),
          );
        }
      }
    }
  }
  return { scores, previews, models };
}

interface PlacedFiles {
  readonly name: string;
  readonly coordinates: Coordinates;
  readonly facts: Facts;
  readonly files: { readonly [path: string]: string | Uint8Array };
}

async function writeArtifact(
  root: string,
  { name, coordinates, facts, files }: PlacedFiles,
): Promise<InputArtifact> {
  const dir = join(root, name);
  await mkdir(dir, { recursive: true });
  const hash = createHash('sha256');
  for (const [path, content] of Object.entries(files)) {
    hash.update(content);
    await writeFile(join(dir, path), content);
  }
  return { digest: digestOf(hash.digest()), facts, coordinates, dir };
}

interface At {
  readonly model: string;
  /** The model's place in the study: models differ. */
  readonly m: number;
  readonly seed: number;
  readonly pool: number;
  readonly sparsity: number;
}

interface Scored {
  readonly name: string;
  readonly coordinates: Coordinates;
  readonly file: object;
}

function scoresOf(study: FakeStudy, at: At): Scored[] {
  const items = Array.from({ length: study.images }, (_, i) => `img-${String(i).padStart(4, '0')}`);
  const accuracy = 0.82 + at.m * 0.05 - 0.75 * fall(at, 6 + at.m);
  const metric = (
    name: string,
    unit: string,
    values: readonly (number | null)[],
    people?: number,
  ): object => {
    const there = values.filter((value) => value !== null);
    return {
      [name]: {
        unit,
        higherIsBetter: true,
        mean: there.length === 0 ? null : there.reduce((a, b) => a + b, 0) / there.length,
        ...(people === undefined ? {} : { people }),
        values,
      },
    };
  };
  const about = { model: at.model, sparsity: at.sparsity };
  return [
    {
      name: 'accuracy',
      coordinates: {},
      file: {
        format: 1,
        measure: 'accuracy',
        about,
        items,
        metrics: metric('accuracy', 'fraction', hits(items, at, 'top1', accuracy)),
      },
    },
    ...study.methods.map((method, k) => ({
      name: `localise-${method}`,
      coordinates: { method },
      file: {
        format: 1,
        measure: 'localisation',
        about: { ...about, method },
        items,
        metrics: {
          ...metric(
            'rma',
            'fraction',
            shares(
              items,
              at,
              `rma ${method}`,
              0.34 + 0.09 * k + 0.05 * at.m + bump(at, 2 + k + 2 * at.m) - 0.3 * fall(at, 9),
            ),
          ),
          ...metric(
            'rra',
            'fraction',
            shares(
              items,
              at,
              `rra ${method}`,
              0.42 + 0.08 * k + 0.06 * at.m + bump(at, 3 + 2 * at.m) - 0.28 * fall(at, 9),
            ),
          ),
        },
      },
    })),
    {
      name: 'corloc',
      coordinates: {},
      file: {
        format: 1,
        measure: 'corloc',
        about,
        items,
        metrics: {
          ...metric(
            'corloc',
            'percent',
            hits(items, at, 'corloc', 0.38 + 0.05 * at.m + bump(at, 8 - 3 * at.m)).map(
              (value) => value * 100,
            ),
          ),
          ...metric(
            'iou',
            'fraction',
            shares(items, at, 'iou', 0.33 + 0.03 * at.m + bump(at, 8 - 3 * at.m) / 2),
          ),
        },
      },
    },
    ...study.sets.slice(0, 2).map(({ set, conditions }) => ({
      name: `people-${set}`,
      coordinates: { set },
      file: {
        format: 1,
        measure: 'humans',
        about: { ...about, set },
        items,
        metrics: {
          ...metric('error_consistency', 'kappa', shares(items, at, `kappa ${set}`, 0.1 + bump(at, 4)), 0.42),
          ...metric('observed_consistency', 'fraction', shares(items, at, `observed ${set}`, 0.7)),
        },
        people: peopleOn(conditions),
      },
    })),
    ...study.sets.map(({ set, conditions }, k) => ({
      name: `human-${set}`,
      coordinates: { set },
      file: {
        format: 1,
        measure: 'accuracy',
        about: { ...about, set },
        items,
        metrics: {
          ...metric(
            'top1',
            'fraction',
            hits(
              items,
              at,
              set,
              Math.max(0.06, accuracy * (0.4 + 0.035 * ((k * 7) % 17)) + (k % 4 === 0 ? bump(at, 5) : 0)),
              (i) =>
                conditions.length === 0 ? 0 : (0.5 - (i % conditions.length) / conditions.length) * 0.6,
            ),
          ),
          ...(set === 'cue-conflict'
            ? metric('shape_bias', 'fraction', hits(items, at, 'shape bias', 0.3 + bump(at, 3)))
            : {}),
        },
        ...(conditions.length === 0
          ? {}
          : { groups: { condition: items.map((_, i) => conditions[i % conditions.length]) } }),
      },
    })),
  ];
}

/** People give way to strong conditions too. */
function peopleOn(conditions: readonly string[]): HumanLevels {
  return {
    ...{ subjects: 4, accuracy: 0.85, accuracySpread: 0.05 },
    conditions: conditions.map((condition, i) => ({
      condition,
      accuracy: 0.95 - 0.05 * i,
      accuracySpread: 0.05,
    })),
  };
}

function fall(at: At, half: number): number {
  return 1 / (1 + Math.exp(-(at.pool - half) * 0.8));
}

function bump(at: At, centre: number): number {
  return 0.07 * Math.exp(-((at.pool - centre) ** 2) / 4) + 0.009 * at.seed;
}

/** The same image is hard for every model, as in life: paired comparisons gain by it. */
function difficulty(name: string, count: number): readonly number[] {
  const random = randomFrom(hash(name));
  return Array.from({ length: count }, () => random.uniform());
}

function hits(
  items: readonly string[],
  at: At,
  name: string,
  rate: number,
  shift: (i: number) => number = () => 0,
): number[] {
  const hard = difficulty(name, items.length);
  const random = noise(at, name);
  return items.map((_, i) => (hard[i]! * 0.9 + random.uniform() * 0.1 < rate + shift(i) ? 1 : 0));
}

function shares(items: readonly string[], at: At, name: string, rate: number): (number | null)[] {
  const hard = difficulty(name, items.length);
  const random = noise(at, name);
  return items.map((_, i) =>
    i === 3 ? null : Math.min(1, Math.max(0, rate + (hard[i]! - 0.5) * 0.5 + random.normal() * 0.04)),
  );
}

function noise(at: At, name: string): Random {
  return randomFrom(hash(`${at.model} ${at.seed} ${at.pool} ${name}`));
}

function hash(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}

function modelFiles(model: string): { readonly [path: string]: string } {
  const classes = Array.from({ length: 16 }, (_, i) => `class ${i}`);
  return {
    'model.json': JSON.stringify({
      format: 1,
      model,
      classes,
      preprocessing: { crop: 224 },
      config: {},
      trained: { epochs: 90 },
    }),
  };
}

function previewFiles(
  study: FakeStudy,
  at: At,
  method: string,
): { readonly [path: string]: string | Uint8Array } {
  const files: { [path: string]: string | Uint8Array } = {};
  const items = Array.from({ length: study.previews }, (_, i) => {
    const id = `img-${String(i).padStart(4, '0')}`;
    const number = String(i).padStart(3, '0');
    files[`image-${number}.png`] = picture(study.side, i, undefined);
    files[`mask-${number}.png`] = disc(study.side, i);
    files[`overlay-${number}.png`] = picture(study.side, i, {
      focus: 0.5 + bump(at, 3) * 4 - 0.4 * fall(at, 9),
      soft: method !== 'integrated-gradients',
      seed: hash(`${at.pool} ${i} ${method}`),
    });
    return {
      id,
      label: ['dog', 'boat', 'clock'][i % 3],
      target: at.pool > 10 && i === 1 ? 'airplane' : ['dog', 'boat', 'clock'][i % 3],
      predicted: at.pool > 10 && i === 1 ? 'airplane' : ['dog', 'boat', 'clock'][i % 3],
      image: `image-${number}.png`,
      overlay: `overlay-${number}.png`,
      mask: `mask-${number}.png`,
    };
  });
  files['previews.json'] = JSON.stringify({ format: 1, method, model: at.model, items });
  return files;
}

interface Heat {
  readonly focus: number;
  readonly soft: boolean;
  readonly seed: number;
}

/** A disc before a striped ground; with heat, the warmth lies more or less on the disc. */
function picture(side: number, index: number, heat: Heat | undefined): Uint8Array {
  const data = new Uint8Array(side * side * 3);
  const random = randomFrom(heat?.seed ?? index);
  const distanceTo = discOf(side, index);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const distance = distanceTo(x, y);
      const inside = distance < radius;
      const stripe = Math.sin((x + y * (index + 1)) / 5) * 30;
      const base = inside ? [190 - 40 * index, 90 + 50 * index, 60] : [110 + stripe, 130 + stripe, 140];
      const grain = heat === undefined ? 0 : heat.soft ? 0 : random.uniform() * 0.8;
      const warmth =
        heat === undefined
          ? 0
          : Math.min(1, Math.max(0, Math.exp(-((distance / (0.32 / heat.focus)) ** 2)) * (0.9 - grain)));
      const colour = [
        255 * Math.min(1, warmth * 2),
        255 * Math.max(0, 1 - Math.abs(warmth - 0.5) * 2),
        255 * Math.max(0, 0.6 - warmth),
      ];
      const share = heat === undefined ? 0 : 0.55;
      for (let c = 0; c < 3; c++) data[(y * side + x) * 3 + c] = base[c]! * (1 - share) + colour[c]! * share;
    }
  }
  return encode({ width: side, height: side, channels: 3, depth: 8, data });
}

const radius = 0.24;

/** How far a pixel is from the centre of an image's disc, in sides of the image. */
function discOf(side: number, index: number): (x: number, y: number) => number {
  const centre = [side * (0.35 + 0.12 * index), side * (0.6 - 0.1 * index)] as const;
  return (x, y) => Math.hypot(x - centre[0], y - centre[1]) / side;
}

/** The disc's mask. */
function disc(side: number, index: number): Uint8Array {
  const distanceTo = discOf(side, index);
  const data = Uint8Array.from({ length: side * side }, (_, pixel) =>
    distanceTo(pixel % side, Math.floor(pixel / side)) < radius ? 255 : 0,
  );
  return encode({ width: side, height: side, channels: 1, depth: 8, data });
}
