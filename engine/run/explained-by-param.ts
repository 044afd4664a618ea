import type { Json, JsonObject } from '../../cache/json.ts';
import { sameJson } from '../study/defaults.ts';

/** A parameter of the study that has another value than it had. */
export interface ChangedParam {
  readonly name: string;
  readonly before: Json;
  readonly after: Json;
}

/** Parameters that both have, with another value. */
export function changedParams(before: JsonObject, after: JsonObject): readonly ChangedParam[] {
  return Object.entries(after).flatMap(([name, value]) => {
    const old = before[name];
    return old === undefined || sameJson(old, value) ? [] : [{ name, before: old, after: value }];
  });
}

/**
 * The one changed parameter by which a value became another: as the value itself, or inside its text, lists and
 * mappings. Undefined where there is none, or where two would do: a guess would be worse than the bare values.
 */
export function explainedByParam(
  params: readonly ChangedParam[],
  before: Json | undefined,
  after: Json | undefined,
): ChangedParam | undefined {
  if (before === undefined || after === undefined) return undefined;
  const [first, ...others] = params.filter((param) => becomes(before, after, param));
  return others.length === 0 ? first : undefined;
}

/** Whether putting the new value in the place of the old one turns `before` into `after`. */
function becomes(before: Json, after: Json, param: ChangedParam): boolean {
  if (sameJson(before, param.before) && sameJson(after, param.after)) return true;
  if (typeof before === 'string' && typeof after === 'string') return textBecomes(before, after, param);
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null)
    return false;
  const [one, other] = [Object.entries(before), new Map(Object.entries(after))];
  return (
    Array.isArray(before) === Array.isArray(after) &&
    one.length === other.size &&
    one.every(([name, value]) => {
      const now = other.get(name);
      return now !== undefined && (sameJson(value, now) || becomes(value, now, param));
    })
  );
}

/** The old text may stand elsewhere too, by chance: each place may have become the new one, or have stayed. */
function textBecomes(before: string, after: string, param: ChangedParam): boolean {
  const [old, now] = [asText(param.before), asText(param.after)];
  if (old === undefined || now === undefined || old === '' || !before.includes(old)) return false;
  const parts = before.split(old).map(literal);
  return new RegExp(`^${parts.join(`(?:${literal(old)}|${literal(now)})`)}$`, 's').test(after);
}

function asText(value: Json): string | undefined {
  return typeof value === 'object' ? undefined : String(value);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
