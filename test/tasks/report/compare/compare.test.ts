import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InputArtifact } from '../../../../engine/contract/task-context.ts';
import type { ScoresFile } from '../../../../tasks/readings/scores-file.ts';
import { compareStudies } from '../../../../tasks/report/compare/comparison.ts';
import type { Comparison } from '../../../../tasks/report/compare/comparison.ts';
import { comparePage } from '../../../../tasks/report/compare/page.ts';
import { randomFrom } from '../../../../vision/random/random.ts';
import { quickstartLike, writeFakeStudy } from '../fake-study.ts';
import { parsePage } from '../parse-page.ts';
import { studyOf, toldOf } from './two-studies.ts';

const fake = {
  ...quickstartLike,
  ...{ seeds: [0, 1], rounds: 3, images: 60, previews: 0, side: 4, methods: ['grad-cam'] },
  sets: quickstartLike.sets.slice(0, 2),
};
let scores: readonly InputArtifact[];

beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'compare-'));
  ({ scores } = await writeFakeStudy(dir, fake));
});

/** The same scores with every file changed. */
async function changed(
  change: (file: ScoresFile, place: { readonly seed: number; readonly number: number }) => ScoresFile,
  of: readonly InputArtifact[] = scores,
): Promise<readonly InputArtifact[]> {
  const dir = await mkdtemp(join(tmpdir(), 'compare-changed-'));
  return Promise.all(
    of.map(async (artifact, number) => {
      const file = JSON.parse(await readFile(join(artifact.dir, 'scores.json'), 'utf8')) as ScoresFile;
      const at = await mkdtemp(join(dir, 'scores-'));
      const seed = Number(artifact.coordinates['seed']);
      await writeFile(join(at, 'scores.json'), JSON.stringify(change(file, { seed, number })));
      return { ...artifact, dir: at };
    }),
  );
}

/** Every value of every metric changed. */
function eachValue(file: ScoresFile, change: (value: number, i: number, item: string) => number): ScoresFile {
  const metrics = Object.entries(file.metrics).map(([name, metric]) => {
    const values = metric.values.map((value, i) =>
      value === null ? null : change(value, i, file.items[i]!),
    );
    const there = values.filter((value) => value !== null);
    return [name, { ...metric, values, mean: there.reduce((sum, value) => sum + value, 0) / there.length }];
  });
  return { ...file, metrics: Object.fromEntries(metrics) as ScoresFile['metrics'] };
}

async function compared(
  after: readonly InputArtifact[],
  before: readonly InputArtifact[] = scores,
): Promise<Comparison> {
  return compareStudies(toldOf({ before: await studyOf(before), after: await studyOf(after) }));
}

const named = (comparison: Comparison, metric: string): Comparison['scores'][number] =>
  comparison.scores.find(({ after }) => after.metric === metric)!;

