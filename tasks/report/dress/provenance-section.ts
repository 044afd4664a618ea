import type { StudyRecord } from '../../../engine/contract/study-record.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { durationText } from '../page/times.ts';
import { drawTasks, nodeSize } from './draw-tasks.ts';
import { factsOf } from './facts.ts';
import { layoutGraph } from './layout-graph.ts';
import { listTasks } from './list-tasks.ts';
import { summarise } from './summary.ts';
import type { Summary, TaskSummary } from './summary.ts';
import { graphByName } from './task-graph.ts';

/** Of the page's column, in pixels. */
const widest = 1110;

/** How the results came to be: readable without script, and in print. */
export function provenanceSection(record: StudyRecord): Html {
  const summary = summarise(record);
  return html`<section id="provenance">
    <h2>Provenance</h2>
    <p class="lead">
      How these results came to be: what was run, on what, for how long, and what was there before.
    </p>
    ${factsOf(record, summary)} ${record.tasks.length === 0 ? undefined : taskFigure(record, summary)}
    ${taskTable(summary.byTask)} ${record.sources.map(sourceText)}
  </section>`;
}

function taskFigure(record: StudyRecord, { byTask }: Summary): Html {
  const placed = layoutGraph({ graph: graphByName(record.tasks), node: nodeSize, widest });
  return html`<figure class="task-graph${placed.width > 600 ? ' large' : ''}">
    ${listTasks(placed, byTask)}
    <div class="scroll" tabindex="0" role="group" aria-label="Graph of the tasks">
      ${drawTasks(placed, byTask)}
    </div>
    <div class="instances" hidden></div>
    <figcaption>
      The tasks of the study<span class="drawn"
        >: an arrow leads from a task to those that read its results</span
      >. With each name how many results it has, and the computing that they took. The bar is filled as far as
      results are there, dark where this run made them.
    </figcaption>
  </figure>`;
}

function taskTable(tasks: readonly TaskSummary[]): Html {
  return html`<div class="scroll">
    <table class="figures tasks-table">
      <thead>
        <tr>
          <th scope="col">Task</th>
          <th scope="col" class="text">Kind</th>
          <th scope="col">Results</th>
          <th scope="col">To come</th>
          <th scope="col">By this run</th>
          <th scope="col">Computing</th>
          <th scope="col">Each (median)</th>
          <th scope="col" class="text">Device</th>
        </tr>
      </thead>
      <tbody>
        ${tasks.map(
          ({ name, kind, instances, done, fresh, totalMs, medianMs, devices }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td class="text">${kind}</td>
              <td>${done}</td>
              <td>${instances === done ? '\u2013' : String(instances - done)}</td>
              <td>${fresh}</td>
              <td>${durationText(totalMs)}</td>
              <td>${medianMs === undefined ? '\u2013' : durationText(medianMs)}</td>
              <td class="text">${devices.join(', ')}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function sourceText({ path, text }: StudyRecord['sources'][number]): Html {
  return html`<details class="numbers source">
    <summary>${path}</summary>
    <div class="scroll" tabindex="0" role="group" aria-label="${path}"><pre>${text}</pre></div>
  </details>`;
}
