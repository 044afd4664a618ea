import type { Section } from '../figures/figure.ts';
import { html } from '../page/html.ts';
import type { Study } from '../study/study.ts';

/** How to read the page, for those who did not make it. */
export function readingGuide(study: Study): Section {
  return {
    id: 'reading',
    title: 'How to read this page',
    short: 'How to read it',
    body: html`<dl class="guide">
      <dt>Sparsity</dt>
      <dd>
        The share of prunable weights (convolutions and linear layers) that are zero. The axis is stretched
        towards high sparsity: equal distances remove equal shares of what is left, so rounds of pruning stand
        evenly.
      </dd>
      <dt>Lines, bands, bars, rings</dt>
      <dd>
        A line is the
        mean${study.seeds.length > 1 ? ` over ${study.seeds.length} seeds; its band runs from the lowest to the highest seed` : ''}.
        Its dotted companion is the dense model's score. Upright bars are the interval over images: where
        other images would have put the mean. A ring marks a sweet
        spot${study.controls.length === 0 ? '' : ', a broken one a sweet spot that fails a control'}. A level
        marked people is what people reach on the same images. Point at a mark for its numbers.
      </dd>
      <dt>Per cent and points</dt>
      <dd>
        Scores are per cent; gains are percentage points over the dense model, positive where the sparse model
        is better.
      </dd>
      <dt>What a sweet spot is not</dt>
      <dd>
        A sparsity without a ring is not shown to be worse. The images or seeds may be too few to tell; more
        of either narrows the intervals. Nor does a ring say why: where each round of pruning is followed by
        training, a sparser model is one that was trained for longer.
      </dd>
    </dl>`,
  };
}