describe('two runs', () => {
  it('of the same values are the same, sweet spots too', async () => {
    const comparison = await compared(scores);
    expect(comparison.scores.length).toBeGreaterThan(5);
    expect(comparison.scores.every(({ isSame }) => isSame)).toBe(true);
    expect(comparison.scores.every(({ overall }) => overall?.isBeyondChance === false)).toBe(true);
    const { appeared, vanished, kept } = comparison.sweet;
    expect([appeared, vanished, kept > 0]).toEqual([0, 0, true]);
  });

  it('of which one has more seeds have the same values wherever both scored, and say so', async () => {
    const fewer = scores.filter(({ coordinates }) => coordinates['seed'] === 0);
    const comparison = await compared(scores, fewer);
    expect(comparison.seedCounts).toEqual([1, 2]);
    expect(comparison.scores.some(({ isSame }) => isSame)).toBe(false);
    expect(comparison.scores.every(({ overall }) => overall?.isNone === true)).toBe(true);
    const studies = { before: await studyOf(fewer), after: await studyOf(scores) };
    const glance = parsePage(comparePage(toldOf(studies))).querySelector('#glance')!;
    expect(glance.textContent.replaceAll(/\s+/g, ' ')).toMatch(
      /Nothing: all \d+ scores have the same values wherever both runs scored/,
    );
    expect(glance.textContent).toContain('Every value that both runs have is the same');
    expect([...glance.querySelectorAll('svg.chart')]).toEqual([]);
    expect(glance.textContent).toMatch(/decided by 1 seed before, by\s+2 after/);
    const moved = await compared(await changed((file) => eachValue(file, (value) => value + 0.1)), fewer);
    expect(moved.scores.some(({ overall }) => overall?.isNone === true)).toBe(false);
  });

  it('that differ by a shift of all images tell it, with the interval of what the images say', async () => {
    const random = randomFrom(2);
    const comparison = await compared(
      await changed((file) =>
        file.measure === 'accuracy'
          ? file
          : eachValue(file, (value) => value + 0.02 + random.normal() * 0.02),
      ),
    );
    const { overall, differences } = named(comparison, 'rma');
    expect(overall).toMatchObject({ verdict: 'beyond-chance', isBeyondChance: true });
    expect(overall!.low).toBeLessThan(overall!.mean);
    expect(overall!.mean).toBeCloseTo(0.02, 2);
    expect(overall!.high).toBeGreaterThan(overall!.mean);
    // The image without a value does not count.
    expect(overall!.images).toBe(fake.images - 1);
    expect(overall!.seeds).toHaveLength(2);
    expect(differences.every((one) => one?.isBeyondChance)).toBe(true);
    expect(named(comparison, 'top1').isSame).toBe(true);
  });

  it('pair images by their names, whatever their order, and count those of both alone', async () => {
    const comparison = await compared(
      await changed((file) => {
        const shifted = eachValue(file, (value) => value + 0.1);
        const order = [...file.items.keys()].reverse().slice(5);
        const at = <T>(list: readonly T[]): readonly T[] => order.map((i) => list[i]!);
        const metrics = Object.entries(shifted.metrics).map(([name, metric]) => [
          name,
          { ...metric, values: at(metric.values) },
        ]);
        const { groups } = file;
        return {
          ...file,
          items: at(file.items),
          metrics: Object.fromEntries(metrics) as ScoresFile['metrics'],
          ...(groups?.condition === undefined ? {} : { groups: { condition: at(groups.condition) } }),
        };
      }),
    );
    const { overall } = named(comparison, 'iou');
    expect(overall!.mean).toBeCloseTo(0.1, 10);
    expect(overall!.high - overall!.low).toBeLessThan(1e-9);
    expect(overall!.images).toBe(fake.images - 5 - 1);
  });

  it('are within the scatter of seeds where the seeds disagree, however sure the images are', async () => {
    const comparison = await compared(
      await changed((file, { seed }) => eachValue(file, (value) => value + (seed === 0 ? 0.2 : -0.1))),
    );
    const { overall } = named(comparison, 'rma');
    expect(overall).toMatchObject({ verdict: 'within-seeds', isBeyondChance: false });
    expect(overall!.p).toBeLessThan(0.01);
    expect(overall!.low).toBeGreaterThan(0);
  });

  it('of noise alone are rarely called different, though single intervals often miss zero', async () => {
    let [marked, missed, all] = [0, 0, 0];
    for (let trial = 0; trial < 4; trial++) {
      const random = randomFrom(9, trial);
      const comparison = await compared(
        await changed((file) => eachValue(file, (value) => value + random.normal() * 0.1)),
      );
      const told = comparison.scores.flatMap(({ differences }) => differences);
      for (const one of told) {
        all += 1;
        if (one?.isBeyondChance === true) marked += 1;
        if (one !== undefined && (one.low > 0 || one.high < 0)) missed += 1;
      }
    }
    expect(all).toBeGreaterThan(120);
    expect(missed / all).toBeGreaterThan(0.02);
    expect(marked / all).toBeLessThan(0.01);
  });

  it('of one other model each put the two beside each other, and say so', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'compare-model-'));
    const other = await writeFakeStudy(dir, { ...fake, models: ['resnet56'] });
    const comparison = await compared(other.scores);
    expect(comparison.lines.map(({ label }) => label)).toEqual(['ResNet-20 \u2192 ResNet-56']);
    expect(comparison.scores.length).toBeGreaterThan(5);
    const two = await writeFakeStudy(await mkdtemp(join(tmpdir(), 'compare-models-')), {
      ...fake,
      models: ['resnet56', 'resnet32'],
    });
    const unpaired = await compared(two.scores);
    expect(unpaired.scores).toEqual([]);
    expect(unpaired.lines.map(({ label }) => label)).toEqual(['ResNet-56', 'ResNet-32', 'ResNet-20']);
  });

  it('are compared at sparsities that both have', async () => {
    const shorter = scores.filter(({ coordinates }) => coordinates['pool'] !== 3);
    const comparison = await compared(shorter);
    const { points, unpaired, isSame } = named(comparison, 'rma');
    expect([points.length, unpaired, isSame]).toEqual([fake.rounds, 1, false]);
  });

  it('show sweet spots that came and went', async () => {
    // What was best is now worse than dense.
    const comparison = await compared(
      await changed((file) =>
        file.about['sparsity'] === 0 ? eachValue(file, (value) => value + 0.5) : file,
      ),
    );
    const { appeared, vanished, kept, rulesDiffer } = comparison.sweet;
    expect([appeared, kept, rulesDiffer]).toEqual([0, 0, false]);
    expect(vanished).toBeGreaterThan(0);
    const rma = comparison.sweet.changes.find(({ pair }) => pair.after.metric === 'rma')!;
    expect(rma.vanished.length).toBeGreaterThan(0);
  });
});

