import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { asBibtex } from '../../../../tasks/report/methods/formats/as-bibtex.ts';
import { asCff } from '../../../../tasks/report/methods/formats/as-cff.ts';
import { asLatex } from '../../../../tasks/report/methods/formats/as-latex.ts';
import { asMarkdown } from '../../../../tasks/report/methods/formats/as-text.ts';
import { escapeBibtex, escapeLatex } from '../../../../tasks/report/methods/formats/escape-latex.ts';
import { referenceText } from '../../../../tasks/report/methods/formats/reference.ts';
import { methodsOf } from '../../../../tasks/report/methods/methods-of.ts';
import * as attribution from '../../../../tasks/report/methods/works/attribution.ts';
import * as evaluation from '../../../../tasks/report/methods/works/evaluation.ts';
import * as modelsAndData from '../../../../tasks/report/methods/works/models-and-data.ts';
import * as pruning from '../../../../tasks/report/methods/works/pruning.ts';
import * as software from '../../../../tasks/report/methods/works/software.ts';
import * as statistics from '../../../../tasks/report/methods/works/statistics.ts';
import * as training from '../../../../tasks/report/methods/works/training.ts';
import type { Work } from '../../../../tasks/report/methods/works/work.ts';
import { recordOf, wholeStudy } from './record.ts';

const { sweetspotSoftware, ...others } = software;
const rooms = [attribution, evaluation, modelsAndData, pruning, others, statistics, training];
const works = new Map(rooms.flatMap((room) => Object.entries<Work>(room)));
const odd = { kind: 'command', options: { run: ['./50%_off', '`a`', '#1 & $x'] } };
const methods = methodsOf(recordOf([...wholeStudy, odd], { study: 'a_b: "c"' }));

describe('the works that can be cited', () => {
  it.each([...works])('%s holds facts of the right form', (name, work) => {
    expect(work.key).toBe(name);
    expect(work.key).toContain(String(work.year));
    for (const author of work.authors) expect(author).toMatch(/^\p{Lu}[\p{L}\- ]+, \p{Lu}[\p{L}.\- ]*$/u);
    if (work.arxiv !== undefined) expect(work.arxiv).toMatch(/^\d{4}\.\d{4,5}$/);
    if (work.doi !== undefined) expect(work.doi).toMatch(/^10\.\d{4,}\/\S+$/);
    if (work.pages !== undefined) expect(Number(work.pages[1])).toBeGreaterThan(Number(work.pages[0]));
    expect(work.doi ?? work.arxiv ?? work.venue).toBeDefined();
  });

  it('are found by a key each', () => {
    expect(works.size).toBe(rooms.flatMap((room) => Object.keys(room)).length);
  });
});

describe('LaTeX', () => {
  it('escapes what would be a command', () => {
    expect(escapeLatex('50 % of a_b & #1 {$x} ~ ^ \\ <|>')).toBe(
      '50 \\% of a\\_b \\& \\#1 \\{\\$x\\} \\textasciitilde{} \\textasciicircum{} \\textbackslash{} \\textless{}\\textbar{}\\textgreater{}',
    );
    expect(asLatex(methods)).toContain('\\texttt{./50\\%\\_off `a` \\#1 \\& \\$x}');
    expect(asLatex(methods)).toContain('20\\,\\% of what is left');
  });

  it('cites the keys of the bibliography, all of them and no others', () => {
    const cited = [...asLatex(methods).matchAll(/\\cite\{([^}]*)\}/g)].flatMap(([, keys]) =>
      keys!.split(','),
    );
    const given = [...asBibtex(methods).matchAll(/^@\w+\{([^,]+),$/gm)].map(([, key]) => key!);
    expect([...new Set(cited)]).toEqual(given);
    expect(new Set(given).size).toBe(given.length);
  });
});

describe('BibTeX', () => {
  const all = asBibtex({ works: [...works.values(), sweetspotSoftware('1.2.3')] });

  it('is ASCII, with every brace closed', () => {
    expect(all).toMatch(/^[\n\x20-\x7e]*$/);
    for (const entry of all.split(/^@/m).slice(1)) {
      const depths = Array.from(entry).reduce(
        (depth, one) => depth + (one === '{' ? 1 : one === '}' ? -1 : 0),
        0,
      );
      expect(depths).toBe(0);
    }
  });

  it('spells letters as TeX does', () => {
    expect(escapeBibtex('Siméoni, Müller, Jégou, Ší, Çø, Łß')).toBe(
      `Sim{\\'e}oni, M{\\"u}ller, J{\\'e}gou, {\\v S}{\\'\\i}, {\\c C}{\\o}, {\\L}{\\ss}`,
    );
    expect(all).toContain("author = {Sim{\\'e}oni, Oriane and Puy, Gilles");
    expect(all).toContain('author = {{The sweetspot authors}}');
    expect(all).toContain('publisher = {Chapman \\& Hall}');
  });
});

describe('CITATION.cff', () => {
  interface Cff {
    readonly 'cff-version': string;
    readonly title: string;
    readonly authors: readonly object[];
    readonly references: readonly {
      readonly type: string;
      readonly title: string;
      readonly authors: readonly object[];
    }[];
  }
  const cff = parse(asCff(methods)) as Cff;

  it('has what the format requires', () => {
    expect(cff).toMatchObject({
      'cff-version': '1.2.0',
      type: 'dataset',
      title: 'Results of the study a_b: "c"',
    });
    expect(cff.authors).toHaveLength(1);
    expect(cff.references.map(({ title }) => title)).toEqual(methods.works.map(({ title }) => title));
    for (const { type, authors } of cff.references) {
      expect(['article', 'conference-paper', 'book', 'software', 'unpublished']).toContain(type);
      expect(authors.length).toBeGreaterThan(0);
    }
  });

  it('keeps letters as they are', () => {
    expect(asCff(methods)).toContain('family-names: "Siméoni"');
  });
});

describe('text', () => {
  it('shortens given names and long lists of authors', () => {
    expect(referenceText(pruning.lee2019)).toMatch(/^N\. Lee, T\. Ajanthan and P\. H\. S\. Torr\. SNIP: /);
    expect(referenceText(attribution.bach2015)).toContain('K.-R. Müller');
    expect(referenceText(evaluation.simeoni2021)).toMatch(/^O\. Siméoni et al\. /);
    expect(referenceText(pruning.cassano2025)).toContain('Representations? 2025. arXiv:2507.01722.');
  });

  it('of Markdown is what it says when it is drawn', () => {
    const markdown = asMarkdown(methods);
    expect(markdown).toContain('# Methods of a\\_b: "c"');
    expect(markdown).toContain('`` ./50%_off `a` #1 & $x ``');
    expect(markdown).toContain('\\[1\\]');
  });
});
