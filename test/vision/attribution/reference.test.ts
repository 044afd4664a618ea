import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scaleToUnit, weightedSums } from '../../../vision/attribution/class-activation.ts';
import type { Differentiable } from '../../../vision/attribution/differentiable.ts';
import { channelsFirst, type ImageBatch } from '../../../vision/attribution/image-batch.ts';
import type { Attribution } from '../../../vision/attribution/method.ts';
import { attributionMethodNamed } from '../../../vision/attribution/methods.ts';
import { networkGradients } from '../../../vision/attribution/network-gradients.ts';
import { alongPath } from '../../../vision/attribution/path-integral.ts';
import { quadrature, type QuadratureRule } from '../../../vision/attribution/quadrature.ts';
import { resizeBilinear, resizeNearest } from '../../../vision/attribution/resize-map.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { disposeState } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referencePath, referenceTensors } from '../../support/reference-case.ts';
import { relativeError } from '../../support/reference-network.ts';
import { channelsLast, referenceNetwork, referenceShapes } from './reference-resnet.ts';
import type { ReferenceNetwork } from './reference-resnet.ts';

interface Case {
  readonly ig: { readonly [run: string]: { readonly convergence_delta: readonly number[] } };
}

/** What a reference value of a ResNet is compared with. */
interface Compared {
  readonly key: RegExp;
  readonly tolerance: number;
  readonly found: (seen: Seen, match: readonly string[]) => Promise<ArrayLike<number>>;
}

interface Seen {
  readonly images: ImageBatch;
  readonly targets: Int32Array;
  readonly network: Differentiable;
  readonly baseline: Float32Array<ArrayBuffer>;
  readonly noise: readonly Float32Array[];
  readonly explain: (method: string, options?: Attribute, stage?: string) => Promise<Attribution>;
}
type Attribute = Readonly<Record<string, unknown>>;

const maps =
  (method: string, options: Attribute = {}): Compared['found'] =>
  async ({ explain }, [, stage]) =>
    (await explain(method, options, stage)).maps;

/** Every expected value of a case has its line here. */
const compared: readonly Compared[] = [
  {
    key: /^logits$/,
    tolerance: 1e-5,
    found: async ({ network, images }) => (await network.logits(images)).data,
  },
  { key: /^saliency_abs$/, tolerance: 1e-4, found: maps('saliency') },
  { key: /^saliency_signed$/, tolerance: 1e-4, found: maps('saliency', { absolute: false }) },
  { key: /^input_x_gradient$/, tolerance: 1e-4, found: maps('input-x-gradient') },
  { key: /^guided_backprop$/, tolerance: 1e-5, found: maps('guided-backprop') },
  { key: /^guided_gradcam\/(.*)$/, tolerance: 1e-5, found: maps('guided-grad-cam') },
  { key: /^pytorch_grad_cam\/(layer4)_last$/, tolerance: 1e-5, found: maps('grad-cam') },
  { key: /^pytorch_grad_cam\/layer3_and_4$/, tolerance: 1e-5, found: meanOfTwoLayers },
  {
    key: /^layer_gradcam\/(.*)$/,
    tolerance: 1e-5,
    found: (seen, [, stage]) => camOf(seen, stage!, (plane) => plane.data),
  },
  {
    key: /^layer_gradcam_relu\/(.*)$/,
    tolerance: 1e-5,
    found: (seen, [, stage]) => camOf(seen, stage!, (plane) => plane.data.map(positive)),
  },
  {
    key: /^layer_gradcam_relu_up_nearest\/(.*)$/,
    tolerance: 1e-5,
    found: (seen, [, stage]) =>
      camOf(seen, stage!, (plane) =>
        resizeNearest({ ...plane, data: plane.data.map(positive) }, seen.images),
      ),
  },
  {
    key: /^layer_gradcam_relu_up_bilinear\/(.*)$/,
    tolerance: 1e-5,
    found: (seen, [, stage]) =>
      camOf(seen, stage!, (plane) =>
        resizeBilinear({ ...plane, data: plane.data.map(positive) }, seen.images),
      ),
  },
  {
    key: /^ig\/baseline_custom\/(\d+)$/,
    tolerance: 1e-5,
    found: async ({ explain, baseline }, [, steps]) =>
      (await explain('integrated-gradients', { steps: Number(steps), baseline })).maps,
  },
  {
    key: /^ig\/(\w+)\/(\d+)$/,
    tolerance: 1e-5,
    found: async ({ explain }, [, rule, steps]) =>
      (await explain('integrated-gradients', { steps: Number(steps), rule })).maps,
  },
  { key: /^ig_smoothgrad\/fixed_noise_(\d+)$/, tolerance: 1e-5, found: overGivenNoise },
  { key: /^lrp$/, tolerance: 2e-3, found: maps('lrp', { relevance_rule: 'captum' }) },
];

