import type { Plan } from '../plan/plan.ts';
import type { Diagnostic } from '../study/diagnostic.ts';
import type { Slot } from './slots.ts';

/** What the host has, as far as tasks can ask for it. */
export interface Offer {
  readonly slots: readonly Slot[];
  readonly cores: number;
  readonly memoryBytes: number;
}

/** Demands that this host can never meet, before anything runs: one diagnostic a task of the study, not an instance. */
export function impossibleResources(plan: Plan, offer: Offer): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const { name, resources, place } of plan.tasks.values()) {
    if (found.has(name)) continue;
    const gpus = offer.slots.filter((slot) => slot.device === 'gpu').length;
    const problem =
      (resources.gpu ?? 0) > gpus
        ? `asks for ${resources.gpu ?? 0} GPU slots, and there ${gpus === 0 ? 'are none' : `are ${gpus}`}`
        : resources.gpu === undefined && resources.slots > offer.slots.length
          ? `asks for ${resources.slots} slots, and there are ${offer.slots.length}`
          : (resources.cpu ?? 0) > offer.cores
            ? `asks for ${resources.cpu ?? 0} cores, and there are ${offer.cores}`
            : (resources.memoryBytes ?? 0) > offer.memoryBytes
              ? `asks for ${gibibytes(resources.memoryBytes ?? 0)} of memory, and there are ${gibibytes(offer.memoryBytes)}`
              : undefined;
    if (problem === undefined) continue;
    found.set(name, {
      code: 'impossible-resource',
      message: `'${name}' ${problem}`,
      place,
      length: name.split('/').at(-1)?.length ?? 1,
      hint: 'lower its `resources`, name other slots with --slots, or run it where they are',
    });
  }
  return [...found.values()];
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
