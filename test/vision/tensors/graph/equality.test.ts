import { beforeAll, describe, expect, it } from 'vitest';
import { runAsGraphs } from '../../../../vision/tensors/graph/run-as-graphs.ts';
import {
  availableBackends,
  batchNormTrain,
  conv2d,
  linear,
  globalAveragePool,
  maxPool,
  relu,
  runEagerly,
  softmaxCrossEntropy,
  startBackend,
  tf,
  type Program,
} from '../../../../vision/tensors/index.ts';
import { relativeError, seeded } from '../../../support/numeric-gradient.ts';

const tensorflow = availableBackends().some((entry) => entry.backend === 'tensorflow' && entry.available);

/** Gradient descent on a convolution, norms, pools and a linear layer. */
const descend: Program = ({ state, inputs }) => {
  const updates = new Map<string, tf.Tensor>();
  const loss = (kernel: tf.Tensor, weight: tf.Tensor): tf.Scalar => {
    const map = conv2d(inputs.get('images')!, kernel, { stride: 2, padding: 1 });
    const [mean, variance] = [state.get('mean')!, state.get('variance')!];
    const [scale, offset] = [state.get('scale')!, state.get('offset')!];
    const norm = batchNormTrain(map, { scale, offset, mean, variance, epsilon: 1e-5, momentum: 0.1 });
    updates.set('mean', tf.keep(norm.mean)).set('variance', tf.keep(norm.variance));
    const features = globalAveragePool(maxPool(relu(norm.y), { size: 3, stride: 2, padding: 1 }));
    return softmaxCrossEntropy(linear(features, weight), inputs.get('labels')!, { labelSmoothing: 0.1 });
  };
  const { value, grads } = tf.valueAndGrads(loss)([state.get('kernel')!, state.get('weight')!]);
  const rate = inputs.get('rate')!;
  const next = ['kernel', 'weight'].map((name, index): [string, tf.Tensor] => [
    name,
    tf.sub(state.get(name)!, tf.mul(grads[index]!, rate)),
  ]);
  return { state: new Map([...next, ...updates]), outputs: new Map([['loss', value]]) };
};

const startValues = (): Map<string, tf.Tensor> =>
  new Map<string, tf.Tensor>([
    ['kernel', seeded([3, 3, 3, 8], 1)],
    ['scale', tf.ones([8])],
    ['offset', tf.zeros([8])],
    ['mean', tf.zeros([8])],
    ['variance', tf.ones([8])],
    ['weight', seeded([8, 5], 2)],
  ]);

type Running = ReturnType<typeof runEagerly>;

function lossOf(running: Running, batch: number, step: number): number {
  const inputs = new Map<string, tf.Tensor>([
    ['images', seeded([batch, 16, 16, 3], 100 + step)],
    [
      'labels',
      tf.tensor1d(
        Array.from({ length: batch }, (_, index) => index % 5),
        'int32',
      ),
    ],
    ['rate', tf.scalar(0.1)],
  ]);
  const loss = running.step('descend', inputs).get('loss')!;
  const [value] = loss.dataSync();
  tf.dispose([loss, ...inputs.values()]);
  return value!;
}

/** The state's values one after the other, in the order of names. */
async function stateOf(running: Running): Promise<Float32Array> {
  const state = await running.read();
  return Float32Array.from([...state.keys()].sort().flatMap((name) => [...state.get(name)!]));
}

// A full batch, and a short one now and then.
const batches = [6, 6, 2, 6, 2, 6];

describe.runIf(tensorflow)('training as a graph', () => {
  beforeAll(async () => {
    await startBackend({ backend: 'tensorflow', threads: 2 });
  });

  it('gives what the same kernels give one by one, to rounding', async () => {
    const [graph, eager] = [runAsGraphs, runEagerly].map((run) => run({ descend }, startValues()));
    for (const [step, batch] of batches.entries())
      expect(lossOf(graph!, batch, step)).toBeCloseTo(lossOf(eager!, batch, step), 5);
    expect(relativeError(await stateOf(graph!), await stateOf(eager!))).toBeLessThan(1e-5);
    graph!.dispose();
    eager!.dispose();
  });

  // TensorFlow shares the memory of arrays at multiples of 64 bytes, and of arrays only: one of these is such a one.
  it.each([0, 16, 32, 48])(
    'lets go of what is fed, whatever becomes of its array %i bytes in',
    async (offset) => {
      const keep: Program = ({ inputs }) => ({
        state: new Map([['kept', tf.reshape(inputs.get('x')!, [2])]]),
        outputs: new Map(),
      });
      const running = runAsGraphs({ keep }, new Map([['kept', tf.zeros([2])]]));
      const kept = async (): Promise<number[]> => [...(await running.read()).get('kept')!];
      const values = new Float32Array(new ArrayBuffer(64), offset, 2);
      const x = tf.tensor2d(values.fill(1), [1, 2]);
      running.step('keep', new Map([['x', x]]));
      x.dispose();
      values.fill(-1);
      expect(await kept()).toEqual([1, 1]);
      running.write('kept', values.fill(2));
      values.fill(-1);
      expect(await kept()).toEqual([2, 2]);
      running.dispose();
    },
  );

  it('takes constants of all types and shapes along', async () => {
    const constants = (): tf.Tensor[] => [
      ...[tf.ones([60, 70]), tf.zeros([2, 3]), tf.scalar(-1.5), tf.tensor1d([1, 2, 1]), tf.tensor1d([])],
      ...[
        tf.fill([9], -7, 'int32'),
        tf.tensor1d([4, -5], 'int32'),
        tf.ones([3], 'bool'),
        tf.zeros([3], 'bool'),
      ],
      ...[tf.tensor1d([NaN, NaN]), tf.tensor1d([0, -0])],
    ];
    const give: Program = () => ({
      state: new Map(),
      outputs: new Map(constants().map((tensor, index) => [String(index), tensor])),
    });
    const running = runAsGraphs({ give }, new Map());
    const outputs = [...running.step('give', new Map()).values()];
    for (const [index, expected] of constants().entries()) {
      const actual = outputs[index]!;
      expect([actual.dtype, actual.shape]).toEqual([expected.dtype, expected.shape]);
      expect(await actual.data()).toEqual(await expected.data());
    }
    running.dispose();
  });

  it('gives the same bytes each time, and when it goes on from a state that was read', async () => {
    const straight = runAsGraphs({ descend }, startValues());
    const losses = batches.map((batch, step) => lossOf(straight, batch, step));
    for (const stop of [1, 3, 4]) {
      const before = runAsGraphs({ descend }, startValues());
      for (let step = 0; step < stop; step += 1)
        expect(lossOf(before, batches[step]!, step)).toBe(losses[step]);
      const state = await before.read();
      before.dispose();
      const after = runAsGraphs({ descend }, startValues());
      for (const [name, value] of state) after.write(name, value);
      for (let step = stop; step < batches.length; step += 1)
        expect(lossOf(after, batches[step]!, step)).toBe(losses[step]);
      expect(await stateOf(after)).toEqual(await stateOf(straight));
      after.dispose();
    }
    straight.dispose();
  });
});
