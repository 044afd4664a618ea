import { describe, expect, it } from 'vitest';
import { deliveredName, isShortened } from '../../cli/delivered-name.ts';

describe('the name of a delivered file', () => {
  it('is the address where it fits', () => {
    expect(deliveredName('lrr/report@seed=0', '.html')).toBe('lrr.report@seed=0.html');
    expect(isShortened('lrr/report@seed=0', '/out/lrr.report@seed=0.html')).toBe(false);
  });

  it.each(['x'.repeat(255), 'ä'.repeat(200), '🐦'.repeat(100)])(
    'is cut to what a file system takes, with whole characters and its extension (%#)',
    (address) => {
      const name = deliveredName(address, '.html');
      expect(isShortened(address, `/out/${name}`)).toBe(true);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240);
      expect(Buffer.byteLength(name)).toBeGreaterThan(200);
      expect(name).toMatch(/-[0-9a-f]{12}\.html$/);
      expect(address.startsWith(name.slice(0, name.lastIndexOf('-')))).toBe(true);
    },
  );

  it('tells long addresses with one beginning apart, and drops an extension that is none', () => {
    const names = ['a', 'b'].map((end) => deliveredName('x'.repeat(300) + end, `.${'y'.repeat(250)}`));
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(240);
  });
});
