import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { taskKeyOf } from '../../../cache/digest.ts';
import { openStore } from '../../../cache/open-store.ts';
import { actionResult } from './action-results.ts';

/** Publishes blobs, trees, results and snapshots into a store until it is killed. */
async function main(dir: string, scratch: string): Promise<void> {
  const opened = await openStore({ dir });
  if (opened.kind !== 'opened') throw new Error(JSON.stringify(opened));
  const { blobs, artifacts, actions, snapshots } = opened.store;
  process.stdout.write('ready\n');
  for (let round = 0; ; round++) {
    const tree = `${scratch}/${process.pid}-${round}`;
    await mkdir(tree);
    await writeFile(`${tree}/small`, randomBytes(100));
    await writeFile(`${tree}/same`, 'the same in every tree');
    await writeFile(`${tree}/large`, randomBytes(1_500_000));
    const put = await artifacts.putTree(tree);
    if (put.kind !== 'stored') throw new Error(JSON.stringify(put));
    const action = await blobs.putBytes(`action ${process.pid} ${round}`);
    if (action.kind !== 'stored') throw new Error(JSON.stringify(action));
    const key = taskKeyOf(action.digest);
    const saved = await snapshots.save(key, (into) => writeFile(`${into}/weights`, randomBytes(50_000)));
    if (saved.kind !== 'saved') throw new Error(JSON.stringify(saved));
    const published = await actions.put({ ...actionResult('any'), key, outputs: { model: put.digest } });
    if (published.kind !== 'stored') throw new Error(JSON.stringify(published));
    await rm(tree, { recursive: true });
    if (round === 0) process.stdout.write('published\n');
  }
}

await main(process.argv[2]!, process.argv[3]!);
