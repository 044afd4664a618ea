import { describe, expect, it } from 'vitest';
import { readImport } from '../../../tasks/import/imported-checkpoint.ts';
import type { ImportOptions } from '../../../tasks/import/options.ts';
import { describedModel } from '../../../vision/models/catalogue.ts';
import type { ModelConfig } from '../../../vision/models/model-entry.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import {
  float32Tensor,
  toFloat32,
  type RawTensor,
  type RawTensors,
} from '../../../vision/weights/raw-tensor.ts';
import { floats, referenceTensors } from '../../support/reference-case.ts';
import { relativeError } from '../../support/reference-network.ts';
import { bytesInMemory, safetensorsBytes } from '../../support/weights-in-memory.ts';

function fresh(model: string, config: ModelConfig): Map<string, RawTensor> {
  const { layout, initialisation } = describedModel(model)!;
  return new Map(freshState({ entries: layout(config), initialisation, seed: 1 }));
}

async function imported(
  tensors: RawTensors,
  { config = { classes: 3 }, ...given }: Partial<ImportOptions> & { readonly config?: ModelConfig } = {},
) {
  const options = {
    file: '',
    model: 'resnet8',
    classes: 3,
    masks: 'none',
    preprocessing: {},
    ...given,
  } as const;
  const entries = describedModel(options.model)!.layout(config);
  const { classes } = config;
  return await readImport(bytesInMemory(safetensorsBytes(tensors)), { options, entries, classes });
}

async function succeeded(...request: Parameters<typeof imported>) {
  const read = await imported(...request);
  if (read.kind !== 'imported') throw new Error(read.detail);
  return read;
}

/** A weight and its mask, as torch.nn.utils.prune keeps them: the weight itself is not zero where it is masked. */
function masked(tensors: Map<string, RawTensor>, name: string, every: number): void {
  const tensor = tensors.get(name)!;
  const mask = toFloat32(tensor).map((_, index) => (index % every === 0 ? 0 : 1));
  tensors.delete(name);
  tensors.set(`${name}_orig`, float32Tensor(tensor.shape, toFloat32(tensor).fill(7)));
  tensors.set(`${name}_mask`, float32Tensor(tensor.shape, mask));
}

const zeros = (values: Iterable<number>): number => [...values].filter((value) => value === 0).length;

