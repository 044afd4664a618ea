/** Gives the bytes of a listed file. Who opens a data set may check more on the way, e.g. that the file is unchanged. */
export type ReadFile = (path: string) => Promise<Uint8Array>;
