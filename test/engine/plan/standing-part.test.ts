import { describe, expect, it } from 'vitest';
import { standingPart } from '../../../engine/plan/standing-part.ts';
import type { PartTask } from '../../../engine/plan/standing-part.ts';
import type { TaskId } from '../../../engine/plan/plan.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import { registry } from '../../../cli/registry.ts';
import { loadStudy } from '../../../engine/study/load-study.ts';
import { repositoryRoot } from '../../support/shared.ts';

const loaded = await loadStudy({
  file: `${repositoryRoot}/workflows/quickstart.yaml`,
  registry,
  params: new Map(),
  dataRoots: new Map(),
  smoke: false,
});
if (loaded.kind === 'invalid') throw new Error('the quickstart does not load');
const { plan } = loaded;

function partOf(stands: (task: string) => boolean | 'unusable'): ReadonlyMap<TaskId, PartTask> {
  return standingPart({ plan, registry, wanted: [taskId('report')], stands });
}

function itemsOf(part: PartTask | undefined, input: string): readonly string[] {
  const found = part?.task.inputs[input];
  return found?.kind === 'gathered' ? found.items.map(({ from }) => from) : [];
}

describe('what can be made of a report before its study is done', () => {
  it('is what stands, and what can be made of that in turn, producers first', () => {
    const part = partOf((task) => task.startsWith('accuracy@') && task.endsWith('pool=0'));
    expect([...part.keys()]).toEqual(['sweet_spots', 'report']);
    const report = part.get(taskId('report'));
    expect(itemsOf(report, 'scores')).toEqual(['accuracy@seed=0,pool=0', 'accuracy@seed=1,pool=0']);
    expect(itemsOf(report, 'tables')).toEqual(['sweet_spots']);
    const absent = report?.absent['scores'] ?? [];
    const whole = plan.tasks.get(taskId('report'))?.inputs['scores'];
    expect(absent.length + 2).toBe(whole?.kind === 'gathered' ? whole.items.length : 0);
    expect(absent[0]).toMatchObject({
      task: 'accuracy@seed=0,pool=1',
      name: 'accuracy',
      kind: 'evaluate',
      coordinates: { seed: 0, pool: 1 },
      facts: { model: 'resnet20', sparsity: 0.2 },
    });
  });

  it('is nothing while nothing stands that it must have', () => {
    expect(partOf(() => false).size).toBe(0);
    expect(partOf((task) => task.startsWith('heatmaps@')).size).toBe(0);
  });

  it('does without what cannot be used', () => {
    const part = partOf((task) => (task === 'sweet_spots' ? 'unusable' : task.startsWith('accuracy@')));
    expect([...part.keys()]).toEqual(['report']);
    expect(itemsOf(part.get(taskId('report')), 'tables')).toEqual([]);
    expect(part.get(taskId('report'))?.absent['tables']).toMatchObject([{ task: 'sweet_spots' }]);
  });

  it('is nothing to make once the report stands', () => {
    expect(partOf(() => true).size).toBe(0);
  });
});
