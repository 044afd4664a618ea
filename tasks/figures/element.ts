import { parseHTML } from 'linkedom';

/** As much of a document's element as laying out needs. */
export interface PageElement {
  readonly localName: string;
  readonly textContent: string;
  readonly innerHTML: string;
  readonly outerHTML: string;
  readonly children: Iterable<PageElement>;
  readonly parentElement: PageElement | null;
  readonly classList: { contains(name: string): boolean };
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  remove(): void;
}

/** Reads markup of a section, to walk over its elements. */
export function readMarkup(markup: string): PageElement {
  const window: unknown = parseHTML(`<!doctype html><html><body>${markup}</body></html>`);
  return (window as { readonly document: { readonly body: PageElement } }).document.body;
}

/** The words of an element, its white space as a browser shows it. */
export function wordsOf(element: PageElement): string {
  return element.textContent.trim().replace(/[ \t\n\r]+/g, ' ');
}