describe('the page of two runs', () => {
  const text = (element: { readonly textContent: string } | null): string =>
    (element?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();

  it('says what changed in the study beside what changed in the scores', async () => {
    const after = await studyOf(await changed((file) => eachValue(file, (value) => value + 0.1)));
    const told = toldOf({ before: await studyOf(scores), after });
    const page = comparePage(told);
    const document = parsePage(page);
    const [study, results] = [...document.querySelectorAll('#glance .beside section')].map(text);
    expect(study).toContain('recipe.epochs of dense: 8 \u2192 12 (2 tasks)');
    expect(study).toContain('only the first has heatmaps@method=<i> (4 tasks)');
    expect(results).toContain('Accuracy: +10.0 points [10.0, 10.0]');
    expect(text(document.querySelector('.caution'))).toContain('One thing changed');
    expect(text(document.querySelector('.facts'))).toContain('3 of 12');
    const added = [...document.querySelectorAll('.text-diff .added code')].map(({ outerHTML }) => outerHTML);
    expect(added).toEqual(['<code>epochs: <ins>12</ins></code>']);
    // What a study says is text.
    expect(page).not.toContain('<b>bold');
    expect(page).not.toContain('=<i>');
    expect(comparePage(told)).toBe(page);
  });

  it('tells apart what cannot: several changes at once, one seed, nothing at all', async () => {
    const one = await studyOf(scores.filter(({ coordinates }) => coordinates['seed'] === 0));
    const moved = await studyOf(
      await changed((file) => eachValue(file, (value) => value + 0.1)).then((all) =>
        all.filter(({ coordinates }) => coordinates['seed'] === 0),
      ),
    );
    const told = toldOf({ before: one, after: moved });
    const [cause] = told.changes.causes;
    const causes = [cause!, { ...cause!, name: 'recipe.batch' }];
    const caution = (page: string): string => text(parsePage(page).querySelector('.caution'));
    const several = caution(comparePage({ ...told, changes: { ...told.changes, causes } }));
    expect(several).toContain('2 things changed at once: this page cannot tell which');
    expect(several).toContain('may differ by luck alone');
    const added = [{ name: 'other', count: 50 }];
    const apart = caution(comparePage({ ...told, changes: { ...told.changes, added } }));
    expect(apart).toContain('The two have few tasks in common');
    const nothing = parsePage(
      comparePage({
        ...toldOf({ before: one, after: one }),
        changes: { ...told.changes, ...{ texts: [], params: [], causes: [], removed: [] } },
      }),
    );
    const [study, results] = [...nothing.querySelectorAll('#glance .beside section')].map(text);
    expect(study).toContain('Nothing: the same text, parameters, data and versions.');
    expect(results).toMatch(/Nothing: all \d+ scores have the same values\./);
    expect(nothing.querySelector('svg.chart')).toBeNull();
  });

  it('has nothing to compare where no score has its like', async () => {
    const told = toldOf({ before: await studyOf(scores), after: await studyOf([]) });
    const page = text(parsePage(comparePage(told)).querySelector('#glance'));
    expect(page).toContain('No score of one run has its like in the other');
  });
});
