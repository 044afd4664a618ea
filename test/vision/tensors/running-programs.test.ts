import { describe, expect, it } from 'vitest';
import { runEagerly, startPrograms, tf, type Program } from '../../../vision/tensors/index.ts';
import { useTestBackend } from '../../support/backend.ts';
import { expectNoLeak } from '../../support/leaks.ts';

await useTestBackend();

/** The second are graphs on TensorFlow, and the same as the first elsewhere. */
const ways: Record<string, typeof runEagerly> = {
  eagerly: runEagerly,
  'in the fastest way': (programs, state) => startPrograms(programs, state, { steps: 1000 }),
};

/** Adds the inputs up, and gives the square of the sum; `factor` never changes. */
const accumulate: Program = ({ state, inputs }) => {
  const total = tf.add(state.get('total')!, tf.mul(inputs.get('x')!, state.get('factor')!));
  return { state: new Map([['total', total]]), outputs: new Map([['square', tf.square(total)]]) };
};

/** Puts the sum into the factor's place and the other way round. */
const exchange: Program = ({ state }) => ({
  state: new Map([
    ['total', tf.mul(state.get('factor')!, [1, 1])],
    ['factor', tf.sum(state.get('total')!)],
  ]),
  outputs: new Map(),
});

const startValues = (): Map<string, tf.Tensor> =>
  new Map<string, tf.Tensor>([
    ['total', tf.tensor1d([0, 1])],
    ['factor', tf.scalar(2)],
  ]);

type Running = ReturnType<typeof runEagerly>;

/** Takes a step on the input `x`, and gives the values of an output. */
function take(
  running: Running,
  values: readonly number[],
  { program = 'accumulate', output = 'square' } = {},
): number[] {
  const x = tf.tensor1d([...values]);
  const outputs = running.step(program, new Map([['x', x]]));
  const given = [...outputs.get(output)!.dataSync()];
  tf.dispose([x, ...outputs.values()]);
  return given;
}

describe.each(Object.entries(ways))('programs that run %s', (_way, run) => {
  const begin = (): Running => run({ accumulate, exchange }, startValues());

  it('go on from the state that the step before left', async () => {
    const running = begin();
    expect(take(running, [1, 2])).toEqual([4, 25]);
    expect(take(running, [1, 0])).toEqual([16, 25]);
    const state = await running.read();
    expect([...state.get('total')!]).toEqual([4, 5]);
    expect([...state.get('factor')!]).toEqual([2]);
    running.dispose();
  });

  it('take a value from outside in the place of one of their state', async () => {
    const running = begin();
    const value = Float32Array.of(10, 20);
    running.write('total', value);
    value.fill(-1);
    expect(take(running, [0, 0])).toEqual([100, 400]);
    expect([...(await running.read(['total'])).keys()]).toEqual(['total']);
    expect(() => {
      running.write('other', Float32Array.of(1));
    }).toThrow(/no 'other'/);
    expect(() => running.step('other', new Map())).toThrow(/no program 'other'/);
    running.dispose();
  });

  it('share one state, which each of them reads as a whole before it changes', async () => {
    const running = begin();
    expect(take(running, [1, 2])).toEqual([4, 25]);
    expect(running.step('exchange', new Map()).size).toBe(0);
    expect([...(await running.read(['factor'])).get('factor')!]).toEqual([7]);
    expect(take(running, [1, 0])).toEqual([81, 4]);
    running.dispose();
  });

  it('take inputs of other shapes in between', async () => {
    const running = begin();
    expect(take(running, [1, 2])).toEqual([4, 25]);
    expect(take(running, [5])).toEqual([144, 225]);
    expect(take(running, [0, 0])).toEqual([144, 225]);
    expect([...(await running.read()).get('total')!]).toEqual([12, 15]);
    running.dispose();
  });

  it('give an input or a state as it is, twice the same, and need not read what they are given', () => {
    const echo: Program = ({ state, inputs }) => {
      const [x, total] = [inputs.get('x')!, state.get('total')!];
      return {
        state: new Map([['factor', tf.sum(total)]]),
        outputs: new Map([
          ['x', tf.clone(x)],
          ['total', tf.clone(total)],
          ['again', tf.clone(total)],
        ]),
      };
    };
    const running = run({ echo }, startValues());
    expect(take(running, [7], { program: 'echo', output: 'x' })).toEqual([7]);
    expect(take(running, [7], { program: 'echo', output: 'total' })).toEqual([0, 1]);
    expect(take(running, [7], { program: 'echo', output: 'again' })).toEqual([0, 1]);
    running.dispose();
  });

  it('hold as many tensors after a thousand steps as after one', async () => {
    await expectNoLeak(() => {
      const running = begin();
      take(running, [0.5, 0.25]);
      const before = tf.memory().numTensors;
      for (let step = 0; step < 1000; step += 1) take(running, [0.5, 0.25]);
      expect(tf.memory().numTensors).toBe(before);
      running.dispose();
    });
  });
});
