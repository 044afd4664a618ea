import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { methodsSection } from '../../../../tasks/report/dress/methods-section.ts';
import { figures } from '../../../../tasks/types/figures.ts';
import { parsePage } from '../parse-page.ts';
import { recordOf, wholeStudy } from './record.ts';

const record = recordOf([...wholeStudy, { kind: 'command', options: { run: ['<script>', '&'] } }]);

it('the page tells the methods with a reference for each number, and holds them as files', () => {
  const section = parsePage(methodsSection(record, new Map()).markup);
  const text = section.querySelector('.methods-text')!.textContent;
  const numbers = [...text.matchAll(/\[([\d, ]+)\]/g)].flatMap(([, places]) =>
    places!.split(', ').map(Number),
  );
  const references = [...section.querySelectorAll('.references li')];
  // In the order in which they are first cited, none of them in vain.
  expect([...new Set(numbers)]).toEqual(references.map((_, i) => i + 1));
  expect(text).toContain('<script> &');
  expect(section.querySelector('script')).toBeNull();
  const files = [...section.querySelectorAll('details')].map((file) => [
    file.getAttribute('data-file'),
    file.querySelector('pre')!.textContent.split('\n')[0],
  ]);
  expect(files).toEqual([
    ['methods.txt', expect.stringMatching(/^Models\. The study is of ResNet-20/)],
    ['methods.tex', '\\paragraph{Models.}'],
    ['references.bib', '@inproceedings{he2016,'],
    ['CITATION.cff', 'cff-version: 1.2.0'],
  ]);
});

it('figures are handed over with the methods beside them', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'figures-'));
  expect(await figures.check(dir)).toEqual(['captions.md is missing: no figures were written']);
  await writeFile(join(dir, 'captions.md'), '');
  expect(await figures.check(dir)).toEqual([]);
  await figures.dress!(dir, record);
  expect((await readdir(dir)).sort()).toEqual([
    'CITATION.cff',
    'captions.md',
    'methods.md',
    'methods.tex',
    'references.bib',
  ]);
  expect(await readFile(join(dir, 'methods.md'), 'utf8')).toMatch(
    /^# Methods of invented\n\n\*\*Models\.\*\* /,
  );
});

it('figures count the images of what they were drawn from', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'figures-'));
  await writeFile(join(dir, 'captions.md'), '');
  const sources = [['counted', '0', 0, {}, {}, {}, 1449]];
  await writeFile(join(dir, 'sources.json'), JSON.stringify({ format: 2, scores: [], sources }));
  const data = [{ adapter: 'voc', name: 'voc', options: { split: 'val' } }];
  await figures.dress!(dir, recordOf([{ kind: 'corloc', data, scores: 'counted' }]));
  expect(await readFile(join(dir, 'methods.md'), 'utf8')).toContain('1449 were scored.');
});
