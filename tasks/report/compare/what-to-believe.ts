import type { Section } from '../figures/figure.ts';
import { html } from '../page/html.ts';
import type { Comparison } from './comparison.ts';
import { discoveryRate } from './differences.ts';

/** How differences were judged, and what they do not say. */
export function whatToBelieve({ sharedSeeds }: Comparison): Section {
  const rate = `${Math.round(discoveryRate * 100)} %`;
  return {
    id: 'believe',
    title: 'What to believe',
    body: html`<dl class="guide">
      <dt>What is compared</dt>
      <dd>
        The same measure, metric, method and set of the same model, at sparsities that leave the same share of
        weights (to one part in a hundred). Where each run has one model that the other has not, the two stand
        for each other. Tasks may have other names. Scores of controls and of training are left out.
      </dd>
      <dt>Intervals</dt>
      <dd>
        Each image's value in the first run is taken from its value in the second (means over the seeds that
        both have); images are drawn anew 1,000 times. An image that only one run scored does not count, so a
        difference may not be that of the two means beside it.
      </dd>
      <dt>Beyond chance</dt>
      <dd>
        Two conditions, both of which must hold. Images: a randomisation test, in which each image's
        difference takes either sign, 10,000 times; its p stands the Benjamini and Hochberg procedure over all
        scores (over all points, for single sparsities), which holds the expected share of chance among what
        is called so to ${rate}. Seeds: the difference is larger than the standard deviation of the single
        seeds'
        differences${sharedSeeds.length > 1 ? '' : ', which cannot be asked here, with fewer than two seeds in common'}.
      </dd>
      <dt>Within chance</dt>
      <dd>
        Not shown to differ, which is not the same as shown to be equal. The interval says how far it may be.
      </dd>
      <dt>Why it changed</dt>
      <dd>
        The page puts what changed in the study beside what changed in the scores; it does not prove that one
        made the other. A model that was trained anew differs from the old one by luck too, and few seeds tell
        little of how much.
      </dd>
    </dl>`,
  };
}
