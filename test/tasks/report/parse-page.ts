import { parseHTML } from 'linkedom';

/** What tests ask of an element; the compiler's options have no browser types. */
export interface PageElement {
  readonly id: string;
  readonly outerHTML: string;
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

/** The root of a page. */
export function parsePage(html: string): PageElement {
  const window: unknown = parseHTML(html);
  return (window as { readonly document: PageElement }).document;
}
