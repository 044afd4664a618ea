import type { Methods } from '../methods-of.ts';
import type { Work } from '../works/work.ts';
import { escapeBibtex } from './escape-latex.ts';

/** An entry a work, ASCII alone. */
export function asBibtex({ works }: Pick<Methods, 'works'>): string {
  return works.map(entry).join('\n');
}

function entry(work: Work): string {
  const lines = fieldsOf(work).flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${name} = {${value}},\n`],
  );
  return `@${types[work.kind]}{${work.key},\n${lines.join('')}}\n`;
}

const types: { readonly [kind in Work['kind']]: string } = {
  article: 'article',
  inproceedings: 'inproceedings',
  book: 'book',
  preprint: 'misc',
  software: 'misc',
  lecture: 'misc',
};

function fieldsOf(work: Work): readonly (readonly [name: string, value: string | undefined])[] {
  const { kind, authors, title, venue, year, volume, number, pages, doi, arxiv, version } = work;
  const venueField = { article: 'journal', inproceedings: 'booktitle', book: 'publisher' } as const;
  const at =
    kind === 'article' || kind === 'inproceedings' || kind === 'book' ? venueField[kind] : 'howpublished';
  return [
    ['author', authors.map(authorText).join(' and ')],
    // In braces of its own: styles would make capitals small.
    ['title', `{${escapeBibtex(title)}}`],
    [at, venue && escapeBibtex(venue)],
    ['year', year === undefined ? undefined : String(year)],
    ['volume', volume],
    ['number', number],
    ['pages', pages?.join('--')],
    ['doi', doi],
    ...(arxiv === undefined
      ? []
      : ([
          ['eprint', arxiv],
          ['archiveprefix', 'arXiv'],
        ] as const)),
    ['note', version === undefined ? undefined : `Version ${escapeBibtex(version)}`],
  ];
}

/** A group's name is one word. */
function authorText(author: string): string {
  return author.includes(', ') ? escapeBibtex(author) : `{${escapeBibtex(author)}}`;
}
