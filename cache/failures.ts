/** What the machine under the store may do to us. Everything else that a store throws is a bug. */
export type StoreFailure = {
  readonly kind: 'store-failure';
  readonly reason: 'no-space' | 'permission' | 'read-only' | 'io';
  /** The path that failed. */
  readonly path: string;
  /** The system's own words, e.g. `ENOSPC: no space left on device, write`. */
  readonly detail: string;
};
