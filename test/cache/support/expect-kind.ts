/** The result, if it is of this kind; else the test fails with all that the result says. */
export function expectKind<Result extends { readonly kind: string }, Kind extends Result['kind']>(
  result: Result,
  kind: Kind,
): Extract<Result, { readonly kind: Kind }> {
  if (result.kind !== kind) throw new Error(`expected '${kind}', got ${JSON.stringify(result)}`);
  return result as Extract<Result, { readonly kind: Kind }>;
}
