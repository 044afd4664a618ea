import type { Convergence } from '../heatmaps/convergence.ts';

/** `previews.json` of a `previews` artifact: pictures for the report. */
export interface PreviewsFile {
  readonly format: 1;
  readonly method: string;
  readonly model: string;
  /** How far the maps of all images, not only of those drawn, miss what they should sum to. */
  readonly convergence?: Convergence;
  readonly items: readonly PreviewItem[];
}

export interface PreviewItem {
  readonly id: string;
  /** The image's class where it is known, else the predicted one. */
  readonly label: string;
  /** Class that the heatmap explains. */
  readonly target: string;
  /** Class that the model takes the image for, where that is known. */
  readonly predicted?: string;
  /** File names of the preprocessed image, and of the heatmap over it. */
  readonly image: string;
  readonly overlay: string;
  /**
   * File name of the object's mask, where the data set has one for the image: a grey PNG as large as `image` and of the same crop, what
   * localisation scores against. 255 is the object, 0 what is not, 128 the void border between them.
   */
  readonly mask?: string;
}
