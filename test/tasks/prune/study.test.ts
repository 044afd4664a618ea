import { describe, expect, it } from 'vitest';
import { loadStudy, type LoadedStudy } from '../../../engine/study/load-study.ts';
import { dataAdapters } from '../../../tasks/data/registry.ts';
import { taskKinds } from '../../../tasks/registry.ts';
import { artifactTypes } from '../../../tasks/types/registry.ts';

const load = (cut: string, end: string): Promise<LoadedStudy> =>
  loadStudy({
    file: '/studies/study.yaml',
    text: `study: x
data: { train: { uses: shapes, split: train } }
tasks:
  dense: { uses: train, with: { model: resnet20, data: "\${{ data.train }}" } }
  rounds:
    repeat: { from: "\${{ dense.model }}", to: "\${{ retrain.model }}", ${end} }
    tasks:
      cut: { uses: prune, with: { model: "\${{ previous }}", ${cut} } }
      retrain: { uses: train, with: { model: "\${{ cut.model }}", data: "\${{ data.train }}" } }
`,
    registry: { kinds: taskKinds, types: artifactTypes, adapters: dataAdapters },
    params: new Map(),
    dataRoots: new Map(),
    smoke: false,
  });

describe('a study that prunes', () => {
  it.each([
    ['fraction: 0.2', 11],
    ['method: layer-magnitude, fraction: 0.2', 11],
    ['fraction: 0.2, exclude: [linear]', 11],
    ['method: filter-norm, fraction: 0.5, exclude: [layer1]', 5],
  ])('repeats until a sparsity is reached: %s', async (cut, rounds) => {
    const loaded = await load(cut, 'until: cut.model.sparsity >= 0.9');
    if (loaded.kind !== 'planned') throw new Error(loaded.diagnostics[0]!.message);
    expect([...loaded.plan.tasks.keys()].filter((id) => id.includes('cut'))).toHaveLength(rounds);
  });

  it.each([
    ['method: snip', 'cut', 'snip looks at labelled images, and has no data'],
    ['exclude: [fc]', '[fc]', "'fc' is no layer of resnet20 that could be pruned"],
    ['fraction: 0.2, count: 3', '3', 'a fraction and a count contradict each other'],
  ])('is refused with its place: %s', async (cut, place, message) => {
    const loaded = await load(cut, 'times: 1');
    if (loaded.kind === 'planned') throw new Error('planned');
    const [found] = loaded.diagnostics;
    expect(found!.message).toBe(message);
    const line = loaded.sources.get(found!.place.file)!.split('\n')[found!.place.line - 1]!;
    expect(line.slice(found!.place.column - 1, found!.place.column - 1 + found!.length)).toBe(place);
  });
});
