import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import type { ScoresFile } from '../../../tasks/readings/scores-file.ts';
import { report } from '../../../tasks/report/index.ts';
import { gatheringContext } from './context.ts';
import { quickstartLike, writeFakeStudy } from './fake-study.ts';
import { parsePage } from './parse-page.ts';

const study = {
  ...quickstartLike,
  seeds: [0],
  rounds: 2,
  images: 40,
  previews: 1,
  side: 8,
  methods: ['grad-cam'],
  sets: [],
};

describe('what a report says of controls, intervals and cases', () => {
  let scores: readonly InputArtifact[];
  beforeAll(async () => {
    const made = await writeFakeStudy(await mkdtemp(join(tmpdir(), 'report-doubt-')), study);
    scores = made.scores.filter(({ dir }) => dir.includes('localise'));
  });

  async function render(given: readonly InputArtifact[]): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'report-doubted-'));
    const { context } = await gatheringContext({ kind: report, inputs: { scores: given }, options: {}, dir });
    await (
      await report.load()
    )(context);
    return readFile(join(context.output('page'), 'report.html'), 'utf8');
  }

  /** The same scores changed. */
  async function changed(
    artifact: InputArtifact,
    change: (file: ScoresFile) => ScoresFile,
  ): Promise<InputArtifact> {
    const dir = await mkdtemp(join(tmpdir(), 'report-changed-'));
    const file = JSON.parse(await readFile(join(artifact.dir, 'scores.json'), 'utf8')) as ScoresFile;
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, 'scores.json'), JSON.stringify(change(file)));
    return { ...artifact, dir };
  }

  /** A control whose scores are the model's own, scaled. */
  function control(factor: number): Promise<readonly InputArtifact[]> {
    return Promise.all(
      scores.map(async (artifact) => {
        const made = await changed(artifact, (file) => ({
          ...file,
          metrics: Object.fromEntries(
            Object.entries(file.metrics).map(([name, metric]) => {
              const values = metric.values.map((value) => (value === null ? null : value * factor));
              return [name, { ...metric, values, mean: metric.mean! * factor }];
            }),
          ),
        }));
        return { ...made, facts: { ...made.facts, control: 'randomised-weights' } };
      }),
    );
  }

  it('marks the sweet spots that fail a control in charts and tables, and prints the rule', async () => {
    const document = parsePage(await render([...scores, ...(await control(1))]));
    const figure = document.querySelector('#sweet-spots')!;
    expect(figure.textContent).toContain('failed');
    expect(figure.textContent).toContain('Controls (randomised-weights)');
    const spots = [...figure.querySelectorAll('td.sweet')];
    expect(spots.length).toBeGreaterThan(0);
    expect([...figure.querySelectorAll('td.doubted')]).toHaveLength(spots.length);
    const rings = [...document.querySelectorAll('#localisation svg [stroke-dasharray="2 2"]')];
    expect(rings.length).toBeGreaterThan(0);
    expect(document.querySelector('#glance')!.textContent).toMatch(/\+[\d.]+ at [\d.]+\u202f%\u2020/);
    expect(document.querySelector('#localisation')!.textContent).toContain('\u2020');
  });

  it('does not mark those that pass, and draws no line of a control', async () => {
    const alone = parsePage(await render(scores));
    const document = parsePage(await render([...scores, ...(await control(0.1))]));
    const figure = document.querySelector('#sweet-spots')!;
    expect([...figure.querySelectorAll('td.doubted')]).toHaveLength(0);
    expect(figure.textContent).toContain('passed');
    const marks = (page: typeof document): number =>
      [...page.querySelectorAll('#localisation svg title')].length;
    expect(marks(alone)).toBe(2 * (study.rounds + 1));
    expect(marks(document)).toBe(marks(alone));
    expect(alone.querySelector('#sweet-spots')!.textContent).toContain('Controls: none was given');
    expect(alone.querySelector('table.controls')).toBeNull();
  });

  it('draws the interval over images at each point, and prints it', async () => {
    const document = parsePage(await render(scores));
    const bars = [...document.querySelectorAll('#localisation svg [stroke-opacity="0.35"] line')];
    expect(bars).toHaveLength(2 * (study.rounds + 1));
    const cells = [...document.querySelectorAll('#localisation details td')].map((cell) => cell.textContent);
    expect(cells).toHaveLength(2 * (study.rounds + 1));
    for (const cell of cells) {
      const [mean = 0, low = 0, high = 0] = cell.match(/\d+\.\d/g)!.map(Number);
      expect(low).toBeLessThan(mean);
      expect(high).toBeGreaterThan(mean);
    }
  });

  it('counts what was left out, by the name of the case', async () => {
    expect(parsePage(await render(scores)).querySelector('#left-out')).toBeNull();
    const noted = await Promise.all(
      scores.map((artifact) =>
        changed(artifact, (file) => ({
          ...file,
          notes: { rma: { measured: 38, 'empty-mask': 2 }, rra: { measured: 40 } },
        })),
      ),
    );
    const section = parsePage(await render(noted)).querySelector('#left-out')!;
    expect([...section.querySelectorAll('tbody tr')]).toHaveLength(1);
    expect(section.textContent).toContain(`empty-mask: ${2 * (study.rounds + 1)} images`);
    expect(section.textContent).toContain('RMA');
  });
});
