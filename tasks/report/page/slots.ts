import { html, trusted } from './html.ts';
import type { Html } from './html.ts';

/**
 * Places of the page that are filled when a copy of it is handed over, between two comments each. What the page is made of cannot
 * look like one: it is escaped. A filled place keeps its comments, so that it can be filled anew.
 */
export type SlotName = 'provenance-link' | 'provenance' | 'record';

export function slot(name: SlotName, content: Html = trusted('')): Html {
  return html`${trusted(opening(name))}${content}${trusted(closing(name))}`;
}

/** The page with what stands in a slot replaced; as it is where it has no such slot. */
export function fillSlot(page: string, name: SlotName, content: Html): string {
  const start = page.indexOf(opening(name));
  const end = page.indexOf(closing(name), start);
  if (start < 0 || end < 0) return page;
  return page.slice(0, start + opening(name).length) + content.markup + page.slice(end);
}

function opening(name: SlotName): string {
  return `<!--sweetspot:${name}-->`;
}

function closing(name: SlotName): string {
  return `<!--/sweetspot:${name}-->`;
}
