import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import type { AbsentInput, InputArtifact } from '../../../engine/contract/task-context.ts';
import type { ScoresFile } from '../../../tasks/readings/scores-file.ts';
import { report } from '../../../tasks/report/index.ts';
import { sweetSpots } from '../../../tasks/sweet-spots/index.ts';
import { page } from '../../../tasks/types/page.ts';
import { gatheringContext } from './context.ts';
import { paperLike, quickstartLike, writeFakeStudy } from './fake-study.ts';
import type { FakeArtifacts, FakeStudy } from './fake-study.ts';
import { parsePage } from './parse-page.ts';

const small: FakeStudy = {
  ...quickstartLike,
  rounds: 3,
  images: 24,
  previews: 2,
  side: 16,
  methods: ['integrated-gradients', 'grad-cam'],
  sets: quickstartLike.sets.filter(({ set }) => ['silhouette', 'contrast', 'sketch'].includes(set)),
};

type Inputs = { readonly [input: string]: readonly InputArtifact[] };

async function render(
  inputs: Inputs,
  options: JsonObject = {},
  absent: { readonly [input: string]: readonly AbsentInput[] } = {},
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'report-'));
  const { context } = await gatheringContext({ kind: report, inputs, options, absent, dir });
  await (
    await report.load()
  )(context);
  expect(await page.check(context.output('page'))).toEqual([]);
  return readFile(join(context.output('page'), 'report.html'), 'utf8');
}

function sectionIds(html: string): readonly string[] {
  return [...parsePage(html).querySelectorAll('main > section')].map((section) => section.id);
}

/** All that the page says, its data among it, but for the words of its code. */
function withoutScript(html: string): string {
  return html.replace(/<script>[\s\S]*?<\/script>/g, '');
}

