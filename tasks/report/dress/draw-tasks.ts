import { html, trusted } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { durationText } from '../page/times.ts';
import type { Placed, PlacedEdge, PlacedNode } from './layout-graph.ts';
import type { TaskSummary } from './summary.ts';

/** Of a node of the picture, in pixels. */
export const nodeSize = { width: 148, height: 46 };

/** The graph of tasks by name: how many instances each has and how long they took; a bar says how many are done, and made by this run. */
export function drawTasks(placed: Placed, tasks: readonly TaskSummary[]): Html {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const [width, height] = [Math.ceil(placed.width), Math.ceil(placed.height)];
  return html`<svg
    class="tasks"
    role="img"
    aria-label="Tasks of the study, and which reads the results of which; the table below says the same"
    viewBox="0 0 ${width} ${height}"
    style="width:${width}px"
  >
    <defs>
      <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path d="M0 1L7 4L0 7z" fill="var(--faint)" />
      </marker>
    </defs>
    <g fill="none" stroke="var(--faint)">${placed.edges.map(drawEdge)}</g>
    <g>${placed.nodes.map((node) => drawNode(node, byName.get(node.name)!))}</g>
  </svg>`;
}

/** A smooth line through the points: straight from middle to middle, each point a control of a quadratic curve. */
function drawEdge({ points }: PlacedEdge): Html {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (first === undefined || last === undefined) return trusted('');
  const bends = rest.map((point, i) => {
    const next = rest[i + 1] ?? last;
    const end = i === rest.length - 1 ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point)} ${at(end)}`;
  });
  const path = `M${at(first)}${bends.length === 0 ? `L${at(last)}` : bends.join('')}`;
  return html`<path d="${path}" marker-end="url(#arrow)" />`;
}

function drawNode({ name, x, y }: PlacedNode, task: TaskSummary): Html {
  const { width, height } = nodeSize;
  const [left, top] = [x - width / 2, y - height / 2];
  const { instances, done, fresh, totalMs } = task;
  const counts = done === instances ? String(instances) : `${done} of ${instances}`;
  const shown = shortened(name);
  const told = done === 0 ? counts : `${counts} · ${durationText(totalMs)}`;
  // Begins with what is to be seen, so that it can be asked for by voice.
  const label = `${shown} ${told} (${shown === name ? '' : `${name}, `}${task.kind})`;
  const inside = width - 20;
  return html`<g
    class="task-node"
    data-task="${name}"
    transform="translate(${at({ x: left, y: top }).replace(' ', ',')})"
  >
    <title>${label}</title>
    <rect width="${width}" height="${height}" rx="6" />
    <text x="10" y="17" class="task-name">${shown}</text>
    <text x="10" y="32" class="task-count">${told}</text>
    <rect class="todo" x="10" y="38" width="${inside}" height="3" />
    <rect class="reused" x="10" y="38" width="${share(done, instances, inside)}" height="3" />
    <rect class="fresh" x="10" y="38" width="${share(fresh, instances, inside)}" height="3" />
  </g>`;
}

function share(part: number, whole: number, width: number): string {
  return ((part / Math.max(1, whole)) * width).toFixed(1);
}

function at({ x, y }: { readonly x: number; readonly y: number }): string {
  return `${Number(x.toFixed(1))} ${Number(y.toFixed(1))}`;
}

/** To the width of a node; a long path keeps its last name. */
function shortened(name: string): string {
  const most = 20;
  return name.length <= most ? name : `\u2026${name.slice(1 - most)}`;
}
