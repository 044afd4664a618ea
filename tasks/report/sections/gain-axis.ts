import { valueAxis } from '../charts/value-axis.ts';
import type { ValueAxis } from '../charts/value-axis.ts';
import type { Gains } from '../study/gains.ts';
import { decidedPoints } from '../study/lookup.ts';

/**
 * A model that collapses must not flatten what lies above: below, an axis shows half as much again as above, and `least` anyway. Nor
 * must intervals over two seeds: where they are wider than the chart, their bars end with it.
 */
export function gainAxis(all: readonly Gains[], least: number): ValueAxis {
  const values = all.flatMap((gains) => [
    ...gains.mean.flatMap(({ gain, seeds }) => [gain, ...(seeds ?? [])]),
    ...singleGains(gains),
  ]);
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const floor = Math.max(low, -Math.max(1.5 * high, least));
  const margin = 0.05 * (high - floor);
  const domain = [floor - margin, high + margin] as const;
  if (high === floor) return valueAxis({ values: [floor, high], ticks: 3 });
  // Small charts: round ends would take a third of them. What remains has to say how large a gain is.
  const axes = [3, 5, 8, 12].map((ticks) => {
    const axis = valueAxis({ values: [floor, high], ticks });
    return { ...axis, domain, ticks: axis.ticks.filter((tick) => tick >= domain[0] && tick <= domain[1]) };
  });
  return axes.find(({ ticks }) => ticks.length > 1) ?? axes[0]!;
}

function singleGains({ decisions, factor }: Gains): readonly number[] {
  return decisions.flatMap((one) =>
    decidedPoints(one).flatMap(({ gain }) => (gain === null ? [] : [gain * factor])),
  );
}

/** Whether a score falls below the axis. */
export function leaves(gains: Gains, { domain }: ValueAxis): boolean {
  return singleGains(gains).some((gain) => gain < domain[0]);
}
