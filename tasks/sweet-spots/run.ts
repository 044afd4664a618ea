import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskContext } from '../../engine/contract/task-context.ts';
import { controlOf } from '../readings/control.ts';
import { collectReadings } from '../readings/collect-readings.ts';
import { seriesOf } from '../readings/series.ts';
import { decideAll } from './decide.ts';
import type { Rule, SweetSpotsFile } from './decision.ts';
import { decisionsTable } from './table.ts';

interface Options extends Rule {
  readonly seed_axes: readonly string[];
}

/** Reads the gathered scores, decides, and writes `table.json` and `sweet-spots.json`. */
export async function runSweetSpots(context: TaskContext): Promise<void> {
  const { seed_axes: seedAxes, ...rule } = context.options as unknown as Options;
  const scores = context.artifacts('scores');
  // A fact tells controls from scores, wherever they were given.
  const given = context.artifacts('controls');
  const strays = given.filter(({ facts }) => controlOf(facts) === undefined);
  if (strays.length > 0)
    context.log.warn(`left out, as they are no controls: ${strays.length} of \`controls\``);
  const real = given.filter((artifact) => !strays.includes(artifact));
  const { readings, controls, withoutSparsity } = await collectReadings([...scores, ...real], seedAxes);
  if (withoutSparsity > 0)
    context.log.warn(`left out, as their sparsity is not known: ${withoutSparsity} of the scores`);
  context.signal.throwIfAborted();
  const decisions = decideAll(seriesOf(readings), rule, controls);
  const names = controls.map(({ control }) => control);
  const file: SweetSpotsFile = { format: 1, rule, controls: names, decisions };
  const dir = context.output('table');
  await writeFile(join(dir, 'sweet-spots.json'), JSON.stringify(file));
  await writeFile(join(dir, 'table.json'), `${JSON.stringify(decisionsTable(file), null, 1)}\n`);
}
