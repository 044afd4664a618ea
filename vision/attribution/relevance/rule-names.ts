/** How relevance is shared out, layer by layer; `captum` is what that package computes, to compare with. */
export type RelevanceRule = 'epsilon' | 'epsilon-plus' | 'epsilon-plus-flat' | 'captum';

export const relevanceRules: readonly RelevanceRule[] = [
  'epsilon-plus',
  'epsilon-plus-flat',
  'epsilon',
  'captum',
];
