import type { Json, JsonObject } from '../../cache/json.ts';
import type { PlannedTask } from '../../engine/plan/plan.ts';
import type { RecordedTask } from '../../engine/run/recorded-tasks.ts';
import type { RunComparison, StudyChange } from '../../engine/run/compare-runs.ts';
import type {
  Cause,
  ChangedText,
  ChangedValue,
  NamedCount,
  ResultCounts,
  StudyChanges,
} from '../../tasks/report/compare/study-changes.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { registry } from '../registry.ts';
import { excerpts, fieldName, shownValue } from '../show-values.ts';

/** The longest value that is shown whole. */
const longValue = 90;

/** What the page says of the study, out of what the two runs recorded. */
export function studyChanges(compared: {
  readonly before: RecordedRun;
  readonly after: RecordedRun;
  readonly runs: RunComparison;
  readonly texts: readonly ChangedText[];
}): StudyChanges {
  const { before, after, runs, texts } = compared;
  return {
    texts,
    params: changedParams(paramsOf(before), paramsOf(after)),
    causes: runs.changes.map((change) => causeOf(change, after)),
    removed: namedCounts(runs.removed, before, after),
    added: namedCounts(runs.added, after, before),
    results: resultCounts(compared),
  };
}

/** Of tasks that both runs have: how many have the same bytes, whatever their keys. */
export function resultCounts({
  before,
  after,
  runs,
}: {
  readonly before: Pick<RecordedRun, 'tasks'>;
  readonly after: Pick<RecordedRun, 'tasks'>;
  readonly runs: RunComparison;
}): ResultCounts {
  const pairs = [...before.tasks.values()].flatMap((one) => {
    const other = after.tasks.get(one.task);
    return other === undefined ? [] : [[one, other] as const];
  });
  const there = pairs.filter(([one, other]) => hasResult(one) && hasResult(other));
  const same = there.filter(([one, other]) => sameResult(one, other)).length;
  return {
    ...{ same, other: there.length - same },
    ...{ remade: runs.remade.length, open: pairs.length - there.length },
  };
}

function hasResult(task: RecordedTask): boolean {
  return !isOpen(task);
}

/** A task without a result. */
export function isOpen({ state }: RecordedTask): boolean {
  return state !== 'done' && state !== 'cached';
}

function sameResult(one: RecordedTask, other: RecordedTask): boolean {
  const names = new Set([...Object.keys(one.outputs), ...Object.keys(other.outputs)]);
  return [...names].every((name) => one.outputs[name] === other.outputs[name]);
}

function causeOf(
  { name: task, field, path, before, after, tasks }: StudyChange,
  { planned }: Pick<RecordedRun, 'planned'>,
): Cause {
  const [first, second] = excerpts(shownValue(before), shownValue(after), longValue);
  const [top] = path;
  const what =
    top === 'options'
      ? 'option'
      : top === 'inputs'
        ? 'data'
        : top?.startsWith('version') === true
          ? 'version'
          : 'other';
  const name = fieldName(field).replace(/^(options|inputs)\./, '');
  return {
    ...{ task, name, what, count: tasks.length, movesScores: movesScores(planned.get(tasks[0] ?? '')) },
    before: before.value === undefined ? undefined : first,
    after: after.value === undefined ? undefined : second,
  };
}

/** What only makes tables and pages stands at the end of a study. */
function movesScores(planned: Partial<PlannedTask> | undefined): boolean {
  const kind = registry.kinds.find((each) => each.kind === planned?.kind);
  if (kind === undefined || typeof kind.outputs === 'function') return true;
  return Object.values(kind.outputs).some(({ type }) => type !== 'table' && type !== 'page');
}

/** Tasks by their names, with the values of an axis that are new to the other run: `heatmaps@method=saliency`. */
export function namedCounts(
  addresses: readonly string[],
  own: Pick<RecordedRun, 'tasks'>,
  other: Pick<RecordedRun, 'tasks'>,
): readonly NamedCount[] {
  const known = new Map<string, Set<string>>();
  for (const { name, coordinates } of other.tasks.values())
    for (const [axis, value] of Object.entries(coordinates)) addTo(known, `${name}@${axis}`, value);
  const groups = new Map<
    string,
    { readonly name: string; readonly fresh: Map<string, Set<string>>; count: number }
  >();
  for (const address of addresses) {
    const { name, coordinates } = own.tasks.get(address)!;
    // An axis that the other run has not tells nothing: all of its values would be new.
    const fresh = Object.entries(coordinates).filter(
      ([axis, value]) => known.get(`${name}@${axis}`)?.has(value) === false,
    );
    const key = JSON.stringify([name, fresh.map(([axis]) => axis)]);
    const group = groups.get(key) ?? { name, fresh: new Map<string, Set<string>>(), count: 0 };
    groups.set(key, group);
    group.count += 1;
    for (const [axis, value] of fresh) addTo(group.fresh, axis, value);
  }
  return [...groups.values()].map(({ name, fresh, count }) => {
    const places = [...fresh].map(([axis, values]) => `${axis}=${valuesText([...values])}`);
    return { name: places.length === 0 ? name : `${name}@${places.join(',')}`, count };
  });
}

/** More values than this are not all named. */
const mostValues = 4;

function valuesText(values: readonly string[]): string {
  return values.length <= mostValues
    ? values.join('|')
    : `${values.slice(0, mostValues - 1).join('|')}|\u2026`;
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set.add(value));
}

function paramsOf({ frozen }: RecordedRun): JsonObject {
  const params = frozen['params'];
  return typeof params === 'object' && params !== null && !Array.isArray(params)
    ? (params as JsonObject)
    : {};
}

function changedParams(before: JsonObject, after: JsonObject, within = ''): readonly ChangedValue[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [one, other] = [before[key], after[key]];
    const name = within === '' ? key : `${within}.${key}`;
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    if (isObject(one) && isObject(other)) return changedParams(one, other, name);
    const shown = (value: Json | undefined): string | undefined =>
      value === undefined ? undefined : shownValue({ value, isDefault: false });
    return [{ name, before: shown(one), after: shown(other) }];
  });
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
