/** A value of a pass in float64, row by row, [batch, height, width, channels] or [batch, features]. */
export interface Value {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** What has come back to it so far. */
  readonly relevance: Float64Array;
}

export function valueOf(shape: readonly number[], data: Float64Array): Value {
  return { shape, data, relevance: new Float64Array(data.length) };
}

/** Adds what comes back to a value. */
export function receive(value: Value, relevance: Float64Array): void {
  for (let i = 0; i < relevance.length; i++) value.relevance[i]! += relevance[i]!;
}
