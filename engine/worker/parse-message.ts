import type { FromWorker, ToWorker } from './protocol.ts';

type FieldType = 'string' | 'number' | 'boolean' | 'object' | 'list';
type Shapes<M extends { readonly kind: string }> = {
  readonly [K in M['kind']]: { readonly [F in Exclude<keyof Extract<M, { kind: K }>, 'kind'>]: FieldType };
};

const toWorker: Shapes<ToWorker> = {
  bind: { binding: 'object' },
  run: { job: 'object' },
  stop: { reason: 'object' },
  leave: {},
};

const fromWorker: Shapes<FromWorker> = {
  ready: { device: 'object' },
  placed: { host: 'string', pid: 'number', partition: 'string', deviceClass: 'string' },
  'slot-busy': { device: 'string', holder: 'string' },
  unusable: { message: 'string' },
  beat: { peakBytes: 'number' },
  started: { task: 'string', resumed: 'boolean', outputFrom: 'number' },
  progress: { task: 'string', progress: 'object' },
  sign: { task: 'string' },
  saved: { task: 'string' },
  warning: { task: 'string', message: 'string' },
  found: { task: 'string', outputs: 'object' },
  held: { task: 'string', owner: 'string' },
  'inputs-missing': { task: 'string', digests: 'list' },
  done: { task: 'string', outputs: 'object', durationMs: 'number' },
  compared: { task: 'string', differing: 'list', deviceClass: 'string', durationMs: 'number' },
  failed: { task: 'string', failure: 'object' },
};

/** A driver's message as received, or undefined where it is none: programs under a task may write to the channel too. */
export function parseToWorker(value: unknown): ToWorker | undefined {
  return hasShape(toWorker, value) ? (value as ToWorker) : undefined;
}

/** A worker's message as received, or undefined where it is none. */
export function parseFromWorker(value: unknown): FromWorker | undefined {
  return hasShape(fromWorker, value) ? (value as FromWorker) : undefined;
}

function hasShape(
  shapes: { readonly [kind: string]: { readonly [field: string]: FieldType } },
  value: unknown,
): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const { kind } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(shapes, kind)) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  return Object.entries(shapes[kind] ?? {}).every(([field, type]) => isOf(type, members.get(field)));
}

function isOf(type: FieldType, value: unknown): boolean {
  switch (type) {
    case 'list':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
