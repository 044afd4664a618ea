import type { Methods } from '../methods-of.ts';
import type { Work } from '../works/work.ts';

/**
 * The study as others cite it, in the Citation File Format 1.2.0 (citation-file-format.github.io). Who its authors are, no record
 * tells: their place is to be filled in.
 */
export function asCff({ study, works }: Methods): string {
  const lines = [
    'cff-version: 1.2.0',
    `message: ${quoted('If you use these results, please cite them, and the works they rest on.')}`,
    'type: dataset',
    `title: ${quoted(`Results of the study ${study}`)}`,
    '# Who you are: family-names and given-names of each of you, in place of this.',
    'authors:',
    `  - name: ${quoted(`Authors of the study ${study}`)}`,
    ...(works.length === 0 ? [] : ['references:', ...works.flatMap(reference)]),
  ];
  return `${lines.join('\n')}\n`;
}

const types: { readonly [kind in Work['kind']]: string } = {
  article: 'article',
  inproceedings: 'conference-paper',
  book: 'book',
  preprint: 'article',
  software: 'software',
  lecture: 'unpublished',
};

function reference(work: Work): readonly string[] {
  const { kind, authors, title, venue, year, volume, number, pages, doi, arxiv, version } = work;
  const fields: readonly (readonly [name: string, value: string | undefined])[] = [
    ['title', quoted(title)],
    ['year', year === undefined ? undefined : String(year)],
    ['journal', kind === 'article' ? venue && quoted(venue) : undefined],
    ['volume', volume],
    ['issue', number && quoted(number)],
    ['start', pages && quoted(pages[0])],
    ['end', pages && quoted(pages[1])],
    ['doi', doi && quoted(doi)],
    ['url', arxiv && quoted(`https://arxiv.org/abs/${arxiv}`)],
    ['version', version && quoted(version)],
  ];
  return [
    `  - type: ${types[kind]}`,
    ...fields.flatMap(([name, value]) => (value === undefined ? [] : [`    ${name}: ${value}`])),
    ...(kind === 'inproceedings' && venue !== undefined
      ? ['    conference:', `      name: ${quoted(venue)}`]
      : []),
    ...(kind === 'book' && venue !== undefined ? ['    publisher:', `      name: ${quoted(venue)}`] : []),
    ...(kind === 'lecture' && venue !== undefined ? [`    notes: ${quoted(venue)}`] : []),
    '    authors:',
    ...authors.flatMap(person),
  ];
}

function person(author: string): readonly string[] {
  const [family = '', given] = author.split(', ');
  if (given === undefined) return [`      - name: ${quoted(family)}`];
  return [`      - family-names: ${quoted(family)}`, `        given-names: ${quoted(given)}`];
}

/** Text of JSON is text of YAML. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
