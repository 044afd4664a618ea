import { describe, expect, it } from 'vitest';
import { criticalPathLengths } from '../../../engine/plan/graph.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import { designStudy } from '../support/design-study.ts';
import { plan } from '../support/diagnose.ts';

describe('the graph of a plan', () => {
  it('has every task after all that it waits for', async () => {
    const planned = await plan(designStudy);
    const position = new Map(planned.graph.topologicalOrder().map((id, index) => [id, index]));
    expect(position.size).toBe(planned.tasks.size);
    for (const [from, to] of planned.graph.edges()) {
      expect(position.get(from)!).toBeLessThan(position.get(to)!);
    }
  });

  it('knows the dearest chain from each task to the end', async () => {
    const lengths = criticalPathLengths(await plan(designStudy), (task) => (task.kind === 'train' ? 10 : 1));
    expect(lengths.get(taskId('report'))).toBe(1);
    expect(lengths.get(taskId('heatmaps@seed=0,method=grad-cam,pool=6'))).toBe(3);
    expect(lengths.get(taskId('dense@seed=0'))).toBe(10 + 6 * 11 + 3);
  });
});
