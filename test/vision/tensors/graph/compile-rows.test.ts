import { beforeAll, describe, expect, it } from 'vitest';
import { availableBackends, compileRows, startBackend, tf } from '../../../../vision/tensors/index.ts';
import { expectNoLeak } from '../../../support/leaks.ts';

const tensorflow = availableBackends().some((entry) => entry.backend === 'tensorflow' && entry.available);
const request = { shape: [2, 3], runs: 100 };

describe.runIf(tensorflow)('a function compiled as a graph', () => {
  beforeAll(async () => {
    await startBackend({ backend: 'tensorflow', threads: 1 });
  });

  it('computes what does not depend on its input once, and holds it', async () => {
    await expectNoLeak(() => {
      const weight = tf.tensor2d([1, 2, 3], [1, 3]);
      let bodies = 0;
      const compiled = compileRows((input) => {
        bodies += 1;
        // Reading what is the same each time is fine.
        const largest = tf.max(weight).dataSync()[0]!;
        return tf.add(tf.mul(input, tf.div(weight, largest)), tf.range(0, 3));
      }, request);
      weight.dispose();
      for (const row of [0, 1]) {
        const input = tf.fill([2, 3], 3 * row);
        const result = compiled.run(input);
        expect([...result.dataSync()]).toEqual([
          row,
          1 + 2 * row,
          2 + 3 * row,
          row,
          1 + 2 * row,
          2 + 3 * row,
        ]);
        tf.dispose([input, result]);
      }
      expect(bodies).toBe(1);
      compiled.dispose();
    });
  });

  it('takes fewer rows, not more', () => {
    const compiled = compileRows((input) => tf.mul(input, 2), request);
    const result = compiled.run(tf.tensor2d([1, 2, 3], [1, 3]));
    expect(result.shape).toEqual([1, 3]);
    expect([...result.dataSync()]).toEqual([2, 4, 6]);
    expect(() => compiled.run(tf.ones([3, 3]))).toThrow(/up to 2 rows was called with 3/);
    compiled.dispose();
  });

  it('may give what does not depend on its input at all', () => {
    const compiled = compileRows(() => tf.tensor2d([1, 2], [2, 1]), request);
    expect([...compiled.run(tf.ones([2, 3])).dataSync()]).toEqual([1, 2]);
    compiled.dispose();
  });

  it('refuses to read values that depend on its input, and leaves nothing behind', async () => {
    await expectNoLeak(() => {
      const weight = tf.ones([3]);
      expect(() =>
        compileRows((input) => tf.mul(input, tf.sum(tf.mul(input, weight)).dataSync()[0]!), request),
      ).toThrow(/reads values/);
      weight.dispose();
    });
  });
});
