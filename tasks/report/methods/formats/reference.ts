import type { Work } from '../works/work.ts';

/** A reference as lists of references have it: authors, title, where, when, and where it is found. */
export function referenceText(work: Work): string {
  const { title, year, version } = work;
  const told = [
    authorsText(work),
    `${title}${version === undefined ? '' : `, version ${version}`}`,
    [venueText(work), year === undefined ? '' : String(year)].filter((text) => text !== '').join(', '),
    foundText(work),
  ];
  return `${told.filter((text) => text !== '').join('. ')}.`.replaceAll(/([.?!])\./g, '$1');
}

/** `K. He, X. Zhang and J. Sun`; of more than eight the first and "et al.". */
function authorsText({ authors }: Work): string {
  const names = authors.map(shortName);
  if (names.length > 8) return `${names[0]!} et al.`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}

function shortName(author: string): string {
  const [family = '', given] = author.split(', ');
  if (given === undefined) return family;
  const initials = given.split(' ').map((name) => name.replace(/(\p{L})[^-]*/gu, '$1.'));
  return `${initials.join(' ')} ${family}`;
}

function venueText({ venue, volume, number, pages }: Work): string {
  if (venue === undefined) return '';
  const issue = volume === undefined ? '' : ` ${volume}${number === undefined ? '' : `(${number})`}`;
  return `${venue}${issue}${pages === undefined ? '' : `, ${pages.join('–')}`}`;
}

function foundText({ doi, arxiv }: Work): string {
  if (doi !== undefined) return `doi:${doi}`;
  return arxiv === undefined ? '' : `arXiv:${arxiv}`;
}
