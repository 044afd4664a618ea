import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { digestOf, taskKeyOf } from '../../cache/digest.ts';
import { parseClaimName } from '../../cache/local/claim-record.ts';
import { livenessOf, ownIdentity } from '../../cache/process-identity.ts';
import type { Liveness, ProcessIdentity } from '../../cache/process-identity.ts';
import type { Store } from '../../cache/store.ts';
import { repositoryRoot } from '../support/shared.ts';
import { expectKind } from './support/expect-kind.ts';
import { ManualClock } from './support/manual-clock.ts';
import { opened, temporaryStore } from './support/temporary-store.ts';
import { until } from './support/until.ts';

const key = taskKeyOf(digestOf('task'));
const otherKey = taskKeyOf(digestOf('other task'));
const minuteMs = 60_000;

/** Two hosts with one store and one notion of time; each thinks of the other what `liveness` says. */
async function twoHosts(
  liveness: Liveness = 'unknown',
): Promise<{ clock: ManualClock; near: Store; far: Store; third: Store }> {
  const clock = new ManualClock();
  const asked = (): Liveness => liveness;
  const self = (host: string): ProcessIdentity => ({ host, pid: 7 });
  const near = await temporaryStore({ clock, self: self('near'), livenessOf: asked });
  const far = await opened({ dir: near.root, clock, self: self('far'), livenessOf: asked });
  const third = await opened({ dir: near.root, clock, self: self('third'), livenessOf: asked });
  return { clock, near, far, third };
}

async function claimFiles(store: Store): Promise<readonly string[]> {
  return (await readdir(`${store.root}/claims`)).filter((name) => parseClaimName(name) !== undefined).sort();
}

async function beats(store: Store): Promise<readonly string[]> {
  return (await readdir(`${store.root}/claims`)).filter((name) => name.endsWith('.beat'));
}

describe('claims of jobs of a cluster', () => {
  const job = { cluster: 'small', id: '7_1', user: 1000 };

  it('are free at once when the queue says that the job has ended, and named by it before', async () => {
    let ended = false;
    const near = await temporaryStore({ self: { host: 'node1', pid: 7, job } });
    const far = await opened({
      dir: near.root,
      hasEnded: (asked) => Promise.resolve(ended && asked.id === '7_1'),
    });
    expectKind(await near.claims.acquire(key), 'acquired');
    expect(expectKind(await far.claims.acquire(key), 'held').owner).toMatchObject({
      host: 'node1',
      job: '7_1',
    });
    expect(await far.claims.owner(key)).toBeDefined();
    ended = true;
    expect(await far.claims.owner(key)).toBeUndefined();
    expect(expectKind(await far.claims.acquire(key), 'acquired').claim.tookOver).toBe(true);
  });

  it('are free at once to the same job, begun anew on another node', async () => {
    const near = await temporaryStore({ self: { host: 'node1', pid: 7, job } });
    const hasEnded = (): Promise<boolean> => Promise.resolve(false);
    const again = await opened({ dir: near.root, job, hasEnded });
    const other = await opened({ dir: near.root, job: { ...job, id: '8_0' }, hasEnded });
    expectKind(await near.claims.acquire(key), 'acquired');
    expectKind(await other.claims.acquire(key), 'held');
    expectKind(await again.claims.acquire(key), 'acquired');
  });
});

