import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Started } from '../support/command.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';
import { allTasks } from './study.ts';

const minutes = 60_000;
let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

/** All that does not hold when these drivers have ended. */
async function problemsOf(drivers: readonly Started[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const driver of drivers) problems.push(...(await rig.problems('store', await driver.finished)));
  const executions = await rig.executions();
  for (const task of allTasks) {
    const count = executions.get(task) ?? 0;
    if (count !== 1) problems.push(`${task} was executed ${count} times`);
  }
  for (const left of await rig.quiet()) problems.push(`left behind: ${left.what} ${left.pid}`);
  return problems;
}

describe('drivers that start at once, before there is a store', () => {
  it.each([2, 4, 8])(
    '%i on one study in one folder: each task is executed once, and all succeed',
    async (count) => {
      const drivers = Array.from({ length: count }, () => rig.start('store'));
      expect(await problemsOf(drivers)).toEqual([]);
    },
    5 * minutes,
  );

  it(
    'in two folders with one cache',
    async () => {
      const other = join(rig.dir, 'other');
      await mkdir(other);
      await copyFile(join(rig.dir, 'faults.yaml'), join(other, 'faults.yaml'));
      expect(await problemsOf([rig.start('store'), rig.start('store', [], { cwd: other })])).toEqual([]);
    },
    5 * minutes,
  );
});
