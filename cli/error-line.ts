/** A line on standard error under `--json`, of any command. */
export type ErrorLine =
  | { readonly kind: 'notice'; readonly message: string }
  | {
      readonly kind: 'error';
      readonly message: string;
      /** The way out. */
      readonly hint?: string;
      /** Of a mistake in a study: what it is, stable and searchable, e.g. `unknown-task`. */
      readonly code?: string;
      readonly place?: { readonly file: string; readonly line: number; readonly column: number };
    };
