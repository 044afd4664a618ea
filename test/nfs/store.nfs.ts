import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOn } from './actor.ts';
import type { Actor } from './actor.ts';
import { openLab } from './lab.ts';
import type { Lab } from './lab.ts';

const store = '/mnt/store';
let lab: Lab;
let near: Actor;
let far: Actor;

beforeAll(async () => {
  lab = await openLab();
  // Of two hosts that share a disk, the clocks may be anywhere.
  const hosts = [lab.boot('near'), lab.boot('far', { clock: '2035-01-01T00:00:00' })];
  [near, far] = (await Promise.all(hosts.map(async (host) => actorOn(await host, store)))) as [Actor, Actor];
});
afterAll(() => lab[Symbol.asyncDispose]());

describe('a store on NFS', () => {
  it('lets exactly one of two hosts compute each of many keys', async () => {
    const keys = Array.from({ length: 40 }, (_, index) => index);
    // From both ends, so that each gets some, and all that are near the middle at about the same time.
    const got = await Promise.all([near.ask('race', keys), far.ask('race', keys.toReversed())]);
    const all = (got as number[][]).flat().sort((a, b) => a - b);
    expect(all).toEqual(keys);
    for (const actor of [near, far]) await actor.ask('releaseAll');
  });

  it('tells who has the claim what was published before, though this host has just looked in vain', async () => {
    expect(await near.ask('claim', 'new')).toBe('acquired');
    expect(await far.ask('claim', 'new')).toBe('held');
    expect(await far.ask('look', 'new')).toBe('absent');
    expect(await far.ask('read', 'text of it')).toBe('absent');
    await near.ask('put', { name: 'new', text: 'text of it' });
    await near.ask('release', 'new');
    expect(await far.ask('claim', 'new')).toBe('acquired');
    expect(await far.ask('lookAnew', 'new')).toBe('found');
    expect(await far.ask('read', 'text of it')).toBe('text of it');
  });

  it('lets the first of two results stand', async () => {
    expect(await far.ask('put', { name: 'new', text: 'another' })).toBe('exists');
  });

  it('shows what is being published not at all, or whole', async () => {
    const long = { prefix: 'long', count: 30 };
    const [published, wrong] = await Promise.all([near.ask('publish', long), far.ask('watch', long)]);
    expect([published, wrong]).toEqual([30, []]);
  });

  it('is collected by the time of its server, whatever time a host thinks it is', async () => {
    expect(await far.ask('ahead')).toBeGreaterThan(24 * 365);
    expect(await far.ask('collect')).toMatchObject({ kind: 'collected', trashed: { count: 0 } });
    expect(await near.ask('read', 'text of it')).toBe('text of it');
  });

  it('goes on, and holds what is right, when its server hangs for a while, and when that crashes and comes back', async () => {
    const stalled = { prefix: 'stalled', count: 20 };
    const publishing = near.ask('publish', stalled);
    await lab.hang();
    const isDone = await Promise.race([publishing.then(() => true), delay(3000).then(() => false)]);
    await lab.goOn();
    await lab.crash();
    expect([isDone, await publishing]).toEqual([false, 20]);
    expect(await far.ask('watch', stalled)).toEqual([]);
  });

  it('gives the claim of a host that has died to another after five minutes of silence, with its snapshots', async () => {
    expect(await near.ask('claim', 'long task')).toBe('acquired');
    await near.ask('save', { name: 'long task', text: 'weights' });
    expect(await far.ask('claim', 'long task')).toBe('held');
    for (let passed = 0; passed < 600; passed += 100) {
      await near.ask('pass', 100);
      await far.ask('pass', 100);
      expect(await far.ask('claim', 'long task')).toBe('held');
    }
    await lab.pullPlug('near');
    await far.ask('pass', 290);
    expect(await far.ask('claim', 'long task')).toBe('held');
    await far.ask('pass', 20);
    expect(await far.ask('claim', 'long task')).toBe('acquired');
    expect(await far.ask('newest', 'long task')).toBe('weights');
  });
});
