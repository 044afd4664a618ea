import { beforeAll, describe, expect, it } from 'vitest';
import { runEagerly, tf, type Program } from '../../../vision/tensors/index.ts';
import { useTestBackend } from '../../support/backend.ts';
import { expectNoLeak } from '../../support/leaks.ts';

beforeAll(async () => {
  await useTestBackend();
});

/** Adds the inputs up, and gives the square of the sum; `factor` never changes. */
const accumulate: Program = ({ state, inputs }) => {
  const total = tf.add(state.get('total')!, tf.mul(inputs.get('x')!, state.get('factor')!));
  return { state: new Map([['total', total]]), outputs: new Map([['square', tf.square(total)]]) };
};

const begin = () =>
  runEagerly(
    { accumulate },
    new Map<string, tf.Tensor>([
      ['total', tf.tensor1d([0, 1])],
      ['factor', tf.scalar(2)],
    ]),
  );

function take(running: ReturnType<typeof begin>, values: readonly number[]): number[] {
  const x = tf.tensor1d([...values]);
  const square = running.step('accumulate', new Map([['x', x]])).get('square')!;
  const given = [...square.dataSync()];
  tf.dispose([x, square]);
  return given;
}

describe('a program that runs operation by operation', () => {
  it('goes on from the state that the step before left', async () => {
    const running = begin();
    expect(take(running, [1, 2])).toEqual([4, 25]);
    expect(take(running, [1, 0])).toEqual([16, 25]);
    const state = await running.read();
    expect([...state.get('total')!]).toEqual([4, 5]);
    expect([...state.get('factor')!]).toEqual([2]);
    running.dispose();
  });

  it('takes a value from outside in the place of one of its state', async () => {
    const running = begin();
    running.write('total', Float32Array.of(10, 20));
    expect(take(running, [0, 0])).toEqual([100, 400]);
    expect([...(await running.read(['total'])).keys()]).toEqual(['total']);
    expect(() => running.write('other', Float32Array.of(1))).toThrow(/no 'other'/);
    running.dispose();
  });

  it('holds as many tensors after a thousand steps as after one', async () => {
    await expectNoLeak(() => {
      const running = begin();
      const before = tf.memory().numTensors;
      for (let step = 0; step < 1000; step += 1) take(running, [0.5, 0.25]);
      expect(tf.memory().numTensors).toBe(before);
      running.dispose();
    });
  });
});