describe.each(referenceShapes)('attribution of the reference $name', ({ name, shape, classes }) => {
  const file = `attribution/${name}.safetensors`;
  const isHere = referencePath(file) !== undefined;
  let reference: ReferenceNetwork;
  let seen: Seen;

  beforeAll(async () => {
    await useTestBackend();
    if (!isHere) return;
    reference = referenceNetwork(file, shape, classes);
    seen = seenBy(reference);
  });
  afterAll(() => {
    if (isHere) disposeState(reference.state);
  });

  const keys = isHere
    ? [...referenceTensors(file).keys()].flatMap((key) =>
        key.startsWith('expect/') ? [key.slice('expect/'.length)] : [],
      )
    : [];

  it.each(keys)('%s', { timeout: 300_000 }, async (key) => {
    const line = compared.find((each) => each.key.test(key));
    if (line === undefined) throw new Error(`nothing is compared with ${key}`);
    const found = await line.found(seen, line.key.exec(key)!);
    expect(relativeError(found, floats(reference.tensors, `expect/${key}`))).toBeLessThan(line.tolerance);
  });

  const { ig } = isHere ? (referenceJson(`attribution/${name}.json`) as Case) : { ig: {} };
  it.each(Object.entries(ig))(
    'misses by %s what the reference misses',
    { timeout: 300_000 },
    async (run, expected) => {
      const [rule, steps] = run.split('/') as [string, string];
      const { convergenceDelta } = await seen.explain('integrated-gradients', { rule, steps: Number(steps) });
      expected.convergence_delta.forEach((delta, image) => {
        expect(convergenceDelta![image]).toBeCloseTo(delta, 5);
      });
    },
  );

  it.runIf(isHere)('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await seen.explain('guided-grad-cam');
    await seen.explain('integrated-gradients', { steps: 3 });
    await seen.explain('lrp');
    expect(tf.memory().numTensors).toBe(before);
  });
});

function seenBy(reference: ReferenceNetwork): Seen {
  const { tensors } = reference;
  const input = tensors.get('input')!;
  const [count = 0, , height = 0, width = 0] = input.shape;
  const images = { count, height, width, data: channelsLast(input) };
  const targets = Int32Array.from(tensors.get('target')!.data, Number);
  // Small enough that paths are walked in stretches and images go one by one.
  const gradients = (stage: string): Differentiable =>
    networkGradients({ ...reference, cam: { stage }, memoryBytes: 2 ** 24 });
  return {
    ...{ images, targets, network: gradients('layer4') },
    baseline: channelsLast(tensors.get('ig_custom_baseline')!),
    noise: ['noise1', 'noise2'].map((key) => channelsLast(tensors.get(key)!)),
    explain: (name, options = {}, stage = 'layer4') => {
      const method = attributionMethodNamed(name)!;
      const defaults = Object.entries(method.options).map(([key, schema]) => [key, schema.default] as const);
      return method.explain({
        ...{ images, targets, network: gradients(stage), keys: [0, 1, 2] },
        options: { ...Object.fromEntries(defaults), ...options },
      });
    },
  };
}

type Plane = ReturnType<typeof weightedSums>[number];

const positive = (value: number): number => Math.max(0, value);

async function camOf(
  { network, images, targets }: Seen,
  stage: string,
  map: (plane: Plane) => Float64Array,
): Promise<number[]> {
  const gradients = await network.stageGradients({ images, targets, stage });
  return weightedSums(gradients, images.count).flatMap((plane) => [...map(plane)]);
}

/** The `pytorch-grad-cam` package on two layers: each scaled and resized, then the mean, scaled again. */
async function meanOfTwoLayers(seen: Seen): Promise<number[]> {
  const size = seen.images.height * seen.images.width;
  const scaled = (plane: Plane): Float64Array =>
    resizeBilinear({ ...plane, data: scaleToUnit(plane.data.map(positive)) }, seen.images);
  const [third, fourth] = [await camOf(seen, 'layer3', scaled), await camOf(seen, 'layer4', scaled)];
  return Array.from({ length: seen.images.count }, (_, image) => {
    const at = image * size;
    return [
      ...scaleToUnit(Float64Array.from({ length: size }, (__, i) => (third[at + i]! + fourth[at + i]!) / 2)),
    ];
  }).flat();
}

/** The authors' integrated gradients, with the noise that the reference drew. */
async function overGivenNoise(
  { network, images, targets, noise }: Seen,
  [, steps]: readonly string[],
): Promise<ArrayLike<number>> {
  const nodes = quadrature('gausslegendre' satisfies QuadratureRule, Number(steps));
  const copies = await Promise.all(
    noise.map(async (values) => {
      const noisy = { ...images, data: images.data.map((value, i) => value + values[i]!) };
      const atImage = await network.logits(noisy);
      const { data } = await alongPath({ network, images: noisy, targets, nodes, from: 0, atImage });
      return channelsFirst({ ...images, data });
    }),
  );
  return copies[0]!.map((value, i) => (value + copies[1]![i]!) / 2);
}
