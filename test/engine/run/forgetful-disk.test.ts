import { expect, it } from 'vitest';
import type { ActionStore } from '../../../cache/action-store.ts';
import type { Store } from '../../../cache/store.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import type { RunEvent } from '../../../engine/run/events.ts';
import { runJob } from '../../../engine/worker/run-job.ts';
import type { Workplace } from '../../../engine/worker/run-job.ts';
import type { Job } from '../../../engine/worker/protocol.ts';
import { actionResult } from '../../cache/support/action-results.ts';
import { openRig } from '../support/rig.ts';
import { scriptedRegistry } from '../support/scripted-kinds.ts';

/** As over NFS, where a host that has looked in vain believes that for a while, unless it asks anew. */
function believing(store: Store): Store {
  const actions: ActionStore = {
    ...store.actions,
    peek: () => undefined,
    get: (key, options) =>
      options?.anew === true ? store.actions.get(key) : Promise.resolve({ kind: 'absent' }),
  };
  return { ...store, actions };
}

it('a worker that has the claim sees what its last owner has published', async () => {
  await using rig = await openRig();
  const result = actionResult('by another host');
  await rig.store.actions.put(result);
  const job: Job = {
    task: taskId('a'),
    kind: 'note',
    key: result.key,
    action: '{}',
    options: {},
    inputs: {},
    promised: {},
    traits: {},
    studyDir: rig.studyDir,
    smoke: false,
    logFile: `${rig.studyDir}/log`,
    again: false,
    limits: {},
  };
  const folders = { begin: () => Promise.resolve({}), end: () => undefined };
  const workplace = { registry: scriptedRegistry, store: believing(rig.store), folders };
  const ending = await runJob(workplace as unknown as Workplace, job, new AbortController());
  expect(ending).toEqual({ kind: 'found', task: 'a', outputs: result.outputs });
});

it('a driver that waits for another host sees what that has published', async () => {
  await using rig = await openRig();
  const done: Promise<unknown>[] = [];
  const onEvent = (event: RunEvent): void => {
    // Claimed before any other process can hear of the key.
    if (event.kind === 'task-keyed') done.push(rig.store.claims.acquire(event.key));
    if (event.kind === 'task-waiting')
      done.push(rig.store.actions.put({ ...actionResult(''), key: event.key }));
  };
  const sketch = { tasks: { a: { options: { text: 'a' } } } };
  const ran = await rig.run(sketch, { store: believing(rig.store), onEvent });
  await Promise.all(done);
  expect(ran.kinds('a').slice(-2)).toEqual(['task-waiting', 'task-cached']);
});