describe('masks of an imported checkpoint', () => {
  it('are those that the file has, and full of all other layers', async () => {
    const tensors = fresh('resnet8', { classes: 3 });
    masked(tensors, 'conv1.weight', 3);
    const { masks, state, unkept } = await succeeded(tensors, { masks: 'file' });
    expect(zeros(masks!.get('conv1.weight')!)).toBe(144);
    expect(zeros(masks!.get('linear.weight')!)).toBe(0);
    expect(masks!.size).toBe(8);
    expect(unkept).toEqual([]);
    const values = toFloat32(await state.get('conv1.weight')!.load());
    expect(values.every((value, index) => value === (index % 3 === 0 ? 0 : 7))).toBe(true);
  });

  it('of what is no prunable weight are zeros, and said', async () => {
    const tensors = fresh('resnet8', { classes: 3 });
    masked(tensors, 'linear.bias', 2);
    const { masks, state, unkept } = await succeeded(tensors, { masks: 'file' });
    expect(unkept).toEqual(['linear.bias']);
    expect(masks!.has('linear.bias')).toBe(false);
    expect([...toFloat32(await state.get('linear.bias')!.load())]).toEqual([0, 7, 0]);
  });

  it('have to be asked for, and to be there', async () => {
    const tensors = fresh('resnet8', { classes: 3 });
    expect(await imported(tensors, { masks: 'file' })).toMatchObject({
      reason: 'mismatch',
      detail: "it has no masks: none of its weights is called '…_orig' with a '…_mask' beside it",
    });
    masked(tensors, 'conv1.weight', 3);
    expect(await imported(tensors)).toMatchObject({
      reason: 'mismatch',
      detail: "it is pruned: 'conv1.weight' has a mask. Say `masks: file` to keep it so",
    });
  });

  it('may be its zeros, of both signs, of prunable weights alone', async () => {
    const tensors = fresh('resnet8', { classes: 3 });
    const { shape } = tensors.get('conv1.weight')!;
    const weight = toFloat32(tensors.get('conv1.weight')!).fill(0, 0, 10).fill(-0, 10, 12);
    tensors.set('conv1.weight', float32Tensor(shape, weight));
    const { masks } = await succeeded(tensors, { masks: 'zeros' });
    expect([...masks!.get('conv1.weight')!.subarray(0, 13)]).toEqual([...Array<number>(12).fill(0), 1]);
    // Fresh biases are zero, too.
    expect([...masks!.keys()].filter((name) => name.endsWith('bias'))).toEqual([]);
    expect((await succeeded(tensors)).masks).toBeUndefined();
  });

  it('reach an in-projection where that has some', async () => {
    const model = 'vit_mini_4';
    const tensors = fresh(model, { classes: 3 });
    const name = 'encoder.layers.encoder_layer_2.self_attention.in_proj_weight';
    const other = 'encoder.layers.encoder_layer_3.self_attention.in_proj_weight';
    const cut = new Map(tensors);
    const values = toFloat32(tensors.get(name)!).fill(0, 5, 9);
    cut.set(name, float32Tensor(tensors.get(name)!.shape, values));
    const byZeros = (await succeeded(cut, { model, masks: 'zeros' })).masks!;
    expect(zeros(byZeros.get(name)!)).toBe(4);
    expect(byZeros.has(other)).toBe(false);
    masked(tensors, name, 2);
    const byFile = (await succeeded(tensors, { model, masks: 'file' })).masks!;
    expect(zeros(byFile.get(name)!)).toBe((3 * 128 * 128) / 2);
    expect(byFile.has(other)).toBe(false);
  });

  it('go with weights under their former names', async () => {
    const tensors = fresh('vit_mini_4', { classes: 3 });
    const name = 'encoder.layers.encoder_layer_0.mlp.0.weight';
    const former = 'encoder.layers.encoder_layer_0.mlp.linear_1.weight';
    tensors.set(former, tensors.get(name)!);
    tensors.delete(name);
    masked(tensors, former, 4);
    const { masks } = await succeeded(tensors, { model: 'vit_mini_4', masks: 'file' });
    expect(zeros(masks!.get(name)!)).toBe((128 * 256) / 4);
  });
});

