import { isOfOneTraining } from './decision.ts';
import type { Decision, Rule } from './decision.ts';

/** What is asked of a gain, in full sentences. Whoever tells the rule tells it in these words. */
export interface RuleInWords {
  readonly definition: string;
  readonly images: string;
  readonly trainings: { readonly title: string; readonly text: string };
  readonly correction: string;
}

export function ruleInWords(rule: Rule, { oneTraining }: { readonly oneTraining: boolean }): RuleInWords {
  return {
    definition:
      'A sweet spot is a sparsity whose score beats the dense model of the same study by more than chance.',
    images: `the ${shareText(rule.confidence)} interval of the gain over images, for the trainings as they are, lies above zero. It is a paired bootstrap: ${rule.resamples.toLocaleString('en-GB')} times the images are drawn anew, the same ones for the sparse and the dense model, so that hard images cancel. Fewer images with a gain or a loss than could show it at all (6 at 95 % for one sparsity) never suffice.`,
    trainings: trainings(rule, oneTraining),
    correction: correction(rule),
  };
}

/** The rule in words, one sentence or two an entry, as it was applied to these decisions. */
export function describeRule(
  rule: Rule,
  controls: readonly string[],
  decisions: readonly Decision[],
): readonly string[] {
  const share = shareText(rule.confidence);
  const { definition, images, trainings, correction } = ruleInWords(rule, {
    oneTraining: isEachOfOneTraining(decisions),
  });
  return [
    `${definition} All of the following must hold.`,
    `Images: ${images}`,
    `${trainings.title}: ${trainings.text}`,
    `Several sparsities: ${correction}`,
    chance(rule, decisions.length),
    controls.length === 0
      ? 'Controls: none was given, so that nothing says whether the gain comes from what the model learned.'
      : `Controls (${controls.join('; ')}): a sweet spot passes one where both the score less the control's score at that sparsity and the gain less the control's gain lie above zero, by ${share} intervals over images and over the seeds that both have. It fails where the control is as good or gains as much, or where that cannot be told; it has to pass each of them, so no correction for their number is needed.`,
  ];
}

function trainings(
  { confidence, over_seeds: overSeeds }: Rule,
  oneTraining: boolean,
): RuleInWords['trainings'] {
  if (oneTraining)
    return {
      title: 'Trainings',
      text: 'each model was trained once, so that nothing is known of other trainings. What is found holds for these weights, by the images alone; with another seed it may not be there.',
    };
  return overSeeds === 'spread'
    ? {
        title: 'Trainings',
        text: 'the mean gain is larger than the sample standard deviation of the gains of the single seeds. This is a weak demand: with three seeds, one gain in nine that is none passes it.',
      }
    : {
        title: 'Images and trainings',
        text: `the ${shareText(confidence)} interval of the gain over other images and other trainings lies above zero. Its standard error is that of a mean over seeds and images that are crossed, as every training sees the same images (two-way analysis of variance): the scatter of the seeds' gains and that of the images', what they have in common counted once. The fewer the seeds, the wider it is (Student's t).`,
      };
}

function correction({ correction: by, confidence, over_seeds: overSeeds }: Rule): string {
  switch (by) {
    case 'max-t':
      return `all of a score are judged together, so that their intervals hold together with ${shareText(confidence)} confidence${overSeeds === 'spread' ? ', over images' : ''}. How large a gain the luckiest of them shows where there is none is simulated, for the most unfavourable correlation between trainings (max-T). No standard error is taken for smaller than the median over the score's sparsities, as it may be small by luck.`;
    case 'bonferroni':
      return 'intervals are widened by their number (Bonferroni), so that the confidence holds for all sparsities of a score together.';
    case 'none':
      return 'each is judged by itself. Where many are tried, some pass by luck. Neighbouring sweet spots that agree are stronger evidence than a single one.';
  }
}

/** What is not corrected for: the number of scores. */
function chance({ correction: by, confidence }: Rule, scores: number): string {
  const tail = (1 - confidence) / 2;
  const rate = shareText(tail);
  if (by === 'none')
    return `Several scores: each is judged by itself too. Of sparsities that gain nothing, ${rate} are expected to pass.`;
  const expected = scores * tail;
  const about = expected < 0.95 ? expected.toFixed(1) : String(Math.round(expected));
  return `Several scores: each is judged by itself. Of scores that gain nowhere, ${rate} are expected to show a sweet spot by chance: ${about} of ${scores}, if none of them gained.`;
}

/** Whether no gain is known from more than one training. */
export function isEachOfOneTraining(decisions: readonly Decision[]): boolean {
  const points = decisions.flatMap(({ outcome }) => (outcome.kind === 'decided' ? outcome.points : []));
  return points.length > 0 && points.every(isOfOneTraining);
}

function shareText(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
