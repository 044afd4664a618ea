import { expect, it } from 'vitest';
import { parseSlots } from '../../../engine/run/slots.ts';
import type { Slot } from '../../../engine/run/slots.ts';
import type { TaskSketch } from '../support/plans.ts';
import { cpuSlots, openRig } from '../support/rig.ts';

const gpu = { index: 0, uuid: 'GPU-0', model: 'NVIDIA H200' };

function gpuSlots(): readonly Slot[] {
  const parsed = parseSlots('gpu:0', { cores: 2, gpus: [gpu] });
  return parsed.kind === 'slots' ? parsed.slots : [];
}

// The rig's workers compute on the CPU, whatever slot they have.
it.each([
  {
    slots: gpuSlots(),
    told: ['gpu:0 computes on the CPU (cpu-t2): its backend does not use the GPU; sweetspot doctor says why'],
  },
  { slots: cpuSlots(1), told: [] },
])('that a GPU does not compute is told once: %#', async ({ slots, told }) => {
  await using rig = await openRig();
  // What fails costs its worker, so that the next task has another, on the same slot.
  await rig.script('bad', [{ do: 'fail', message: 'it broke' }]);
  const heavy = (script: string): TaskSketch => ({
    options: { text: 'made', script },
    resources: { slots: 1 },
  });
  const ran = await rig.run({ tasks: { bad: heavy('bad'), good: heavy('') } }, { slots });
  expect([ran.state('bad'), ran.state('good')]).toEqual(['failed', 'done']);
  const warnings = ran.events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
  expect(warnings).toEqual(told);
});