describe('claims', () => {
  it('are given to one, who is named to the others', async () => {
    const { near, far } = await twoHosts();
    const { claim } = expectKind(await near.claims.acquire(key), 'acquired');
    expect(claim).toMatchObject({ key, number: 1 });
    const { owner } = expectKind(await far.claims.acquire(key), 'held');
    expect(owner).toMatchObject({ number: 1, host: 'near', pid: 7 });
    expect(owner.since).toMatch(/^2030-01-01T/);
    expect(await far.claims.owner(key)).toEqual(owner);
    expectKind(await near.claims.acquire(key), 'held');
    expectKind(await far.claims.acquire(otherKey), 'acquired');
  });

  it('are given to exactly one of many who ask at once', async () => {
    const { near, far } = await twoHosts();
    const asked = Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? near : far).claims.acquire(key));
    const kinds = (await Promise.all(asked)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'acquired')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'held')).toHaveLength(15);
    expect(await claimFiles(near)).toEqual([`${key}.1`]);
    // No more than that: hearts begin to beat when a task goes on for a while.
    expect(await beats(near)).toEqual([]);
  });

  it('are free after their release, and leave nothing', async () => {
    const { clock, near, far } = await twoHosts();
    {
      await using claim = expectKind(await near.claims.acquire(key), 'acquired').claim;
      expect(await claim.isLost()).toBe(false);
      expect(clock.timers).toBe(1);
    }
    expect(clock.timers).toBe(0);
    expect(await readdir(`${near.root}/claims`)).toEqual([]);
    expect(await near.claims.owner(key)).toBeUndefined();
    expect(expectKind(await far.claims.acquire(key), 'acquired').claim.number).toBe(1);
  });

  it('last for as long as the heart beats', async () => {
    const { clock, near, far } = await twoHosts();
    expectKind(await near.claims.acquire(key), 'acquired');
    let beat = '';
    for (let minute = 0; minute < 30; minute++) {
      expectKind(await far.claims.acquire(key), 'held');
      clock.advance(minuteMs);
      beat = await until(() => changedBeat(near, beat));
    }
    expectKind(await far.claims.acquire(key), 'held');
  });

  it('are taken over after five minutes of silence, timed by the observer alone', async () => {
    const { clock, near, far, third } = await twoHosts();
    const { claim } = expectKind(await near.claims.acquire(key), 'acquired');
    clock.stopTimers();
    // However long ago the last beat was: the observer has only begun to listen.
    clock.advance(60 * minuteMs);
    expectKind(await far.claims.acquire(key), 'held');
    clock.advance(5 * minuteMs - 1);
    expectKind(await far.claims.acquire(key), 'held');
    clock.advance(1);
    const taken = expectKind(await far.claims.acquire(key), 'acquired').claim;
    expect(taken.number).toBe(2);
    expect(await claim.isLost()).toBe(true);
    expect(await taken.isLost()).toBe(false);
    expect(expectKind(await third.claims.acquire(key), 'held').owner).toMatchObject({
      number: 2,
      host: 'far',
    });
    // None is removed until the result stands.
    expect(await claimFiles(near)).toEqual([`${key}.1`, `${key}.2`]);
    await taken.release();
    // Its owner may come back, and nobody else removes its claim: the number must not be another's then.
    expect(await claimFiles(near)).toEqual([`${key}.1`]);
    await claim.release();
    expect(await claimFiles(near)).toEqual([]);
  });

  it('that were given up for their silence need no silence again, whoever asks', async () => {
    const { clock, near, far, third } = await twoHosts();
    const lost = expectKind(await near.claims.acquire(key), 'acquired').claim;
    clock.advance(20_000);
    clock.stopTimers();
    expectKind(await far.claims.acquire(key), 'held');
    clock.advance(5 * minuteMs);
    const failed = expectKind(await far.claims.acquire(key), 'acquired').claim;
    expect(failed.tookOver).toBe(true);
    await failed.release();

    const next = expectKind(await third.claims.acquire(key), 'acquired').claim;
    expect(next).toMatchObject({ number: 2, tookOver: true });
    expect(await lost.isLost()).toBe(true);
    await lost.release();
    expect(await next.isLost()).toBe(false);
    await next.release();
    expect(await readdir(`${near.root}/claims`)).toEqual([]);
  });

  it('of one who took over are not removed by a silent one who comes back', async () => {
    const { clock, near, far, third } = await twoHosts();
    const silent = expectKind(await near.claims.acquire(key), 'acquired').claim;
    clock.stopTimers();
    expectKind(await far.claims.acquire(key), 'held');
    clock.advance(5 * minuteMs);
    const taken = expectKind(await far.claims.acquire(key), 'acquired').claim;
    await silent.release();
    expect(await claimFiles(near)).toEqual([`${key}.2`]);
    // Number 1 can be had again, but not owned.
    expect(expectKind(await third.claims.acquire(key), 'held').owner.host).toBe('far');
    expect(await claimFiles(near)).toEqual([`${key}.2`]);
    expect(await taken.isLost()).toBe(false);
  });

  it('are taken from a process that is known to live only when it hangs: after a quarter of an hour', async () => {
    const { clock, near, far } = await twoHosts('alive');
    expectKind(await near.claims.acquire(key), 'acquired');
    clock.stopTimers();
    expectKind(await far.claims.acquire(key), 'held');
    clock.advance(15 * minuteMs - 1);
    expectKind(await far.claims.acquire(key), 'held');
    clock.advance(1);
    expectKind(await far.claims.acquire(key), 'acquired');
  });

  it('are taken at once from a process that is known to be dead, by exactly one', async () => {
    const { near, far, third } = await twoHosts('dead');
    expectKind(await near.claims.acquire(key), 'acquired');
    expect(await far.claims.owner(key)).toBeUndefined();
    // The takers hold each other for alive; only the first owner is dead.
    const takers = await Promise.all(
      [far, third].map((store) =>
        opened({
          dir: store.root,
          clock: new ManualClock(),
          self: { host: 'taker', pid: 1 },
          livenessOf: ({ host }) => (host === 'near' ? 'dead' : 'alive'),
        }),
      ),
    );
    const results = await Promise.all(takers.map(({ claims }) => claims.acquire(key)));
    expect(results.map(({ kind }) => kind).sort()).toEqual(['acquired', 'held']);
  });

  it('of a loser are not released in the name of whoever took over', async () => {
    const { near, far } = await twoHosts('dead');
    const first = expectKind(await near.claims.acquire(key), 'acquired').claim;
    const second = expectKind(await far.claims.acquire(key), 'acquired').claim;
    await first.release();
    expect(await claimFiles(near)).toEqual([`${key}.2`]);
    expect(await second.isLost()).toBe(false);
    await second.release();

    // The numbers begin anew; an old owner must not mistake the new first claim for its own.
    const third = expectKind(await near.claims.acquire(key), 'acquired').claim;
    expect(third.number).toBe(1);
    expect(await first.isLost()).toBe(true);
    await first.release();
    expect(await third.isLost()).toBe(false);
  });

  it('with a damaged file are taken over after silence, too', async () => {
    const { clock, far } = await twoHosts();
    await writeFile(`${far.root}/claims/${key}.3`, 'torn');
    expect(expectKind(await far.claims.acquire(key), 'held').owner).toMatchObject({
      number: 3,
      host: 'unknown',
    });
    clock.advance(5 * minuteMs);
    expect(expectKind(await far.claims.acquire(key), 'acquired').claim.number).toBe(4);
  });

  it('are taken over after silence, too, when the first beat never came', async () => {
    const { clock, near, far } = await twoHosts();
    expectKind(await near.claims.acquire(key), 'acquired');
    clock.stopTimers();
    expectKind(await far.claims.acquire(key), 'held');
    expect(await beats(near)).toEqual([]);
    clock.advance(5 * minuteMs - 1);
    expectKind(await far.claims.acquire(key), 'held');
    clock.advance(1);
    expect(expectKind(await far.claims.acquire(key), 'acquired').claim.number).toBe(2);
  });

  it('are held on by a first beat between two looks', async () => {
    const { clock, near, far } = await twoHosts();
    expectKind(await near.claims.acquire(key), 'acquired');
    expectKind(await far.claims.acquire(key), 'held');
    clock.advance(20_000);
    expect(await beats(near)).toHaveLength(1);
    clock.stopTimers();
    clock.advance(5 * minuteMs - 20_000);
    expectKind(await far.claims.acquire(key), 'held');
    clock.advance(5 * minuteMs);
    expectKind(await far.claims.acquire(key), 'acquired');
  });

  it('beat no more once their file was cleared away', async () => {
    const { clock, near, far } = await twoHosts('dead');
    expectKind(await near.claims.acquire(key), 'acquired');
    clock.advance(20_000);
    const { claim } = expectKind(await far.claims.acquire(key), 'acquired');
    await claim.release();
    expect(await readdir(`${near.root}/claims`)).toEqual([]);
    clock.advance(minuteMs);
    expect(await readdir(`${near.root}/claims`)).toEqual([]);
  });

  it.each(['', '\0\0\0\0'])("that a power cut has left empty (%j) are nobody's", async (text) => {
    const { far } = await twoHosts();
    await writeFile(`${far.root}/claims/${key}.1`, text);
    const { claim } = expectKind(await far.claims.acquire(key), 'acquired');
    expect(claim.number).toBe(2);
    await claim.release();
    expect(await readdir(`${far.root}/claims`)).toEqual([]);
  });

  it('of a higher number count though the lower ones are gone', async () => {
    // A dead owner had begun to clear up.
    const { near, far } = await twoHosts('dead');
    const first = expectKind(await near.claims.acquire(key), 'acquired').claim;
    expectKind(await near.claims.acquire(key), 'acquired');
    await first.release();
    expect(await claimFiles(near)).toEqual([`${key}.2`]);
    const { claim } = expectKind(await far.claims.acquire(key), 'acquired');
    expect(claim.number).toBe(3);
    expect(await claimFiles(near)).toEqual([`${key}.2`, `${key}.3`]);
    await claim.release();
    expect(await claimFiles(near)).toEqual([]);
  });

  it('of a higher number hold though the lower ones are gone', async () => {
    const { near } = await twoHosts('dead');
    const first = expectKind(await near.claims.acquire(key), 'acquired').claim;
    expectKind(await near.claims.acquire(key), 'acquired');
    await first.release();
    const self = { host: 'fourth', pid: 9 };
    const fourth = await opened({ dir: near.root, self, livenessOf: () => 'alive' });
    expect(expectKind(await fourth.claims.acquire(key), 'held').owner.number).toBe(2);
    expect(await claimFiles(near)).toEqual([`${key}.2`]);
  });

  it('are not asked for once the caller has been told to stop', async () => {
    const { near } = await twoHosts();
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(near.claims.acquire(key, { signal })).rejects.toThrow('stop');
    expect(await readdir(`${near.root}/claims`)).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('a claim of a real process', () => {
  it('is held while it lives, and taken at once when it was killed', async () => {
    const store = await temporaryStore();
    const program = resolve(repositoryRoot, 'test/cache/support/hold-claim.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', program, store.root, key], {
      cwd: repositoryRoot,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [word] = (await once(child.stdout, 'data')) as [Buffer];
    expect(word.toString()).toBe('held\n');
    expect(expectKind(await store.claims.acquire(key), 'held').owner.pid).toBe(child.pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(expectKind(await store.claims.acquire(key), 'acquired').claim.number).toBe(2);
  });

  it('tells this process from an earlier one of its number, and from another boot', () => {
    const own = ownIdentity();
    expect(livenessOf(own)).toBe('alive');
    expect(livenessOf({ ...own, startTicks: '1' })).toBe('dead');
    expect(livenessOf({ ...own, pid: 2 ** 22 + 1 })).toBe('dead');
    expect(livenessOf({ ...own, boot: 'another' })).toBe('unknown');
    expect(livenessOf({ host: own.host, pid: own.pid })).toBe('unknown');
  });

  it('knows an earlier boot of this host by its traces on a local disk, and nothing of any other', () => {
    const own = ownIdentity();
    const [, namespace] = own.boot!.split(' ');
    const local = { onLocalDisk: true };
    expect(livenessOf({ ...own, boot: `another ${namespace}` }, local)).toBe('dead');
    expect(livenessOf({ ...own, boot: `another ${namespace}`, host: 'elsewhere' }, local)).toBe('unknown');
    // Another container under this very kernel.
    expect(livenessOf({ ...own, boot: `${own.boot!}1` }, local)).toBe('unknown');
    expect(livenessOf(own, local)).toBe('alive');
  });
});

async function changedBeat(store: Store, last: string): Promise<string | undefined> {
  const [name] = await beats(store);
  const beat = await readFile(`${store.root}/claims/${name!}`, 'utf8');
  return beat === last ? undefined : beat;
}
