import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { report } from '../../../tasks/report/index.ts';
import type { DoorSource, DoorTable } from '../../../tasks/report/study/doors.ts';
import { gatheringContext } from './context.ts';
import { quickstartLike, writeFakeStudy } from './fake-study.ts';
import { parsePage } from './parse-page.ts';
import type { PageElement } from './parse-page.ts';

const study = {
  ...quickstartLike,
  rounds: 2,
  images: 24,
  previews: 0,
  side: 8,
  methods: ['grad-cam', 'saliency'],
  sets: quickstartLike.sets.filter(({ set }) => ['silhouette', 'contrast'].includes(set)),
};
const sparsities = study.rounds + 1;

async function render(scores: readonly InputArtifact[]): Promise<PageElement> {
  const dir = await mkdtemp(join(tmpdir(), 'report-doors-'));
  const { context } = await gatheringContext({ kind: report, inputs: { scores }, options: {}, dir });
  await (
    await report.load()
  )(context);
  return parsePage(await readFile(join(context.output('page'), 'report.html'), 'utf8'));
}

function tableOf(page: PageElement): DoorTable {
  return JSON.parse(page.querySelector('#door-table')!.textContent) as DoorTable;
}

function behind(mark: PageElement, { sources }: DoorTable): readonly DoorSource[] {
  return mark
    .getAttribute('data-door')!
    .split(' ')
    .map((place) => sources[Number(place)]!);
}

describe('the doors of a page', () => {
  let scores: readonly InputArtifact[];
  let page: PageElement;
  beforeAll(async () => {
    ({ scores } = await writeFakeStudy(await mkdtemp(join(tmpdir(), 'report-doors-in-')), study));
    page = await render(scores);
  });

  it('name every scores artifact once, by its digest and its place in the study', () => {
    const { sources } = tableOf(page);
    expect(sources.map(([digest, , , coordinates]) => ({ digest, coordinates }))).toEqual(
      scores.map(({ digest, coordinates }) => ({ digest, coordinates })),
    );
    expect(sources.every((source) => source[6] === study.images)).toBe(true);
  });

  it.each(['localisation', 'discovery', 'sets', 'people'])('stand at every point of %s', (section) => {
    const titled = [...page.querySelectorAll(`#${section} svg.chart title`)].length;
    expect(titled).toBeGreaterThan(0);
    expect([...page.querySelectorAll(`#${section} svg.chart [data-door] > title`)]).toHaveLength(titled);
  });

  it('lead from a point to the runs of that very score, method and sparsity', () => {
    const table = tableOf(page);
    const charts = [...page.querySelectorAll('#localisation svg.chart')];
    const chart = charts.find((one) => one.getAttribute('aria-label') === 'RRA against sparsity, saliency');
    const saliency = chart ?? charts.find((one) => /^RRA.*Saliency$/i.test(one.getAttribute('aria-label')!));
    const marks = [...saliency!.querySelectorAll('[data-door]')];
    expect(marks).toHaveLength(sparsities);
    for (const [pool, mark] of marks.entries()) {
      const runs = behind(mark, table);
      expect(runs.map(([, , , coordinates]) => coordinates)).toEqual(
        study.seeds.map((seed) => ({ seed, method: 'saliency', pool })),
      );
      expect(table.scores[Number(mark.getAttribute('data-score'))]).toEqual({
        ...{ metric: 'rra', label: 'RRA', name: 'RRA, Saliency' },
      });
      const values = runs.map(([, , , , , own]) =>
        Number.parseFloat(own[Number(mark.getAttribute('data-score'))]!),
      );
      const told = Number(/RRA: ([\d.]+)/.exec(mark.querySelector('title')!.textContent)![1]);
      expect((values[0]! + values[1]!) / 2).toBeCloseTo(told, 0);
    }
  });

  it('stand at cells of conditions and gains, and at rows of the best gains', () => {
    const table = tableOf(page);
    const cells = [...page.querySelectorAll('#conditions svg.chart [data-door]')];
    // People's points lead nowhere.
    const titles = [...page.querySelectorAll('#conditions svg.chart title')];
    expect(cells).toHaveLength(titles.filter(({ textContent }) => !textContent.includes('people: ')).length);
    const sets = new Set(cells.flatMap((one) => behind(one, table)).map(([, , , { set }]) => set));
    expect([...sets]).toEqual(['contrast']);
    const gains = [...page.querySelectorAll('#sweet-spots td[title]')];
    expect(gains.length).toBeGreaterThan(0);
    for (const gain of gains) {
      const [told] = /[\d.]+(?=\u202f% sparsity)/.exec(gain.getAttribute('title')!)!;
      // On the runs there, and on the dense runs of the same seeds.
      const seedsAt = (percent: number): readonly string[] =>
        behind(gain, table)
          .filter(([, , sparsity]) => Math.abs(100 * sparsity - percent) < 0.5)
          .map(([, seed]) => seed);
      expect(seedsAt(Number(told)).length).toBeGreaterThan(0);
      expect(seedsAt(0)).toEqual(seedsAt(Number(told)));
      expect(behind(gain, table)).toHaveLength(2 * seedsAt(0).length);
    }
    const rows = [...page.querySelectorAll('#sweet-spots svg.chart title')];
    expect([...page.querySelectorAll('#sweet-spots svg.chart [data-door]')]).toHaveLength(rows.length);
  });

  it('lead from a mean of scores to each of them, and from each to its own runs', () => {
    const table = tableOf(page);
    const marks = [...page.querySelectorAll('#glance svg.chart [data-door]')];
    const localised = marks.filter(({ textContent }) => textContent.includes('Localisation, mean of'));
    expect(localised).toHaveLength(sparsities);
    const names = study.methods.flatMap((method) => ['rma', 'rra'].map((metric) => ({ method, metric })));
    for (const [pool, mark] of localised.entries()) {
      const scored = mark.getAttribute('data-score')!.split('/').map(Number);
      const members = mark.getAttribute('data-door')!.split('/');
      expect([members.length, scored.length]).toEqual([names.length, names.length]);
      const told = members.map((member, i) => {
        const runs = member.split(' ').map((place) => table.sources[Number(place)]!);
        const { metric, name } = table.scores[scored[i]!]!;
        expect(runs.every(([, , , , , values]) => values[scored[i]!] !== undefined)).toBe(true);
        expect(name).toMatch(/^(RMA|RRA), /);
        // The gain's own, and the dense ones that it is over.
        const places = pool === 0 ? [0] : [pool, 0];
        const [first] = runs;
        const { method } = first![3];
        expect(runs.map(([, , , coordinates]) => coordinates)).toEqual(
          places.flatMap((at) => study.seeds.map((seed) => ({ seed, method, pool: at }))),
        );
        return { method, metric };
      });
      expect(told.toSorted(byText)).toEqual(names.toSorted(byText));
    }
  });

  it('keep text of scores inert', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'report-doors-text-'));
    const text = await readFile(join(scores[0]!.dir, 'scores.json'), 'utf8');
    const hostile = "</script><b id='out'>\"";
    await writeFile(join(dir, 'scores.json'), text.replaceAll('"accuracy":', `${JSON.stringify(hostile)}:`));
    const facts = { ...scores[0]!.facts, note: hostile };
    const made = await render([{ ...scores[0]!, facts, dir }]);
    expect(made.querySelector('#out')).toBeNull();
    const table = tableOf(made);
    expect(table.scores[0]!.metric).toBe(hostile);
    expect(table.sources[0]![4]['note']).toBe(hostile);
  });
});

function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