describe('report', () => {
  let study: FakeArtifacts;
  beforeAll(async () => {
    study = await writeFakeStudy(await mkdtemp(join(tmpdir(), 'report-in-')), small);
  });

  const scoresWhere = (keep: (name: string) => boolean): readonly InputArtifact[] =>
    study.scores.filter((artifact) => keep(artifact.dir.split('/').at(-1)!));

  it('made before the study is done, says what is missing and marks its place in the charts', async () => {
    const later = scoresWhere((name) => name.startsWith('localise') && name.endsWith('-3'));
    const absent = later.map(({ facts, coordinates }): AbsentInput => {
      return {
        task: `localise@pool=3,${JSON.stringify(coordinates)}`,
        name: 'localise',
        kind: 'localise',
        facts,
        coordinates,
      };
    });
    const scores = study.scores.filter((artifact) => !later.includes(artifact));
    const page = parsePage(await render({ scores }, {}, { scores: absent }));
    expect(page.querySelector('.so-far')?.textContent).toMatch(/4 results .*localise\s+4 to come/s);
    const titles = [...page.querySelectorAll('#localisation svg title')].map(
      ({ textContent }) => textContent,
    );
    // Two methods, two seeds, two metrics each.
    expect(titles.filter((title) => title.includes('still to come'))).toHaveLength(8);
    expect(titles).toContain('ResNet-20 at 48.8\u202f% sparsity, seed 1\nRMA: still to come');
    expect(page.querySelector('#discovery')?.textContent).not.toContain('still to come');
    const whole = parsePage(await render({ scores: study.scores }));
    expect(whole.querySelector('.so-far')).toBeNull();
  });

  it('shows every figure of a whole study, each with a caption and charts that say what they are', async () => {
    const html = await render({ scores: study.scores, previews: study.previews, models: study.models });
    expect(sectionIds(html)).toEqual([
      'glance',
      'heatmaps',
      'localisation',
      'discovery',
      'sets',
      'conditions',
      'people',
      'sweet-spots',
      'pool',
      'reading',
    ]);
    const document = parsePage(html);
    for (const figure of document.querySelectorAll('figure'))
      expect(figure.querySelector('figcaption')).not.toBeNull();
    for (const chart of document.querySelectorAll('svg.chart'))
      expect(chart.getAttribute('aria-label')).toBeTruthy();
    for (const image of document.querySelectorAll('img')) expect(image.getAttribute('alt')).toBeTruthy();
    for (const link of document.querySelectorAll('nav a')) {
      expect(document.querySelector(link.getAttribute('href') ?? '')).not.toBeNull();
    }
    expect(withoutScript(html).replace(/data:[^"]*/g, '')).not.toMatch(/NaN|undefined|\[object/);
  });

  it('draws likeness to people on shared axes, with the level that people reach', async () => {
    const document = parsePage(await render({ scores: scoresWhere((name) => name.startsWith('people')) }));
    const panels = [...document.querySelectorAll('#people .panel')];
    expect(panels).toHaveLength(2);
    for (const panel of panels) expect(panel.querySelector('[stroke-dasharray="6 3"]')).not.toBeNull();
    expect(document.querySelector('#people .legend')!.textContent).toContain('people among themselves');
    expect(document.querySelector('#glance')!.textContent).toContain('Likeness to people');
    // Observed consistency follows from accuracy: it is stored, and not judged.
    expect(document.querySelector('#sweet-spots')!.textContent).not.toContain('Observed consistency');
  });

  it('draws the human level on the sets and conditions that people were compared on', async () => {
    const document = parsePage(await render({ scores: study.scores }));
    const levels = [...document.querySelectorAll('#sets .panel')].map((panel) => {
      return [
        panel.querySelector('h3')!.textContent,
        panel.querySelector('[stroke-dasharray="6 3"]') !== null,
      ];
    });
    // No mean of people over sets of which one was not compared.
    expect(levels).toEqual([
      ['Mean of 3 sets', false],
      ['Silhouette', true],
      ['Contrast', true],
      ['Sketch', false],
    ]);
    const [contrast, ...others] = [...document.querySelectorAll('#conditions figure .panel')];
    expect(others).toEqual([]);
    const titles = [...contrast!.querySelectorAll('title')].map(({ textContent }) => textContent);
    const strengths = small.sets.find(({ set }) => set === 'contrast')!.conditions.length;
    expect(titles).toHaveLength(strengths * (small.rounds + 1 + 1));
    expect(titles.filter((title) => title.includes('people: '))).toHaveLength(strengths);
    expect(titles).toContain('Contrast, c100\npeople: 95.0\u202f%');
    expect(document.querySelector('#conditions .legend')!.textContent).toMatch(
      /dense\s+20.%\s+36.%\s+48\.8.%\s+people/,
    );
    const without = await render({ scores: scoresWhere((name) => !name.startsWith('people')) });
    expect(parsePage(without).querySelector('#sets [stroke-dasharray="6 3"]')).toBeNull();
  });

  it('shows the shape bias as a figure of its own where cue conflicts were evaluated', async () => {
    const { scores } = await writeFakeStudy(await mkdtemp(join(tmpdir(), 'report-cues-')), {
      ...small,
      sets: quickstartLike.sets.filter(({ set }) => set === 'cue-conflict'),
    });
    const document = parsePage(await render({ scores }));
    const panels = [...document.querySelectorAll('#shape-bias .panel')];
    expect(panels.map((panel) => [...panel.querySelectorAll('title')].length)).toEqual([4, 4]);
    expect(document.querySelector('#sets')!.textContent).not.toContain('Shape bias');
  });

  it('asks what it was described to ask, or else what it scored', async () => {
    const scores = scoresWhere((name) => name.endsWith('-0'));
    const asked = async (options: JsonObject): Promise<string | undefined> =>
      parsePage(await render({ scores }, options)).querySelector('.description')?.textContent;
    expect(await asked({ description: 'Does it?' })).toBe('Does it?');
    expect(await asked({})).toBe(
      'Is there a sparsity at which ResNet-20 beats its dense self in localisation, object discovery, ' +
        'recognition out of distribution, likeness to people or accuracy?',
    );
  });

  it('shows every sweet spot in the first picture, and names the one of the answer', async () => {
    const document = parsePage(await render({ scores: study.scores }));
    const titles = [...document.querySelectorAll('#glance svg.chart title')].map(
      ({ textContent }) => textContent,
    );
    const rings = titles.filter((title) => title.includes('sweet spot'));
    expect(rings).toHaveLength([...document.querySelectorAll('#sweet-spots td.sweet')].length);
    // Five questions, each with a mean at each sparsity.
    expect(titles.length - rings.length).toBe(5 * (small.rounds + 1));
    const answer = /localises best at (.*) sparsity \(.*: (\+[\d.]+) points/.exec(
      document.querySelector('.answers')!.textContent.replaceAll(/\s+/g, ' '),
    )!;
    const [first] = [...document.querySelectorAll('#glance .cell')];
    expect(first!.querySelector('svg')!.textContent).toContain(
      `${answer[2]!} at ${answer[1]!.replace(' ', '\u202f')}`,
    );
  });

  it('gives the same bytes for the same inputs, wherever they lie', async () => {
    const elsewhere = await writeFakeStudy(await mkdtemp(join(tmpdir(), 'report-other-')), small);
    const first = await render({ scores: study.scores, previews: study.previews });
    expect(await render({ scores: elsewhere.scores, previews: elsewhere.previews })).toBe(first);
    expect(first).not.toContain(tmpdir());
  });

  it('decides sweet spots by the same rule as the task', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'report-table-'));
    const { context } = await gatheringContext({
      kind: sweetSpots,
      inputs: { scores: study.scores },
      options: {},
      dir,
    });
    await (
      await sweetSpots.load()
    )(context);
    const tables = [{ ...study.scores[0]!, dir: context.output('table') }];
    const figureOf = (html: string): string | undefined =>
      parsePage(html).querySelector('#sweet-spots')?.outerHTML;
    const decided = figureOf(await render({ scores: study.scores, tables }));
    expect(decided).toBeDefined();
    expect(decided).toBe(figureOf(await render({ scores: study.scores })));
  });

  it('leaves out what the study lacks', async () => {
    expect(sectionIds(await render({ scores: scoresWhere((name) => name.startsWith('corloc')) }))).toEqual([
      'glance',
      'discovery',
      'sweet-spots',
      'pool',
      'reading',
    ]);
    const onlyDense = await render({ scores: scoresWhere((name) => name.endsWith('-0')) });
    expect(sectionIds(onlyDense)).not.toContain('sweet-spots');
    expect(onlyDense).not.toMatch(/NaN|Infinity/);
    expect(sectionIds(await render({ scores: [] }))).toEqual(['reading']);
  });

  it('shows the figures that are asked for', async () => {
    const html = await render({ scores: study.scores, previews: study.previews }, { figures: ['sets'] });
    expect(sectionIds(html)).toEqual(['glance', 'sets', 'pool', 'reading']);
  });

  it('leaves hostile text inert', async () => {
    const hostile = '</title><script>alert(1)</script><img src=x onerror="alert(2)">${1}';
    const renamed = study.scores.map((artifact) => ({
      ...artifact,
      facts: { ...artifact.facts, model: hostile },
      coordinates: { ...artifact.coordinates, '"><script>': '\' onload="x' },
    }));
    const html = await render({ scores: renamed }, { title: hostile, description: hostile });
    expect(html).not.toMatch(/<script>alert|<img src=x/);
    const document = parsePage(html);
    // The page's own, and its data, which is none.
    const scripts = [...document.querySelectorAll('script')].map((script) => script.getAttribute('type'));
    expect(scripts).toEqual(['application/json', 'application/json', null]);
    expect(document.querySelector('img, [onerror], [onload]')).toBeNull();
    expect(document.querySelector('h1')?.textContent).toBe(hostile);
  });

  it('draws several models, each in a colour of its own', async () => {
    const { scores, previews } = await writeFakeStudy(await mkdtemp(join(tmpdir(), 'report-paper-')), {
      ...paperLike,
      images: 32,
      previews: 1,
      side: 16,
    });
    const document = parsePage(await render({ scores, previews }));
    const [panel] = document.querySelectorAll('#discovery .panel');
    expect(panel?.outerHTML).toContain('var(--line-0)');
    expect(panel?.outerHTML).toContain('var(--line-1)');
    expect([...document.querySelectorAll('#sweet-spots .gains')]).toHaveLength(2);
    expect([...document.querySelectorAll('#sets .panel')]).toHaveLength(18);
  });

  it('draws every variant of a model', async () => {
    const variants = study.scores.flatMap((artifact) =>
      ['l1', 'random'].map((strategy) => ({
        ...artifact,
        coordinates: { ...artifact.coordinates, strategy },
      })),
    );
    const document = parsePage(await render({ scores: variants }));
    const legend = document.querySelector('#localisation .legend')?.textContent ?? '';
    expect(legend).toContain('ResNet-20, strategy=l1');
    expect(legend).toContain('ResNet-20, strategy=random');
  });

  it('copes with scores that no image has a value for', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'report-null-'));
    const scores: InputArtifact[] = [];
    for (const [i, artifact] of study.scores.entries()) {
      const file = JSON.parse(await readFile(join(artifact.dir, 'scores.json'), 'utf8')) as ScoresFile;
      const metrics = Object.entries(file.metrics).map(([name, metric]) => {
        return [name, { ...metric, mean: null, values: metric.values.map(() => null) }];
      });
      await mkdir(join(dir, String(i)));
      await writeFile(
        join(dir, String(i), 'scores.json'),
        JSON.stringify({ ...file, metrics: Object.fromEntries(metrics) as unknown }),
      );
      scores.push({ ...artifact, dir: join(dir, String(i)) });
    }
    const html = await render({ scores });
    expect(withoutScript(html)).not.toMatch(/NaN|Infinity|undefined/);
    expect(sectionIds(html)).not.toContain('sweet-spots');
  });

  it('falls back on what the training said where no task evaluated the accuracy', async () => {
    const trained = scoresWhere((name) => name.startsWith('accuracy'));
    const rest = scoresWhere((name) => name.startsWith('localise'));
    const dir = await mkdtemp(join(tmpdir(), 'report-trained-'));
    const scores: InputArtifact[] = [];
    for (const [i, artifact] of trained.entries()) {
      const validation = { unit: 'fraction', higherIsBetter: true, mean: 0.5, values: [0.5] };
      const file = {
        format: 1,
        measure: 'training',
        about: {},
        items: ['epoch 1'],
        metrics: { validation_accuracy: validation },
      };
      await mkdir(join(dir, String(i)));
      await writeFile(join(dir, String(i), 'scores.json'), JSON.stringify(file));
      scores.push({ ...artifact, dir: join(dir, String(i)) });
    }
    const document = parsePage(await render({ scores: [...scores, ...rest] }));
    expect(document.querySelector('#localisation')?.textContent).toContain('Validation accuracy');
    expect(document.querySelector('#pool')?.textContent).toContain('50.0');
  });

  it('takes a single seed for what it is', async () => {
    const html = await render({ scores: scoresWhere((name) => /-0-\d+$/.test(name)) });
    expect(html).not.toContain('lowest to highest');
    expect(html).toContain('no spread over seeds');
  });
});
