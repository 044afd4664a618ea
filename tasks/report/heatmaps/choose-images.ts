import type { PreviewItem } from '../../previews/previews-file.ts';

export interface Chosen {
  readonly items: readonly PreviewItem[];
  /** How they were chosen, a sentence or more. */
  readonly how: string;
}

export interface Wish {
  readonly count: number;
  /** Names of images; empty: none is named. */
  readonly ids: readonly string[];
}

/** Those that the study names; else the first of each class, so that no map decides which are shown. */
export function chooseImages(drawn: readonly PreviewItem[], { count, ids }: Wish): Chosen {
  const named = ids.flatMap((id) => drawn.find((item) => item.id === id) ?? []);
  const lacking = ids.filter((id) => !named.some((item) => item.id === id));
  const note =
    lacking.length === 0
      ? ''
      : ` Of ${lacking.join(', ')}, which the study names, nothing is drawn; drawn are ${drawn.map(({ id }) => id).join(', ')}.`;
  if (named.length > 0) return { items: named, how: `The study names the images that are shown.${note}` };
  const firsts = drawn.filter((item, i) => drawn.findIndex(({ label }) => label === item.label) === i);
  const others = drawn.filter((item) => !firsts.includes(item));
  const how =
    'Shown are the first of the drawn images in the order of the data set, each of another class as far as there are any, whatever their maps look like.';
  return { items: [...firsts, ...others].slice(0, count), how: how + note };
}
