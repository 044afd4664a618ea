import type { PathNode } from './differentiable.ts';

export type QuadratureRule =
  'gausslegendre' | 'riemann_left' | 'riemann_right' | 'riemann_middle' | 'riemann_trapezoid';

export const quadratureRules: readonly QuadratureRule[] = [
  'gausslegendre',
  'riemann_left',
  'riemann_right',
  'riemann_middle',
  'riemann_trapezoid',
];

/**
 * Nodes and weights on [0, 1]. The Riemann rules are Captum's: for the trapezoid, `steps` equally spaced nodes with both
 * ends included, weights 1/steps, halved at the ends, so that they sum to 1 - 1/steps.
 */
export function quadrature(rule: QuadratureRule, steps: number): readonly PathNode[] {
  const even = (place: (k: number) => number): readonly PathNode[] =>
    Array.from({ length: steps }, (_, k) => ({ alpha: place(k), weight: 1 / steps }));
  switch (rule) {
    case 'gausslegendre':
      return gaussLegendre(steps);
    case 'riemann_left':
      return even((k) => k / steps);
    case 'riemann_right':
      return even((k) => (k + 1) / steps);
    case 'riemann_middle':
      return even((k) => (k + 0.5) / steps);
    case 'riemann_trapezoid':
      return even((k) => (steps === 1 ? 0 : k / (steps - 1))).map((node, k) =>
        k === 0 || k === steps - 1 ? { ...node, weight: node.weight / 2 } : node,
      );
  }
}

/**
 * Gauss-Legendre nodes and weights, moved from [-1, 1] to [0, 1]: the roots of the Legendre polynomial P_n by Newton's
 * method from the estimate cos(pi (k + 3/4) / (n + 1/2)), and w = 2 / ((1 - x^2) P_n'(x)^2) (Abramowitz and Stegun 25.4.29).
 */
function gaussLegendre(steps: number): readonly PathNode[] {
  return Array.from({ length: steps }, (_, k) => {
    // Counted from the right end, so that alpha rises.
    let x = Math.cos((Math.PI * (steps - 1 - k + 0.75)) / (steps + 0.5));
    let derivative = 1;
    for (let round = 0; round < 100; round++) {
      const legendre = evaluateLegendre(steps, x);
      derivative = legendre.derivative;
      const step = legendre.value / derivative;
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    return { alpha: (1 + x) / 2, weight: 1 / ((1 - x * x) * derivative ** 2) };
  });
}

/** P_n and its derivative by the three-term recurrence (Abramowitz and Stegun 22.7.10, 22.8.5). */
function evaluateLegendre(n: number, x: number): { readonly value: number; readonly derivative: number } {
  let [previous, value] = [1, x];
  for (let degree = 2; degree <= n; degree++) {
    [previous, value] = [value, ((2 * degree - 1) * x * value - (degree - 1) * previous) / degree];
  }
  return { value, derivative: (n * (x * value - previous)) / (x * x - 1) };
}