describe('weights of an imported checkpoint', () => {
  it('become float32, which is said', async () => {
    const tensors = fresh('resnet8', { classes: 3 });
    const bias = {
      dtype: 'F64',
      shape: [3],
      bytes: new Uint8Array(Float64Array.of(1, 2, 0.1).buffer),
    } as const;
    const { state, converted } = await succeeded(new Map([...tensors, ['linear.bias', bias]]));
    expect([...converted]).toEqual([['float64', 1]]);
    expect(await state.get('linear.bias')!.load()).toEqual(float32Tensor([3], Float32Array.of(1, 2, 0.1)));
    expect((await succeeded(tensors)).converted.size).toBe(0);
  });

  it('are floats', async () => {
    const tensors = fresh('resnet8', { classes: 3 });
    tensors.set('linear.bias', { dtype: 'I8', shape: [3], bytes: Uint8Array.of(1, 2, 3) });
    expect(await imported(tensors)).toMatchObject({
      reason: 'mismatch',
      detail: "'linear.bias' holds I8, and weights are floats",
    });
  });

  it('that do not fit are named one by one, up to a bound', async () => {
    const tensors = fresh('resnet8', { classes: 3 });
    tensors.set('linear.weight', float32Tensor([3, 2], new Float32Array(6)));
    tensors.set('linear.bias', float32Tensor([1], new Float32Array(1)));
    tensors.delete('bn1.weight');
    for (let index = 0; index < 20; index += 1)
      tensors.set(`${'long'.repeat(100)}${index}`, float32Tensor([1], new Float32Array(1)));
    const read = await imported(tensors);
    const detail = read.kind === 'imported' ? '' : read.detail;
    expect(detail).toContain(
      "'bn1.weight' is missing; 'linear.weight' has the shape [3, 2], the model's has [3, 64]",
    );
    expect(detail).toContain("'linear.bias' has the shape [1], the model's has [3]");
    expect(detail).toMatch(/; and 15 more$/);
    expect(detail.length).toBeLessThan(1200);
  });

  it('are told to be of other classes, or of another model', async () => {
    const hint = async (...request: Parameters<typeof imported>): Promise<string> => {
      const read = await imported(...request);
      return read.kind === 'imported'
        ? 'fits'
        : (/its names and shapes.*/.exec(read.detail)?.[0] ?? 'no hint');
    };
    const of = 'its names and shapes are those of';
    const ten = fresh('resnet8', { classes: 10 });
    expect(await hint(ten)).toBe(`${of} \`classes: 10\``);
    expect(await hint(ten, { model: 'resnet14' })).toBe(`${of} \`model: resnet8\` with \`classes: 10\``);
    expect(await hint(fresh('resnet14', { classes: 3 }))).toBe(`${of} \`model: resnet14\``);
    ten.set('more', float32Tensor([1], Float32Array.of(1)));
    expect(await hint(ten)).toBe('no hint');
  });
});

describe('position embeddings of an imported checkpoint', () => {
  const model = 'vit_mini_4';
  const name = 'encoder.pos_embedding';

  it('for images of another size are interpolated as the reference does', async () => {
    const reference = referenceTensors('models/vit_pos_embedding_interpolation.safetensors');
    const input = floats(reference, 'input'); // [1, 1 + 4 x 4, 12]
    const expected = floats(reference, 'expect/square_7'); // [1, 1 + 7 x 7, 12]
    const tensors = fresh(model, { classes: 3, inputSide: 16 });
    const wide = new Float32Array(17 * 128);
    for (let token = 0; token < 17; token += 1)
      wide.set(input.subarray(token * 12, token * 12 + 12), token * 128);
    tensors.set(name, float32Tensor([1, 17, 128], wide));
    const { state, interpolated } = await succeeded(tensors, {
      model,
      config: { classes: 3, inputSide: 28 },
    });
    expect(interpolated).toEqual({ from: 4, to: 7 });
    const { shape } = state.get(name)!;
    expect(shape).toEqual([1, 50, 128]);
    const values = toFloat32(await state.get(name)!.load());
    const found = Array.from({ length: 50 }, (_, token) => [
      ...values.subarray(token * 128, token * 128 + 12),
    ]);
    expect(relativeError(found.flat(), expected)).toBeLessThan(1e-6);
  });

  it('for its own size stay as they are', async () => {
    const tensors = fresh(model, { classes: 3 });
    const { state, interpolated } = await succeeded(tensors, { model });
    expect(interpolated).toBeUndefined();
    expect(toFloat32(await state.get(name)!.load())).toEqual(toFloat32(tensors.get(name)!));
  });

  it('of no square, or of another width, are a mismatch', async () => {
    for (const shape of [
      [1, 16, 128],
      [1, 17, 64],
      [2, 17, 128],
      [1, 1, 128],
      [17, 128],
    ]) {
      const tensors = fresh(model, { classes: 3 });
      const size = shape.reduce((product, side) => product * side, 1);
      tensors.set(name, float32Tensor(shape, new Float32Array(size)));
      const read = await imported(tensors, { model });
      expect(read).toMatchObject({ detail: expect.stringContaining(`[${shape.join(', ')}]`) as string });
    }
  });
});
