import type { Reading } from '../../readings/reading.ts';
import { modelLabel } from '../page/labels.ts';
import { lineKey } from './study.ts';
import type { Line } from './study.ts';

/** The models (and variants) of a study in the order in which they first occur. */
export function linesOf(places: readonly Pick<Reading, 'model' | 'variant'>[]): readonly Line[] {
  const lines = new Map<string, Omit<Line, 'index'>>();
  for (const { model, variant } of places) {
    const key = lineKey(model, variant);
    if (lines.has(key)) continue;
    const label = variant === '' ? modelLabel(model) : `${modelLabel(model)}, ${variant}`;
    lines.set(key, { key, model, variant, label });
  }
  return [...lines.values()].map((line, index) => ({ ...line, index }));
}
