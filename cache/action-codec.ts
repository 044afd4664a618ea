import type { ActionResult, Provenance } from './action-store.ts';
import { parseDigest, parseTaskKey } from './digest.ts';
import type { Digest } from './digest.ts';
import type { Json, JsonObject } from './json.ts';
import { sealedBody, sealRecord } from './sealed-record.ts';

/** An action result as it is stored. Throws where it holds what no JSON can. */
export function encodeActionResult(result: ActionResult): string {
  const { format, key, outputs, provenance } = result;
  return sealRecord({ format, key, outputs, provenance: provenanceJson(provenance) });
}

/** Reads a stored action result; undefined where it is damaged or none. */
export function decodeActionResult(text: string): ActionResult | undefined {
  const body = sealedBody(text);
  return body === undefined ? undefined : decodeActionBody(body);
}

/** The same for a record whose seal has been checked, or is that of a whole file. */
export function decodeActionBody(body: string): ActionResult | undefined {
  const value = JSON.parse(body) as Json;
  if (!isObject(value) || value['format'] !== 1) return undefined;
  const key = typeof value['key'] === 'string' ? parseTaskKey(value['key']) : undefined;
  const outputs = outputsOf(value['outputs']);
  const provenance = provenanceOf(value['provenance']);
  if (key === undefined || outputs === undefined || provenance === undefined) return undefined;
  return { format: 1, key, outputs, provenance };
}

/** Whether two results name the same artifacts. */
export function sameOutputs(a: Pick<ActionResult, 'outputs'>, b: Pick<ActionResult, 'outputs'>): boolean {
  const names = Object.keys(a.outputs);
  return (
    names.length === Object.keys(b.outputs).length &&
    names.every((name) => a.outputs[name] === b.outputs[name])
  );
}

/** Leaves out optional fields that are present but undefined: they are no JSON. */
function provenanceJson(provenance: Provenance): JsonObject {
  const { kind, startedAt, durationMs, deviceClass, backend, versions, run, member } = provenance;
  return {
    kind,
    startedAt,
    durationMs,
    deviceClass,
    backend,
    versions,
    ...(provenance.peakMemoryBytes === undefined ? {} : { peakMemoryBytes: provenance.peakMemoryBytes }),
    ...(provenance.log === undefined ? {} : { log: provenance.log }),
    ...(provenance.traits === undefined ? {} : { traits: provenance.traits }),
    ...(run === undefined ? {} : { run }),
    ...(member === undefined ? {} : { member }),
  };
}

function outputsOf(value: Json | undefined): ActionResult['outputs'] | undefined {
  if (!isObject(value)) return undefined;
  const outputs: [string, Digest][] = [];
  for (const [name, text] of Object.entries(value)) {
    const digest = typeof text === 'string' ? parseDigest(text) : undefined;
    if (digest === undefined) return undefined;
    outputs.push([name, digest]);
  }
  return Object.fromEntries(outputs);
}

function provenanceOf(value: Json | undefined): Provenance | undefined {
  if (!isObject(value)) return undefined;
  const { kind, startedAt, durationMs, deviceClass, backend, versions, peakMemoryBytes, log, traits } = value;
  const { run, member } = value;
  if (typeof kind !== 'string' || typeof startedAt !== 'string' || typeof durationMs !== 'number')
    return undefined;
  if (typeof deviceClass !== 'string' || typeof backend !== 'string' || !isTexts(versions)) return undefined;
  if (peakMemoryBytes !== undefined && typeof peakMemoryBytes !== 'number') return undefined;
  const logDigest = typeof log === 'string' ? parseDigest(log) : undefined;
  if (log !== undefined && logDigest === undefined) return undefined;
  if (traits !== undefined && !isObject(traits)) return undefined;
  if (!isOptionalName(run) || !isOptionalName(member)) return undefined;
  return {
    kind,
    startedAt,
    durationMs,
    deviceClass,
    backend,
    versions,
    ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
    ...(logDigest === undefined ? {} : { log: logDigest }),
    ...(traits === undefined ? {} : { traits }),
    ...(run === undefined ? {} : { run }),
    ...(member === undefined ? {} : { member }),
  };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is shown in a terminal: nothing in it moves a cursor. */
function isOptionalName(value: Json | undefined): value is string | undefined {
  return value === undefined || (typeof value === 'string' && !/\p{Cc}/u.test(value));
}

function isTexts(value: Json | undefined): value is { readonly [name: string]: string } {
  return isObject(value) && Object.values(value).every((entry) => typeof entry === 'string');
}
