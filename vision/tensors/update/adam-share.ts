/** 1 - beta as `adamStep` has it: of a beta in float32, in float32. Loads no tensor code. */
export function adamShare(beta: number): number {
  return Math.fround(1 - Math.fround(beta));
}
