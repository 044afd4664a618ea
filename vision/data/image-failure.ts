const saying = {
  corrupt: 'is damaged or no image',
  unreadable: 'cannot be read',
  mismatched: 'does not fit',
} as const;

/** An image (or its annotation) that cannot be used. Thrown by `ImageSet.image`, so that a run can name the file. */
export class ImageFailure extends Error {
  /** `mismatched`: whole in itself, but not what goes with its image. */
  readonly reason: 'unreadable' | 'corrupt' | 'mismatched';
  /** As the data set lists it. */
  readonly path: string;

  constructor(reason: ImageFailure['reason'], path: string, options?: ErrorOptions) {
    const detail = options?.cause instanceof Error ? `: ${options.cause.message}` : '';
    super(`${path} ${saying[reason]}${detail}`, options);
    this.name = 'ImageFailure';
    this.reason = reason;
    this.path = path;
  }
}
