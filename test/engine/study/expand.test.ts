import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Plan } from '../../../engine/plan/plan.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import { designStudy } from '../support/design-study.ts';
import { diagnose, plan } from '../support/diagnose.ts';
import { essence, randomFrom, shuffleKeys } from '../support/shuffle-keys.ts';

function counts(of: Plan): { readonly [name: string]: number } {
  const found: { [name: string]: number } = {};
  for (const { name } of of.tasks.values()) found[name] = (found[name] ?? 0) + 1;
  return found;
}

const head = `study: x
params: { rounds: 3 }
data: { train: { uses: shapes } }
matrix: { seed: [0, 1], arch: [resnet18, resnet20] }
tasks:
  dense: { uses: train, with: { model: "\${{ matrix.arch }}", data: "\${{ data.train }}" } }
  lrr:
    repeat: { from: "\${{ dense.model }}", to: "\${{ cut.model }}", times: params.rounds }
    tasks:
      cut: { uses: prune, with: { model: "\${{ previous }}", fraction: 0.5 } }
  pool: { uses: pool, with: { models: ["\${{ dense.model }}", "\${{ all.lrr.cut.model }}"] } }
`;

describe('expansion', () => {
  it('plans the whole study', async () => {
    const planned = await plan(designStudy);
    expect(counts(planned)).toEqual({
      dense: 2,
      'lrr/cut': 12,
      'lrr/retrain': 12,
      heatmaps: 42,
      localise: 42,
      boxes: 14,
      corloc: 14,
      human: 238,
      report: 1,
    });
    expect(planned.tasks.has(taskId('heatmaps@seed=0,method=grad-cam,pool=3'))).toBe(true);
    expect(planned.tasks.get(taskId('lrr/retrain@seed=0,step=3'))?.inputs['model']).toEqual({
      kind: 'artifact',
      from: 'lrr/cut@seed=0,step=3',
      output: 'model',
    });
    expect(planned.graph.topologicalOrder()).toHaveLength(planned.tasks.size);
  });

  it('binds each member straight to its producer', async () => {
    const planned = await plan(designStudy);
    const third = planned.tasks.get(taskId('boxes@seed=1,pool=3'));
    expect(third?.inputs['model']).toEqual({
      kind: 'artifact',
      from: 'lrr/retrain@seed=1,step=3',
      output: 'model',
    });
    expect(third?.facts['boxes']?.['sparsity']).toBeCloseTo(1 - 0.8 ** 3, 12);
  });

  it('gathers one list, flattened, in order of the axes', async () => {
    const report = (await plan(designStudy)).tasks.get(taskId('report'));
    const scores = report?.inputs['scores'];
    if (scores?.kind !== 'gathered') throw new Error('not gathered');
    expect(scores.items).toHaveLength(42 + 14 + 238);
    expect(scores.items.slice(0, 2).map((item) => item.coordinates)).toEqual([
      { seed: 0, method: 'integrated-gradients', pool: 0 },
      { seed: 0, method: 'integrated-gradients', pool: 1 },
    ]);
  });

  it('selects the part of a data set that an option names', async () => {
    const one = (await plan(designStudy)).tasks.get(taskId('human@seed=0,set=set-4,pool=0'));
    expect(one?.inputs['data']).toEqual({ kind: 'data', data: 'ood', part: 'set-4' });
  });

  it('multiplies only the tasks that an axis reaches', async () => {
    expect(counts(await plan(head))).toEqual({ dense: 2, 'lrr/cut': 6 });
    const text = head.replace(
      'data: "${{ data.train }}"',
      'data: "${{ data.train }}", seed: "${{ matrix.seed }}"',
    );
    expect(counts(await plan(text))).toEqual({ dense: 4, 'lrr/cut': 12 });
  });

  it('counts rounds by a fact, place by place', async () => {
    const text = head.replace('times: params.rounds', 'until: cut.model.sparsity >= 0.9');
    expect(counts(await plan(text))['lrr/cut']).toBe(2 * 4);
    const varied = head.replace('times: params.rounds', 'times: \'matrix.arch == "resnet18" ? 1 : 3\'');
    expect(counts(await plan(varied))['lrr/cut']).toBe(1 + 3);
  });

  it('says that a fact is not promised', async () => {
    const text = head.replace('times: params.rounds', 'until: cut.model.loss < 1.0');
    expect(await diagnose(text)).toEqual(['unknown-fact 8:84+4']);
    expect(await diagnose(head.replace('times: params.rounds', 'until: cut.model.sparsity > 2'))).toEqual([
      'endless-repeat 8:74+22',
    ]);
  });

  it('leaves out by `if`; `all` and `each` pass over, a direct reference may not', async () => {
    const boxes = `  boxes: { each: pool, if: member.index > 0, uses: lost, with: { model: "\${{ member.model }}", data: "\${{ data.train }}" } }\n`;
    const text = head.replace('times: params.rounds', 'times: 1') + boxes;
    const hits =
      '  hits: { each: boxes, uses: corloc, with: { boxes: "${{ member.boxes }}", data: "${{ data.train }}" } }\n';
    expect(counts(await plan(text + hits))).toMatchObject({ boxes: 2, hits: 2 });
    const direct = `${head}  small: { uses: prune, if: matrix.arch == "resnet18", with: { model: "\${{ dense.model }}", fraction: 0.1 } }
  smaller: { uses: prune, with: { model: "\${{ small.model }}", fraction: 0.1 } }\n`;
    expect(await diagnose(direct)).toEqual(['left-out 13:47+11']);
  });

  it('says what an `if` leaves out, and by which words: instances, and groups as a whole', async () => {
    const text = `${head.replace('times: params.rounds', 'times: 1')}  extra:
    if: matrix.seed > 0
    tasks:
      more: { uses: prune, with: { model: "\${{ dense.model }}", fraction: 0.5 } }
  boxes: { each: pool, if: member.index > 0, uses: lost, with: { model: "\${{ member.model }}", data: "\${{ data.train }}" } }
`;
    const { leftOut } = await plan(text);
    expect(leftOut.map(({ id, condition, place }) => [id, condition, place.line])).toEqual([
      ['extra@arch=resnet18,seed=0', 'matrix.seed > 0', 13],
      ['extra@arch=resnet20,seed=0', 'matrix.seed > 0', 13],
      ['boxes@arch=resnet18,pool=0', 'member.index > 0', 16],
      ['boxes@arch=resnet20,pool=0', 'member.index > 0', 16],
    ]);
  });

  it('groups by `per`, also along a local axis', async () => {
    const text = `${head}  heat: { each: pool, matrix: { method: [grad-cam, integrated-gradients] }, uses: attribute, with: { model: "\${{ member.model }}", data: "\${{ data.train }}", method: "\${{ matrix.method }}" } }
  loc: { each: heat, uses: localise, with: { heatmaps: "\${{ member.heatmaps }}", data: "\${{ data.train }}" } }
  page: { uses: report, per: [method], with: { scores: "\${{ all.loc.scores }}", title: "about \${{ matrix.method }}" } }\n`;
    const planned = await plan(text);
    const page = planned.tasks.get(taskId('page@method=grad-cam'));
    expect(page?.options['title']).toBe('about grad-cam');
    expect(page?.inputs['scores']).toMatchObject({ kind: 'gathered', items: { length: 2 * 4 } });
    expect(counts(planned)['page']).toBe(2);
  });

  it('waits for `needs` without taking anything', async () => {
    const planned = await plan(`${head}  late: { uses: command, needs: [lrr], with: { run: [echo] } }\n`);
    expect(planned.tasks.get(taskId('late'))?.needs).toHaveLength(6);
    expect(planned.graph.producersOf(taskId('late'))).toHaveLength(6);
  });

  it('overrides params, and checks their type', async () => {
    expect(counts(await plan(head, { params: { rounds: '5' } }))['lrr/cut']).toBe(10);
    expect(await diagnose(head, { params: { rounds: 'many' } })).toEqual(['wrong-type 2:11+6']);
    expect(await diagnose(head, { params: { runds: '5' } })).toEqual(['unknown-param 2:9+13']);
    expect(await diagnose(head.replace('rounds: 3', 'rounds: null'))).toEqual(['missing-param 2:11+6']);
    const texts = head.replace('rounds: 3', "rounds: 3, word: 'a'");
    for (const [said, meant] of [
      ['0.5', '0.5'],
      ['true', 'true'],
      ['"0.5"', '0.5'],
    ] as const)
      expect((await plan(texts, { params: { word: said } })).params['word']).toBe(meant);
  });

  it('cuts options down for a smoke run', async () => {
    const dense = (await plan(head, { smoke: true })).tasks.get(taskId('dense@arch=resnet18'));
    expect(dense?.options['recipe']).toEqual({ epochs: 1, rate: 0.1 });
  });

  it('does not care for the order of keys, comments or spacing', async () => {
    const reference = await plan(designStudy);
    const tree = parse(designStudy) as unknown;
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.constantFrom(1, 2, 4), fc.boolean(), async (seed, indent, spaced) => {
        const shuffled = stringify(shuffleKeys(tree, randomFrom(seed)), { indent: indent + 1, lineWidth: 0 });
        const text = spaced ? shuffled.replaceAll(/\n(?=[a-z])/g, '\n\n# a word in between\n') : shuffled;
        expect(essence(await plan(text))).toEqual(essence(reference));
      }),
      { numRuns: 12 },
    );
  });
});
