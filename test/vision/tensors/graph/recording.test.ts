import { beforeAll, describe, expect, it } from 'vitest';
import { typeOf } from '../../../../vision/tensors/graph/form.ts';
import { record, type Source } from '../../../../vision/tensors/graph/record.ts';
import { encodeSavedModel } from '../../../../vision/tensors/graph/saved-model.ts';
import { availableBackends, startBackend, tf, type Program } from '../../../../vision/tensors/index.ts';
import { expectNoLeak } from '../../../support/leaks.ts';

const tensorflow = availableBackends().some((entry) => entry.backend === 'tensorflow' && entry.available);

const x: Source = { shape: [2, 3], dtype: 'float32', node: 'x' };

/** A recording of what `body` makes of a state and an input, both called `x` and of shape [2, 3]. */
function recordingOf(body: (input: tf.Tensor, state: tf.Tensor) => tf.Tensor): ReturnType<typeof record> {
  const program: Program = ({ state, inputs }) => ({
    state: new Map(),
    outputs: new Map([['y', body(inputs.get('x')!, state.get('x')!)]]),
  });
  return record({
    program,
    state: new Map([['x', { ...x, node: 'state' }]]),
    inputs: new Map([['x', x]]),
    prefix: 'p/',
  });
}

describe.runIf(tensorflow)('a recording', () => {
  beforeAll(async () => {
    await startBackend({ backend: 'tensorflow', threads: 1 });
  });

  it('names what each kernel reads, and leaves out what nothing depends on', () => {
    const { nodes, outputs } = recordingOf((input, state) => {
      tf.exp(input);
      return tf.add(tf.mul(input, 2), state);
    });
    expect(nodes.map(({ name, op, inputs }) => [name, op, inputs])).toEqual([
      ['p/Const_1', 'Const', []],
      ['p/Mul_2', 'Mul', ['x', 'p/Const_1']],
      ['p/Add_3', 'Add', ['p/Mul_2', 'state']],
    ]);
    expect(outputs.get('y')).toEqual({ node: 'p/Add_3', form: { shape: [2, 3], dtype: 'float32' } });
    expect(nodes[1]!.attributes['T']).toEqual(typeOf(x));
  });

  it('is the same each time, to the byte', () => {
    const body = (input: tf.Tensor, state: tf.Tensor): tf.Tensor =>
      tf.grad((from: tf.Tensor) => tf.sum(tf.softmax(tf.matMul(from, state, false, true))))(input);
    const [first, second] = [recordingOf(body), recordingOf(body)].map(({ nodes }) =>
      encodeSavedModel(nodes),
    );
    expect(first!.length).toBeGreaterThan(500);
    expect(Buffer.compare(first!, second!)).toBe(0);
  });

  it('leaves no tensors behind, not even kept ones', async () => {
    await expectNoLeak(() => {
      recordingOf((input) => tf.keep(tf.relu(input)));
    });
  });

  it('refuses a program that reads values', () => {
    expect(() => recordingOf((input) => tf.mul(input, tf.max(input).dataSync()[0]!))).toThrow(/reads values/);
  });

  it('refuses tensors from outside, by the kernel that reads them', () => {
    const waiting = tf.tensor1d([1, 2, 3]);
    const used = tf.square(waiting);
    expect(() => recordingOf((input) => tf.add(input, used))).toThrow(/takes input 1 of Add from outside/);
    const fresh = tf.tensor1d([1, 2, 3]);
    expect(() => recordingOf((input) => tf.add(input, fresh))).toThrow(/takes input 1 of Add from outside/);
    expect(() => recordingOf(() => tf.clone(used))).toThrow(/takes the result 'y' from outside/);
    tf.dispose([waiting, used, fresh]);
  });

  it('refuses large constants', () => {
    const values = Float32Array.from({ length: 2 ** 22 + 1 }, (_, index) => index);
    expect(() => recordingOf((input) => tf.add(tf.sum(tf.tensor1d(values)), input))).toThrow(
      /more than 16 MiB/,
    );
  });

  it('leaves the backend as it was, whether it succeeds or not', () => {
    expect(() => recordingOf((input) => tf.scalar(input.dataSync()[0]!))).toThrow();
    expect([...tf.add(tf.tensor1d([1, 2]), 1).dataSync()]).toEqual([2, 3]);
  });
});
