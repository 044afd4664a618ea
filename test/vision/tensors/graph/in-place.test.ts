import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorForm } from '../../../../vision/tensors/graph/form.ts';
import { runAsGraphs } from '../../../../vision/tensors/graph/run-as-graphs.ts';
import { recordStep } from '../../../../vision/tensors/graph/step.ts';
import { variable } from '../../../../vision/tensors/graph/variables.ts';
import {
  adamStep,
  availableBackends,
  runEagerly,
  startBackend,
  tf,
  type NamedTensors,
  type Program,
} from '../../../../vision/tensors/index.ts';
import { relativeError, seeded } from '../../../support/numeric-gradient.ts';

const tensorflow = availableBackends().some((entry) => entry.backend === 'tensorflow' && entry.available);

const names = ['parameters', 'mean', 'squares'] as const;
const [size, beta1, beta2] = [1003, 0.9, 0.99];

type Vectors = Parameters<typeof adamStep>[0];

/** A program that takes a step of Adam from vectors, and gives what `give` makes of the result. */
function program(
  from: (state: NamedTensors) => Vectors,
  give: (next: Vectors) => ReturnType<Program> = (next) => ({
    state: new Map(names.map((name) => [name, next[name]])),
    outputs: new Map(),
  }),
): Program {
  return ({ state, inputs }) => {
    const [gradient, rate, epsilon] = ['gradient', 'rate', 'epsilon'].map((name) => inputs.get(name)!);
    const step = { gradient: gradient!, rate: rate!, epsilon: epsilon!, beta1, beta2 };
    return give(adamStep(from(state), step));
  };
}

const asItIs = (state: NamedTensors): Vectors => ({
  parameters: state.get('parameters')!,
  mean: state.get('mean')!,
  squares: state.get('squares')!,
});
const shrunk = (state: NamedTensors): Vectors => ({
  ...asItIs(state),
  parameters: tf.mul(state.get('parameters')!, 0.9),
});

const startValues = (): NamedTensors =>
  new Map<string, tf.Tensor>([
    ['parameters', seeded([size], 1)],
    ['mean', tf.zeros([size])],
    ['squares', tf.zeros([size])],
  ]);

function take(running: ReturnType<typeof runEagerly>, step: number): void {
  const inputs = new Map<string, tf.Tensor>([
    ['gradient', seeded([size], 10 + step)],
    ['rate', tf.scalar(0.1)],
    ['epsilon', tf.scalar(0.01)],
  ]);
  running.step('update', inputs);
  tf.dispose([...inputs.values()]);
}

/** m, s and w after steps of Adam by its definition, in double precision. */
function worked(factor: number, steps: number): Record<(typeof names)[number], number[]> {
  const parameters = [...seeded([size], 1).dataSync()];
  const mean = parameters.map(() => 0);
  const squares = parameters.map(() => 0);
  for (let step = 0; step < steps; step += 1) {
    const gradient = seeded([size], 10 + step).dataSync();
    for (const [index, g] of gradient.entries()) {
      mean[index] = beta1 * mean[index]! + (1 - beta1) * g;
      squares[index] = beta2 * squares[index]! + (1 - beta2) * g * g;
      parameters[index] =
        factor * parameters[index]! - (0.1 * mean[index]) / (Math.sqrt(squares[index]) + 0.01);
    }
  }
  return { parameters, mean, squares };
}

describe.runIf(tensorflow)('Adam where the state lies', () => {
  beforeAll(async () => {
    await startBackend({ backend: 'tensorflow', threads: 1 });
  });

  it.each([
    ['the state as it is', asItIs, 1],
    ['what was made of the parameters', shrunk, 0.9],
  ])(
    'takes the steps of its definition from %s, as operations one by one do',
    async (_what, from, factor) => {
      const expected = worked(factor, 4);
      for (const run of [runAsGraphs, runEagerly]) {
        const running = run({ update: program(from) }, startValues());
        for (let step = 0; step < 4; step += 1) take(running, step);
        const state = await running.read();
        for (const name of names)
          expect(relativeError(state.get(name)!, expected[name]), name).toBeLessThan(1e-5);
        running.dispose();
      }
    },
  );

  it('lets other results have what the state was before', () => {
    const update = program(asItIs);
    const both: Program = (from) => ({
      ...update(from),
      outputs: new Map([['before', tf.clone(from.state.get('parameters')!)]]),
    });
    const running = runAsGraphs({ both }, startValues());
    const inputs = new Map<string, tf.Tensor>([
      ['gradient', tf.ones([size])],
      ['rate', tf.scalar(0.1)],
      ['epsilon', tf.scalar(0.01)],
    ]);
    const before = running.step('both', inputs).get('before')!;
    expect(before.dataSync()).toEqual(seeded([size], 1).dataSync());
    running.dispose();
  });

  // Whether a read is late is a matter of luck: this looks at what the graph says.
  it.each([
    ['the state as it is', asItIs],
    ['what was made of the parameters', shrunk],
  ])('steps from %s when all of the state has been read', (_what, from) => {
    const state = new Map(names.map((name) => [name, variable(name, { shape: [size], dtype: 'float32' })]));
    const inputs = new Map<string, TensorForm>([
      ['gradient', { shape: [size], dtype: 'float32' }],
      ['rate', { shape: [], dtype: 'float32' }],
      ['epsilon', { shape: [], dtype: 'float32' }],
    ]);
    const { nodes } = recordStep({ program: program(from), state, inputs, prefix: 'it/' });
    const handles = [...state.values()].map(({ handle }) => handle);
    const writes = nodes.filter((node) => node.op !== 'ReadVariableOp' && handles.includes(node.inputs[0]!));
    expect(writes.map(({ op }) => op)).toContain('ResourceApplyAdam');
    for (const { inputs: before } of writes) expect(before).toContain('^it/all_read');
    const allRead = nodes.find(({ name }) => name === 'it/all_read')!;
    for (const { read } of state.values()) expect(allRead.inputs).toContain(`^${read}`);
  });

  it('refuses vectors that are not of the state, and results that are to be read', () => {
    const misuses: Record<string, Program> = {
      'are not those of the state': program((state) => ({ ...asItIs(state), mean: tf.zeros([size]) })),
      'and nothing else': program(asItIs, (next) => ({
        state: new Map([
          ['parameters', tf.mul(next.parameters, 2)],
          ['mean', next.mean],
          ['squares', next.squares],
        ]),
        outputs: new Map(),
      })),
    };
    for (const [message, update] of Object.entries(misuses)) {
      const running = runAsGraphs({ update }, startValues());
      expect(() => {
        take(running, 0);
      }).toThrow(message);
      running.dispose();
    }
  });
});
