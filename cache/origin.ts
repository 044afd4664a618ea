/** From where a store has a result that was computed elsewhere. */
export interface Origin {
  readonly kind: 'remote' | 'archive';
  /** Of the remote as it is configured, or of the archive's file. */
  readonly name: string;
}
