import type { AttributionMethod, ExplainRequest } from '../method.ts';

/** For methods that the authors of the study compute in another way than published. */
export const variantOption: AttributionMethod['options'] = {
  variant: {
    enum: ['published', 'authors'],
    default: 'published',
    description:
      "`authors`: as the code behind the study's figures computes it, to compare with them; docs/evaluations.md says how it differs.",
  },
};

export function isByAuthors(options: ExplainRequest['options']): boolean {
  return options['variant'] === 'authors';
}
