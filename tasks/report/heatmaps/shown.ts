import { join } from 'node:path';
import type { PreviewItem } from '../../previews/previews-file.ts';
import { distinct, sameSparsity } from '../study/lookup.ts';
import type { Line, PreviewSet, Study } from '../study/study.ts';

/** What the figure shows of one model: one seed's previews. */
export interface Shown {
  readonly line: Line;
  readonly seed: string;
  readonly methods: readonly string[];
  /** All that there are, ascending. */
  readonly sparsities: readonly number[];
  /** Those that are columns of the grid. */
  readonly columns: readonly number[];
  readonly sets: readonly PreviewSet[];
}

/** The first seed's previews of each model that has any; columns spread evenly, the dense and the sparsest model among them. */
export function shownOf({ lines, previews, limits }: Study): readonly Shown[] {
  return lines.flatMap((line) => {
    const own = previews.filter((set) => set.line === line);
    if (own.length === 0) return [];
    const seed = own[0]!.seed;
    const sets = own.filter((set) => set.seed === seed);
    const sparsities = [...distinct(sets.map((set) => set.sparsity))].sort((a, b) => a - b);
    const count = Math.min(limits.heatmapColumns, sparsities.length);
    const columns = distinct(
      Array.from(
        { length: count },
        (_, i) => sparsities[Math.round((i * (sparsities.length - 1)) / Math.max(1, count - 1))]!,
      ),
    );
    return [{ line, seed, methods: distinct(sets.map((set) => set.method)), sparsities, columns, sets }];
  });
}

/** Whether what a method draws is a box, not a map. */
export function drawsBoxes(method: string): boolean {
  return method === 'lost' || method === 'lost-authors';
}

/** One image as a set shows it. */
export interface Sight {
  readonly set: PreviewSet;
  readonly item: PreviewItem;
}

export function sightOf(
  { sets }: Shown,
  at: { readonly id: string; readonly method: string; readonly sparsity: number },
): Sight | undefined {
  const set = sets.find((one) => one.method === at.method && sameSparsity(one.sparsity, at.sparsity));
  const item = set?.items.find((one) => one.id === at.id);
  return set === undefined || item === undefined ? undefined : { set, item };
}

/** Where the image itself, without a map, can be had from; one with its mask, if there is such. */
export function inputOf({ sets }: Shown, id: string): Sight | undefined {
  const sights = sets.flatMap((set) =>
    set.items.filter((item) => item.id === id).map((item) => ({ set, item })),
  );
  return sights.find(({ item }) => item.mask !== undefined) ?? sights[0];
}

/** All maps of some images. */
export function sightsOf(shown: readonly Shown[], ids: readonly string[]): readonly Sight[] {
  return shown.flatMap((one) =>
    ids.flatMap((id) =>
      one.methods.flatMap((method) =>
        one.sparsities.flatMap((sparsity) => sightOf(one, { id, method, sparsity }) ?? []),
      ),
    ),
  );
}

/** The files that the figure embeds: each image, and its maps by every method and sparsity. */
export function filesOf(shown: readonly Shown[], ids: readonly string[]): readonly string[] {
  const inputs = shown.flatMap((one) => ids.flatMap((id) => inputOf(one, id) ?? []));
  return [
    ...inputs.map(({ set, item }) => join(set.dir, item.image)),
    ...sightsOf(shown, ids).map(({ set, item }) => join(set.dir, item.overlay)),
  ];
}
