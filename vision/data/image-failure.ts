/** An image (or its annotation) that cannot be used. Thrown by `ImageSet.image`, so that a run can name the file. */
export class ImageFailure extends Error {
  /**
   * `mismatched`: whole in itself, but not what goes with its image. `malformed`: a text that does not say what it should;
   * the message has the line where one is known.
   */
  readonly reason: 'unreadable' | 'corrupt' | 'mismatched' | 'malformed';
  /** As the data set lists it. */
  readonly path: string;

  constructor(
    reason: ImageFailure['reason'],
    path: string,
    { line, ...options }: ErrorOptions & { readonly line?: number } = {},
  ) {
    const detail = options.cause instanceof Error ? `: ${options.cause.message}` : '';
    super(`${failed(reason, path, line)}${detail}`, options);
    this.name = 'ImageFailure';
    this.reason = reason;
    this.path = path;
  }
}

function failed(reason: ImageFailure['reason'], path: string, line: number | undefined): string {
  switch (reason) {
    case 'unreadable':
      return `${path} cannot be read`;
    case 'corrupt':
      return `${path} is damaged or no image`;
    case 'mismatched':
      return `${path} does not fit`;
    case 'malformed':
      return line === undefined ? path : `${path}, line ${line}`;
  }
}
