import { startDrawing } from '../charts/draw.ts';
import { html } from '../page/html.ts';
import { renderPage } from '../page/page.ts';
import { compareStudies } from './comparison.ts';
import type { CompareRequest } from './comparison.ts';
import { compareGlance } from './glance.ts';
import { compareHeader } from './header.ts';
import { largestChanges } from './largest-changes.ts';
import { sameScores } from './same-scores.ts';
import { scorePanels } from './score-panels.ts';
import { studySection } from './study-section.ts';
import { sweetTable } from './sweet-table.ts';
import { whatToBelieve } from './what-to-believe.ts';

/** One page of two runs: what changed in the study beside what changed in the scores. Equal inputs give equal bytes. */
export function comparePage(request: CompareRequest): string {
  const comparison = compareStudies(request);
  const draw = startDrawing();
  const { before, after } = comparison;
  const sections = [
    compareGlance(comparison, draw),
    studySection(comparison),
    largestChanges(comparison),
    ...scorePanels(comparison, draw),
    sameScores(comparison),
    sweetTable(comparison),
    whatToBelieve(comparison),
  ].filter((section) => section !== undefined);
  return renderPage({
    title: `${before.study} and ${after.study}, side by side`,
    header: compareHeader(comparison),
    sections,
    footer: html`<footer>
      <p>Made by <code>sweetspot diff ${before.run} ${after.run} --page</code>.</p>
    </footer>`,
  });
}
