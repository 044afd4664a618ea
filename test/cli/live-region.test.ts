import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveRegion } from '../../cli/progress/live-region.ts';
import { Screen } from './screen.ts';

const paint = fc.record({
  kind: fc.constant('paint' as const),
  lengths: fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 6 }),
  above: fc.array(fc.constantFrom('failed', 'warning'), { maxLength: 2 }),
});
const resize = fc.record({ kind: fc.constant('resize' as const), columns: fc.integer({ min: 5, max: 120 }) });

describe('the live region', () => {
  it('shows the history and its lines, and nothing else, whatever is painted and however the terminal is resized', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(paint, resize), { maxLength: 20 }), (steps) => {
        const screen = new Screen(80);
        screen.write('$ sweetspot run\n');
        const region = new LiveRegion(screen, { reflows: true });
        const history = ['$ sweetspot run'];
        for (const [index, step] of steps.entries()) {
          if (step.kind === 'resize') {
            screen.columns = step.columns;
            continue;
          }
          const lines = step.lengths.map((length) =>
            String(index % 10).repeat(Math.max(1, Math.min(length, screen.columns - 1))),
          );
          history.push(...step.above);
          region.paint(lines, step.above);
          expect(screen.text()).toEqual([...history, ...lines]);
        }
        region.clear(['the end']);
        expect(screen.text()).toEqual([...history, 'the end']);
      }),
    );
  });

  it('writes only lines that changed, and nothing where none did', () => {
    const screen = new Screen(80);
    const region = new LiveRegion(screen, { reflows: true });
    const lines = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(30));
    region.paint(lines);
    const before = screen.received;
    region.paint(lines);
    expect(screen.received).toBe(before);
    region.paint(lines.with(7, 'changed'));
    expect(screen.received - before).toBeLessThan(80);
    expect(screen.text()).toEqual(lines.with(7, 'changed'));
  });

  it('begins anew below what somebody else has written in the meantime', () => {
    const screen = new Screen(80);
    const region = new LiveRegion(screen, { reflows: true });
    region.paint(['one', 'two']);
    screen.write('[1]+ Stopped\n');
    region.forget();
    region.paint(['three']);
    expect(screen.text()).toEqual(['one', 'two', '[1]+ Stopped', 'three']);
  });
});
