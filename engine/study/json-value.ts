import type { Json, JsonObject } from '../../cache/json.ts';

export function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets a property, whatever it is called: plain assignment to `__proto__` would change the object's prototype. */
export function setOwn<V>(object: { [name: string]: V }, name: string, value: V): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
