import type { Facts } from '../../engine/contract/scalar.ts';

/** Facts of what is made only to doubt a score by: `control` names how. Controls of controls name both. */
export function asControl(facts: Facts, name: string): Facts {
  const before = controlOf(facts);
  return { ...facts, control: before === undefined ? name : `${before}, ${name}` };
}

/** What a result is a control by; undefined for what is meant. */
export function controlOf(facts: Facts): string | undefined {
  const name = facts['control'];
  return name === undefined ? undefined : String(name);
}
