import type { Rule } from './decision.ts';

/** The rule in words, one sentence an entry. */
export function describeRule(rule: Rule, controls: readonly string[]): readonly string[] {
  const share = `${Number((rule.confidence * 100).toFixed(2))} %`;
  return [
    'A sweet spot is a sparsity whose score beats the dense model of the same study by more than chance; both of two conditions must hold.',
    `Images: the ${share} interval of the gain lies above zero. It is a paired bootstrap: ${rule.resamples.toLocaleString('en-GB')} times the images are drawn anew, the same ones for the sparse and the dense model, so that hard images cancel. Fewer images than could show it at all (6 at 95 %) never suffice.`,
    'Seeds: the mean gain is larger than the sample standard deviation of the gains of the single seeds. With one seed this cannot be asked, and the decision rests on the images alone.',
    rule.correction === 'bonferroni'
      ? 'Intervals are widened (Bonferroni), so that the confidence holds for all sparsities of a score together.'
      : 'Each sparsity is judged by itself: where many are tried, a few may pass by luck. Neighbouring sweet spots that agree are stronger evidence than a single one.',
    controls.length === 0
      ? 'Controls: none was given, so that nothing says whether the gain comes from what the model learned.'
      : `Controls (${controls.join('; ')}): a sweet spot passes one where, over images, both the score less the control's score at that sparsity and the gain less the control's gain lie above zero at ${share} confidence. It fails where the control is as good or gains as much; it has to pass each of them, so no correction for their number is needed.`,
  ];
}
