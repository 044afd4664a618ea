import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { plural } from '../page/numbers.ts';
import type { Study } from '../study/study.ts';

/** Says on a page that was made before its study was done what is missing; nothing once all is there. */
export function soFar({ unfinished, awaited }: Study): Html | undefined {
  if (unfinished.length === 0) return undefined;
  const missing = unfinished.reduce((sum, task) => sum + task.missing, 0);
  return html`<aside class="so-far" aria-label="Unfinished">
    <p>
      <b>This study is not finished.</b> ${plural(missing, 'result')} that this page shows
      ${missing === 1 ? 'is' : 'are'} still to
      come.${awaited.length === 0 ? '' : ' Hollow marks at the foot of a chart show where.'} Means, bands and
      sweet spots can change.
    </p>
    <ul>
      ${unfinished.map((task) => html`<li>${task.name} <small>${String(task.missing)} to come</small></li>`)}
    </ul>
  </aside>`;
}
