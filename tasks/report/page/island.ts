import { trusted } from './html.ts';
import type { Html } from './html.ts';

/** Data for the page's script: JSON that stands in the page and is no script itself. No text in it can end the element. */
export function island(id: string, data: object): Html {
  return trusted(`<script type="application/json" id="${id}">${inert(JSON.stringify(data))}</script>`);
}

function inert(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
