import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { digestOf } from '../../cache/digest.ts';
import { blobPath } from '../../cache/local/store-folder.ts';
import { openStore } from '../../cache/open-store.ts';
import type { Store } from '../../cache/store.ts';
import { collectGarbage } from '../../cache/upkeep/collect-garbage.ts';
import { expectKind } from '../cache/support/expect-kind.ts';
import { Stepwise } from './stepwise.ts';
import type { Act } from './stepwise.ts';

const minutes = 60_000;
const dayMs = 24 * 3_600_000;
const schedules = 150;

/** How a blob lies in the store at first. */
const states = ['absent', 'fresh', 'old', 'set aside', 'set aside long ago'] as const;
type BlobState = (typeof states)[number];
const names = ['a', 'b', 'c'] as const;
type Name = (typeof names)[number];

let threads: Stepwise;
beforeAll(async () => {
  threads = await Stepwise.start(4);
}, 5 * minutes);
afterAll(() => threads[Symbol.asyncDispose]());

const name = fc.constantFrom(...names);
const act: fc.Arbitrary<Act> = fc.oneof(
  name.map((of): Act => ({ act: 'put', of })),
  name.map((of): Act => ({ act: 'read', of: digestOf(of) })),
  fc.array(name.map(digestOf), { maxLength: 1 }).map((of): Act => ({ act: 'collect', of })),
);

it(
  `in ${schedules} orders of calls, nothing goes that somebody has stored or read, or that was there less than a day ago`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          a: fc.constantFrom(...states),
          b: fc.constantFrom(...states),
          c: fc.constantFrom(...states),
        }),
        fc.array(act, { minLength: 1, maxLength: 3 }),
        fc.array(fc.record({ who: fc.nat(3), calls: fc.integer({ min: 1, max: 6 }) }), {
          minLength: 1,
          maxLength: 40,
        }),
        async (lies, others, choices) => {
          const dir = await mkdtemp(join(tmpdir(), 'sweetspot-steps-'));
          try {
            const store = expectKind(await openStore({ dir }), 'opened').store;
            for (const each of names) await lay(store, each, lies[each]);
            const acts: readonly Act[] = [{ act: 'collect', of: [] }, ...others];
            const results = await threads.together(dir, acts, choices);
            const kept = new Set<Name>(names.filter((each) => mayNotGo(lies[each])));
            const stored = new Set<Name>();
            for (const [index, result] of results.entries()) {
              const done = acts[index]!;
              expect(result.kind, result.message).toBe(expectedKind(done, result.kind, lies));
              const of = nameOf(done);
              if (result.kind === 'found') expect(result.text).toBe(of);
              // What is as good as gone may be so before it is stored or read; not afterwards.
              if (of !== undefined && (result.kind === 'stored' || result.kind === 'found')) kept.add(of);
              if (of !== undefined && result.kind === 'stored') stored.add(of);
            }
            // Before anybody asks for them, and thereby fetches them back.
            for (const each of stored)
              expect([each, existsSync(blobPath(store, digestOf(each)))]).toEqual([each, true]);
            for (const each of kept) {
              const read = expectKind(await store.blobs.read(digestOf(each)), 'found');
              expect(Buffer.from(read.bytes).toString()).toBe(each);
            }
            // The next collection leaves it alone.
            expectKind(await collectGarbage({ store, roots: [] }), 'collected');
            for (const each of stored)
              expect([each, existsSync(blobPath(store, digestOf(each)))]).toEqual([each, true]);
          } finally {
            await rm(dir, { recursive: true, force: true });
          }
        },
      ),
      { numRuns: schedules },
    );
  },
  5 * minutes,
);

function mayNotGo(state: BlobState): boolean {
  return state !== 'absent' && state !== 'set aside long ago';
}

function nameOf({ act: kind, of }: Act): Name | undefined {
  return kind === 'collect' ? undefined : names.find((each) => each === of || digestOf(each) === of);
}

/** What an act has to answer; of what may be gone, a reader may find either. */
function expectedKind(done: Act, kind: string, lies: Readonly<Record<Name, BlobState>>): string {
  switch (done.act) {
    case 'put':
      return 'stored';
    case 'collect':
      return 'collected';
    case 'read': {
      const of = nameOf(done)!;
      return mayNotGo(lies[of]) || kind === 'found' ? 'found' : 'absent';
    }
  }
}

async function lay(store: Store, text: Name, state: BlobState): Promise<void> {
  if (state === 'absent') return;
  const { digest } = expectKind(await store.blobs.putBytes(text), 'stored');
  if (state === 'fresh') return;
  const path = blobPath(store, digest);
  const old = (Date.now() - 3 * dayMs) / 1000;
  await utimes(path, old, old);
  if (state === 'old') return;
  const madeMs = Date.now() - (state === 'set aside' ? 0.5 : 2) * dayMs;
  const aside = join(store.root, 'trash', `${Math.floor(madeMs)}-ab`, digest);
  await mkdir(dirname(aside), { recursive: true });
  await rename(path, aside);
}
