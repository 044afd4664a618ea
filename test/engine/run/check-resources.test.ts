import { describe, expect, it } from 'vitest';
import type { Resources } from '../../../engine/contract/resources.ts';
import type { Plan } from '../../../engine/plan/plan.ts';
import { impossibleResources } from '../../../engine/run/check-resources.ts';
import { defaultSlots } from '../../../engine/run/slots.ts';

const offer = { slots: defaultSlots({ cores: 2, gpus: [] }), cores: 2, memoryBytes: 8 * 2 ** 30 };

function planWith(resources: Resources): Plan {
  const task = { name: 'group/big', resources, place: { file: '/s.yaml', line: 3, column: 5 } };
  return { tasks: new Map([1, 2].map((n) => [`group/big@n=${n}`, task])) } as unknown as Plan;
}

describe('demands that a host can never meet', () => {
  it.each([
    [{ slots: 1, gpu: 64 }, "'group/big' asks for 64 GPU slots, and there are none"],
    [{ slots: 3 }, "'group/big' asks for 3 slots, and there are 2"],
    [{ slots: 0, cpu: 5 }, "'group/big' asks for 5 cores, and there are 2"],
    [{ slots: 0, memoryBytes: 2 ** 34 }, "'group/big' asks for 16.0 GiB of memory, and there are 8.0 GiB"],
  ])('%o', (resources, message) => {
    const found = impossibleResources(planWith(resources), offer);
    expect(found).toEqual([
      expect.objectContaining({
        code: 'impossible-resource',
        message,
        place: { file: '/s.yaml', line: 3, column: 5 },
        length: 3,
      }),
    ]);
  });

  it('are not those it can', () => {
    expect(impossibleResources(planWith({ slots: 2, cpu: 2, memoryBytes: 2 ** 33 }), offer)).toEqual([]);
  });
});
