import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { durationText } from '../page/times.ts';
import type { Placed } from './layout-graph.ts';
import type { TaskSummary } from './summary.ts';

/** The graph of tasks for windows that would show a corner of it: its layers below each other, arrows in words. */
export function listTasks({ layers, edges }: Placed, tasks: readonly TaskSummary[]): Html {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const layerOf = new Map(layers.flatMap((names, layer) => names.map((name) => [name, layer] as const)));
  const readBy = (name: string): readonly string[] =>
    edges
      .filter(({ to }) => to === name)
      .map(({ from }) =>
        // What stands below can only have been made in the round before.
        layerOf.get(from)! < layerOf.get(name)! ? from : `${from} of the round before`,
      );
  return html`<ol class="task-list" aria-label="Tasks of the study, each below those whose results it reads">
    ${layers.map(
      (names) =>
        html`<li>
          <ul>
            ${names.map((name) => listed(byName.get(name)!, readBy(name)))}
          </ul>
        </li>`,
    )}
  </ol>`;
}

function listed(
  { name, kind, instances, done, fresh, totalMs }: TaskSummary,
  reads: readonly string[],
): Html {
  const counts = done === instances ? String(instances) : `${done} of ${instances}`;
  return html`<li>
    <div class="task-node" data-task="${name}">
      <b>${name}</b> <small>${kind}</small>
      <span class="task-count">${done === 0 ? counts : `${counts} · ${durationText(totalMs)}`}</span>
      <span class="bar" aria-hidden="true"
        >${bar('reused', done, instances)}${bar('fresh', fresh, instances)}</span
      >
    </div>
    ${reads.length === 0 ? undefined : html`<p>reads ${reads.join(', ')}</p>`}
  </li>`;
}

function bar(which: string, part: number, whole: number): Html {
  return html`<i class="${which}" style="width:${((100 * part) / Math.max(1, whole)).toFixed(1)}%"></i>`;
}
