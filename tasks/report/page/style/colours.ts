import { palette, steps } from '../../charts/palette.ts';

/** Custom properties with the colours of the page, on light or on dark paper. */
export function colours(scheme: 'light' | 'dark'): string {
  const base =
    scheme === 'light'
      ? '--paper:#fff;--ink:#1b1f24;--quiet:#5d6670;--faint:#a9b1ba;--rule:#d9dee3;--grid:#e9ecef;--soft:#f5f7f8;--accent:#0067a5;'
      : '--paper:#14171a;--ink:#e8eaed;--quiet:#9aa4ae;--faint:#66707a;--rule:#343a41;--grid:#262b30;--soft:#1c2024;--accent:#56b4e9;';
  const lines = palette.map((colour, i) => `--line-${i}:${colour[scheme]};`).join('');
  const sparsities = steps.map((colour, i) => `--step-${i}:${colour[scheme]};`).join('');
  return (
    base +
    lines +
    sparsities +
    ramp('heat', heat[scheme]) +
    ramp('up', up[scheme], 1) +
    ramp('down', down[scheme], 1)
  );
}

/** What the custom properties are on light paper, by name. */
export function lightColours(): { readonly [name: string]: string } {
  return Object.fromEntries(
    [...colours('light').matchAll(/--([\w-]+):([^;]+);/g)].map(([, name, value]) => [name, value]),
  ) as { readonly [name: string]: string };
}

function ramp(name: string, steps: readonly string[], from = 0): string {
  return steps.map((colour, i) => `--${name}-${i + from}:${colour};`).join('');
}

/** One hue from paper to ink: how much. */
const heat = {
  light: ['#f3f7fa', '#deebf3', '#c2dcea', '#9ecae0', '#74b3d3', '#4a99c4', '#277db0', '#0f6097', '#084475'],
  dark: ['#1b2126', '#1d2e39', '#1f3d4d', '#205064', '#22657f', '#2b7f9e', '#45a0bf', '#78c1da', '#b5e2f0'],
};
/** Two hues that stay apart for colour-blind eyes: better and worse than dense. */
const up = {
  light: ['#e3eff7', '#bfdcee', '#8fc1e0', '#5aa2cf'],
  dark: ['#16293a', '#173d58', '#17557b', '#17628b'],
};
const down = {
  light: ['#fef6ee', '#fdecdc', '#fae0c8', '#f7d3b1'],
  dark: ['#231d18', '#30251b', '#3e2d1e', '#4d3621'],
};
