/** One image's attribution: channel by channel, each row by row. `data` has channels * height * width values. */
export interface Heatmap {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: ArrayLike<number>;
}
