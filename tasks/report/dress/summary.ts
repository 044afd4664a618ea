import type { ResultRecord, StudyRecord, TaskRecord } from '../../../engine/contract/study-record.ts';

/** A study's record in sums. */
export interface Summary {
  readonly byTask: readonly TaskSummary[];
  readonly devices: readonly DeviceSummary[];
  /** Of all that there is. */
  readonly results: number;
  readonly missing: number;
  readonly madeBy: readonly MakerSummary[];
  /** Of results that the run took over; undefined where there was no run. */
  readonly reusedMs: number | undefined;
  /** From the first start to the last end; undefined without results. */
  readonly span: { readonly from: string; readonly to: string } | undefined;
  /** `sweetspot 0.1.0`, by component; several where results were made with several. */
  readonly versions: readonly { readonly component: string; readonly versions: readonly string[] }[];
}

export interface TaskSummary {
  readonly name: string;
  readonly kind: string;
  readonly instances: number;
  readonly done: number;
  /** Of those that are done, how many this run made. */
  readonly fresh: number;
  readonly totalMs: number;
  readonly medianMs: number | undefined;
  readonly devices: readonly string[];
}

export interface DeviceSummary {
  /** `cpu-t1`, `gpu-h200`; empty for what ran on none. */
  readonly deviceClass: string;
  readonly backends: readonly string[];
  readonly results: number;
  readonly totalMs: number;
}

export interface MakerSummary {
  readonly maker:
    | 'this-run'
    | 'unknown'
    | { readonly run: string; readonly member?: string }
    | { readonly remote: string }
    | { readonly archive: string };
  readonly results: number;
  readonly totalMs: number;
}

export function summarise({ tasks, run }: StudyRecord): Summary {
  const results = tasks.flatMap(({ result }) => (result === undefined ? [] : [result]));
  const makers = grouped(results, ({ madeBy }) => JSON.stringify(makerOf(madeBy)));
  const reused = results.filter(({ madeBy }) => madeBy.kind !== 'this-run');
  const components = results.flatMap(({ versions }) => Object.entries(versions));
  return {
    byTask: [...grouped(tasks, ({ name }) => name).values()].map(taskSummary),
    devices: [...grouped(results, ({ deviceClass }) => deviceClass)].map(([deviceClass, own]) => ({
      deviceClass,
      backends: distinct(own.map(({ backend }) => backend)),
      results: own.length,
      totalMs: total(own),
    })),
    results: results.length,
    missing: tasks.length - results.length,
    madeBy: [...makers.values()]
      .map((own) => {
        const { madeBy } = own[0]!;
        const maker = makerOf(madeBy);
        return { maker, results: own.length, totalMs: total(own) };
      })
      .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
    reusedMs: run === undefined ? undefined : total(reused),
    span: spanOf(results),
    versions: [...grouped(components, ([component]) => component)].map(([component, own]) => ({
      component,
      versions: distinct(own.map(([, version]) => version)).toSorted(),
    })),
  };
}

function makerOf(madeBy: ResultRecord['madeBy']): MakerSummary['maker'] {
  switch (madeBy.kind) {
    case 'run':
      return { run: madeBy.run, ...(madeBy.member === undefined ? {} : { member: madeBy.member }) };
    case 'remote':
      return { remote: madeBy.remote };
    case 'archive':
      return { archive: madeBy.archive };
    case 'this-run':
    case 'unknown':
      return madeBy.kind;
  }
}

/** This run first, then others by time, with which their names begin. */
function placeOf({ maker }: MakerSummary): string {
  if (maker === 'this-run') return '0';
  if (maker === 'unknown') return '3';
  if ('run' in maker) return `1 ${maker.run}`;
  return 'remote' in maker ? `2 ${maker.remote}` : `2 ${maker.archive}`;
}

/** Processors of a class `cpu-t4`: 4. One of anything else, such as a GPU. */
export function unitsOf(deviceClass: string): number {
  return Number(/^cpu-t(\d+)$/.exec(deviceClass)?.[1] ?? 1);
}

function taskSummary(own: readonly TaskRecord[]): TaskSummary {
  const { name, kind } = own[0]!;
  const results = own.flatMap(({ result }) => (result === undefined ? [] : [result]));
  const sorted = results.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b);
  return {
    ...{ name, kind, instances: own.length, done: results.length, totalMs: total(results) },
    fresh: results.filter(({ madeBy }) => madeBy.kind === 'this-run').length,
    medianMs: sorted[Math.floor((sorted.length - 1) / 2)],
    devices: distinct(results.map(({ deviceClass }) => deviceClass)),
  };
}

function spanOf(
  results: readonly { readonly startedAt: string; readonly durationMs: number }[],
): Summary['span'] {
  const starts = results.map(({ startedAt }) => Date.parse(startedAt));
  const ends = results.map(({ durationMs }, i) => starts[i]! + durationMs);
  const [from, to] = [least(starts), -least(ends.map((end) => -end))];
  if (!Number.isFinite(from) || !Number.isFinite(to)) return undefined;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** Of thousands: more than can be spread over arguments. */
function least(values: readonly number[]): number {
  return values.reduce((low, value) => (value < low ? value : low), Infinity);
}

function total(results: readonly { readonly durationMs: number }[]): number {
  return results.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
