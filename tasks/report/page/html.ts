/** Markup: text that may stand in a page as it is. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | undefined | readonly (Html | undefined)[];

/**
 * Builds markup. What is put in is escaped unless it is markup itself, so titles of studies and names of files are inert.
 * Lists are joined; undefined is nothing. Safe in element content and in double-quoted attributes.
 */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = literals.reduce((text, literal, i) => text + insert(parts[i - 1]) + literal);
  return { markup };
}

/** Takes over markup that was made elsewhere and is known to be well-formed and escaped. */
export function trusted(markup: string): Html {
  return { markup };
}

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function insert(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return String(part);
  if ('markup' in part) return part.markup;
  return part.map((item) => item?.markup ?? '').join('');
}
