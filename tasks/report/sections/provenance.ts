import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { plural } from '../page/numbers.ts';
import type { Study } from '../study/study.ts';

/** What the page was made from. No time and no place: equal inputs give equal bytes. */
export function provenance({ sources }: Study): Html {
  const inputs = sources.counts
    .map(({ what, count }) => plural(count, what.replace(/s$/, ''), what))
    .join(', ');
  return html`<footer>
    ${sources.remarks.map((remark) => html`<p>${remark}</p>`)}
    <p>
      Made from ${inputs || 'no inputs'}. Their fingerprint (SHA-256 of their digests, in order) is
      <code>${sources.fingerprint}</code>. But for how its results came to be, the page holds neither time nor
      place: the same inputs give the same bytes.
    </p>
  </footer>`;
}
