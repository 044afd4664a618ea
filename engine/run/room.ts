import { totalmem } from 'node:os';
import type { Resources } from '../contract/resources.ts';

/** Whether the cores and the memory that a light task asks for are free beside what runs; alone, any task may run. */
export function hasRoomFor(wanted: Resources, running: readonly Resources[], cores: number): boolean {
  if (running.length === 0) return true;
  const light = running.filter((each) => each.slots === 0);
  const coresTaken = light.reduce((sum, each) => sum + (each.cpu ?? 1), 0);
  const memoryTaken = running.reduce((sum, each) => sum + (each.memoryBytes ?? 0), 0);
  const { cpu = 1, memoryBytes = 0 } = wanted;
  return (
    (coresTaken === 0 || coresTaken + cpu <= cores) &&
    (memoryBytes === 0 || memoryTaken + memoryBytes <= totalmem())
  );
}
