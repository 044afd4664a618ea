import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { floatsOfBits } from '../../../../vision/tensors/graph/bits.ts';
import { nativeBackend } from '../../../../vision/tensors/graph/backend.ts';
import { runAsGraphs } from '../../../../vision/tensors/graph/run-as-graphs.ts';
import { encodeSavedModel } from '../../../../vision/tensors/graph/saved-model.ts';
import {
  availableBackends,
  compileRows,
  startBackend,
  tf,
  type Program,
} from '../../../../vision/tensors/index.ts';
import { expectNoLeak } from '../../../support/leaks.ts';

const tensorflow = availableBackends().some((entry) => entry.backend === 'tensorflow' && entry.available);

/** Numbers whose bits must survive: both zeros, the least and the largest, one that is no number. */
const numbers = [0, -0, 1e-45, -3.4028234663852886e38, Number.NaN, Math.PI];
const expected = [...Float32Array.from(numbers)];

/** Adds up what it is fed, and passes it through. */
const sum: Program = ({ state, inputs }) => ({
  state: new Map([['total', tf.add(state.get('total')!, tf.sum(inputs.get('counts')!))]]),
  outputs: new Map([['fed', tf.reshape(inputs.get('images')!, [3, 2])]]),
});

// As on a GPU, whose kernels are not needed for it: TensorFlow's others read the bits just as well.
describe.runIf(tensorflow)('what is fed to a graph on a GPU', () => {
  beforeAll(async () => {
    await startBackend({ backend: 'tensorflow', threads: 1 });
  });
  beforeEach(() => {
    vi.spyOn(nativeBackend(), 'isUsingGpuDevice', 'get').mockReturnValue(true);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('arrives as it is, in every step', async () => {
    await expectNoLeak(async () => {
      const running = runAsGraphs({ sum }, new Map([['total', tf.zeros([])]]));
      for (const step of [1, 2]) {
        const images = tf.tensor2d(numbers, [2, 3]);
        const counts = tf.tidy(() => tf.cast(tf.fill([4], step, 'int32'), 'float32'));
        const fed = running
          .step(
            'sum',
            new Map<string, tf.Tensor>([
              ['images', images],
              ['counts', counts],
            ]),
          )
          .get('fed')!;
        expect([...fed.dataSync()]).toEqual(expected);
        tf.dispose([images, counts, fed]);
      }
      expect([...(await running.read()).get('total')!]).toEqual([12]);
      running.dispose();
    });
  });

  it('never goes to the device by the binding where it waits in JavaScript', () => {
    const running = runAsGraphs({ sum }, new Map([['total', tf.zeros([])]]));
    const inputs = (): Map<string, tf.Tensor> =>
      new Map<string, tf.Tensor>([
        ['images', tf.tensor2d(numbers, [2, 3])],
        ['counts', tf.tensor1d([1])],
      ]);
    running.step('sum', inputs());
    const backend = nativeBackend();
    const { binding } = backend;
    const createTensor = vi.fn<typeof binding.createTensor>((...of) => binding.createTensor(...of));
    backend.binding = Object.create(binding, { createTensor: { value: createTensor } }) as typeof binding;
    try {
      running.step('sum', inputs());
    } finally {
      backend.binding = binding;
    }
    expect(createTensor.mock.calls.map(([, dtype]) => dtype)).toEqual([binding.TF_INT32, binding.TF_INT32]);
    running.dispose();
  });

  it('is put into memory that the GPU reads well, on the host', () => {
    const [pinned, floats] = floatsOfBits('images', 'images/feed');
    const bytesOf = (node: typeof pinned): Buffer => Buffer.from(encodeSavedModel([node!]));
    expect([bytesOf(pinned), bytesOf(floats)].map((bytes) => bytes.includes('/device:CPU:0'))).toEqual([
      true,
      false,
    ]);
  });

  it('may have been computed there', async () => {
    await expectNoLeak(() => {
      const doubled = compileRows((rows) => tf.mul(rows, 2), { shape: [2, 2], runs: 100 });
      const computed = tf.tidy(() => tf.add(tf.tensor2d([1, 2, 3, 4], [2, 2]), 0.5));
      const result = doubled.run(computed);
      expect([...result.dataSync()]).toEqual([3, 5, 7, 9]);
      tf.dispose([computed, result]);
      doubled.dispose();
    });
  });
});
