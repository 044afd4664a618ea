import { openStore } from '../../../cache/open-store.ts';
import { runPlan } from '../../../engine/run/run-plan.ts';
import type { PlanSketch } from './plans.ts';
import { sketchPlan } from './plans.ts';
import { cpuSlots, workerArgs, workerEntry } from './rig.ts';
import { scriptedRegistry } from './scripted-kinds.ts';

/** A driver as a process of its own, to be killed. Arguments: the store's folder, the leases' folder, the sketch as JSON. */
const [storeDir = '', leaseDir = '', sketch = ''] = process.argv.slice(2);
const opened = await openStore({ dir: storeDir });
if (opened.kind !== 'opened') throw new Error(opened.kind);
await runPlan({
  plan: sketchPlan(JSON.parse(sketch) as PlanSketch),
  registry: scriptedRegistry,
  store: opened.store,
  workerEntry,
  execArgv: workerArgs,
  slots: cpuSlots(1),
  leaseDir,
  cores: 1,
});
