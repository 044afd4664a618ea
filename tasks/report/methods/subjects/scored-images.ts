import { countText } from '../../page/numbers.ts';
import { listed } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';

/** How many images of a data set each task scored that served some purposes: the fewest and the most. */
export interface ScoredImages {
  readonly purposes: readonly string[];
  readonly fewest: number;
  readonly most: number;
}

/** Purposes with equal counts together; those of which nobody has counted images are left out. */
export function scoredFor(
  uses: readonly { readonly purpose: string | undefined; readonly images: number | undefined }[],
): readonly ScoredImages[] {
  const counts = new Map<string, number[]>();
  for (const { purpose, images } of uses)
    if (purpose !== undefined && images !== undefined)
      counts.set(purpose, [...(counts.get(purpose) ?? []), images]);
  const found = new Map<string, ScoredImages>();
  for (const [purpose, images] of counts) {
    const [fewest, most] = [Math.min(...images), Math.max(...images)];
    const key = `${fewest} ${most}`;
    found.set(key, { purposes: [...(found.get(key)?.purposes ?? []), purpose], fewest, most });
  }
  return [...found.values()];
}

/** `; 1449 were scored`, `; 160 to 1280 of each set were scored`, `; 2000 were scored for accuracy and 3 for localisation`. */
export function scoredText({
  adapter,
  purposes,
  scored,
}: {
  readonly adapter: string;
  readonly purposes: readonly string[];
  readonly scored: readonly ScoredImages[];
}): Phrase {
  const [first] = scored;
  if (first === undefined) return [];
  const parts = scored.map((one, i): Phrase => {
    const { fewest, most } = one;
    const count = fewest === most ? countText(most) : `${countText(fewest)} to ${countText(most)}`;
    const verb = i > 0 ? '' : most === 1 ? ' was scored' : ' were scored';
    const all = scored.length === 1 && one.purposes.length === purposes.length;
    return [
      `${count}${adapter === 'geirhos' ? ' of each set' : ''}${verb}`,
      ...(all ? [] : [' for ', ...listed(one.purposes)]),
    ];
  });
  return ['; ', ...listed(parts)];
}
