import { describedModel } from '../../vision/models/catalogue.ts';
import type { LostChoice, LostFeatures, LostSource } from '../../vision/models/model-entry.ts';

export interface LostOptions {
  readonly dilation: number;
  readonly k: number;
  readonly features: 'default' | LostChoice;
  readonly variant: 'paper' | 'authors';
  readonly resize?: number;
  readonly images?: number;
}

/** What results call it, so that a report tells the variants apart. */
export function methodOf({ variant }: Pick<LostOptions, 'variant'>): string {
  return variant === 'authors' ? 'lost-authors' : 'lost';
}

/** Where features are looked for; undefined where the model has nothing of that name. */
export function sourceOf(
  lost: LostFeatures,
  { features, variant }: Pick<LostOptions, 'features' | 'variant'>,
): LostSource | undefined {
  if (variant === 'authors' && lost.authors !== undefined)
    return features === 'default' || features === 'keys' ? lost.authors : undefined;
  if (features === 'default') return lost;
  const stage = lost.others?.[features];
  return stage === undefined ? undefined : { ...lost, stage };
}

/** What of the options a model cannot do, before anything runs. */
export function objection(
  model: string,
  options: LostOptions,
): { readonly path: readonly string[]; readonly message: string; readonly hint: string } | undefined {
  const lost = describedModel(model)?.lost;
  if (lost === undefined) return undefined;
  const { dilation, features, variant } = options;
  if (dilation > 1 && lost.dilates !== true)
    return {
      path: ['dilation'],
      message: `${model} takes no dilation: only the ImageNet ResNets' last stage has a stride to dilate instead`,
      hint: 'leave it out',
    };
  if (sourceOf(lost, options) !== undefined) return undefined;
  return variant === 'authors' && lost.others?.[features as LostChoice] !== undefined
    ? {
        path: ['features'],
        message: `the authors' variant looks at keys, not ${features}`,
        hint: 'leave it out',
      }
    : { path: ['features'], message: `${model} has no ${features} to look at`, hint: 'leave it out' };
}
