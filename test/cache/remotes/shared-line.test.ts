import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SharedLine } from '../../../cache/remotes/shared-line.ts';
import { Throttle } from '../../../cache/remotes/throttle.ts';
import type { Store } from '../../../cache/store.ts';
import { removeLeftovers } from '../../../cache/upkeep/leftovers.ts';
import { temporaryStore } from '../support/temporary-store.ts';

/** Lines of processes of one machine, by a clock that the test sets. */
function linesOver(store: Store) {
  const clock = { ms: 1_700_000_000_000 };
  return { clock, open: (name = 'team pull') => new SharedLine(store, name, () => clock.ms) };
}

describe('a line to a remote', () => {
  it('is shared among those who have something under way', async () => {
    const { clock, open } = linesOver(await temporaryStore());
    const [one, two, three] = [open(), open(), open()];
    expect(one.sharers()).toBe(1);
    expect(two.sharers()).toBe(2);
    // Who has looked a moment ago does not look again.
    expect(one.sharers()).toBe(1);
    clock.ms += 600;
    expect([one.sharers(), two.sharers(), three.sharers()]).toEqual([2, 2, 3]);
    // The second has ended, or was killed.
    clock.ms += 1500;
    expect([one.sharers(), three.sharers()]).toEqual([3, 3]);
    clock.ms += 600;
    expect([one.sharers(), three.sharers()]).toEqual([2, 2]);
  });

  it('is one for each remote and direction', async () => {
    const { open } = linesOver(await temporaryStore());
    open('team pull').sharers();
    expect([open('team push').sharers(), open('other pull').sharers()]).toEqual([1, 1]);
  });

  it('gives each its part of the bandwidth', async () => {
    const { clock, open } = linesOver(await temporaryStore());
    const [one, two] = [new Throttle(1000, open()), new Throttle(1000, open())];
    expect(one.waitMs(500, 0)).toBe(500);
    expect(two.waitMs(500, 0)).toBe(1000);
    clock.ms += 600;
    expect(one.waitMs(500, 600)).toBe(1000);
    // Alone again.
    clock.ms += 3000;
    expect(two.waitMs(500, 4000)).toBe(500);
  });

  it('is held while a turn is waited for, and let go of then', async () => {
    const store = await temporaryStore();
    const one = new SharedLine(store, 'team pull');
    const hold = one.hold();
    const again = one.hold();
    hold[Symbol.dispose]();
    const other = new SharedLine(store, 'team pull');
    // Signs come by themselves.
    while (other.sharers() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    again[Symbol.dispose]();
    while (other.sharers() > 1) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('leaves nothing that stays', async () => {
    const store = await temporaryStore({ sharing: 'group' });
    const { clock, open } = linesOver(store);
    open().sharers();
    open().sharers();
    const [line] = await readdir(join(store.root, 'tmp'));
    const dir = join(store.root, 'tmp', line!);
    expect(await readdir(dir)).toHaveLength(2);
    expect((await stat(dir)).mode & 0o7777).toBe(0o2775);
    clock.ms += 61_000;
    open().sharers();
    expect(await readdir(dir)).toHaveLength(1);
    await removeLeftovers(store, { cutoffMs: Date.now() + 1000, graceMs: 1000, dryRun: false });
    expect(await readdir(join(store.root, 'tmp'))).toEqual([]);
  });

  it('of a store that may not be written to is not shared', async () => {
    const store = await temporaryStore();
    const { open } = linesOver({ ...store, root: join(store.root, 'store.json') });
    expect([open().sharers(), open().sharers()]).toEqual([1, 1]);
  });
});
