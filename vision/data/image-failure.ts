/** An image (or its annotation) that cannot be used. Thrown by `ImageSet.image`, so that a run can name the file. */
export class ImageFailure extends Error {
  readonly reason: 'unreadable' | 'corrupt';
  /** As the data set lists it. */
  readonly path: string;

  constructor(reason: 'unreadable' | 'corrupt', path: string, options?: ErrorOptions) {
    const detail = options?.cause instanceof Error ? `: ${options.cause.message}` : '';
    super(
      reason === 'corrupt' ? `${path} is damaged or no image${detail}` : `${path} cannot be read${detail}`,
      options,
    );
    this.name = 'ImageFailure';
    this.reason = reason;
    this.path = path;
  }
}
