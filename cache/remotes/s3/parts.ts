/** As many as an upload may have. Source: "Amazon S3 multipart upload limits". */
const mostParts = 10_000;
const mebibyte = 1024 * 1024;

export interface Part {
  /** From 1. */
  readonly number: number;
  readonly startByte: number;
  readonly sizeBytes: number;
}

/** The parts that an object goes over in: of the usual size, or of whole mebibytes that are enough for the number allowed. */
export function partsOf(sizeBytes: number, usualBytes: number): readonly Part[] {
  const least = Math.ceil(sizeBytes / mostParts);
  const partBytes = least <= usualBytes ? usualBytes : Math.ceil(least / mebibyte) * mebibyte;
  return Array.from({ length: Math.ceil(sizeBytes / partBytes) }, (_, index) => {
    const startByte = index * partBytes;
    return { number: index + 1, startByte, sizeBytes: Math.min(partBytes, sizeBytes - startByte) };
  });
}
