/** Something that is cited: facts alone, as the work itself gives them. What is not certain is left out. */
export interface Work {
  /** As `\cite` names it. */
  readonly key: string;
  readonly kind: 'article' | 'inproceedings' | 'book' | 'preprint' | 'software' | 'lecture';
  /** `Family, Given`, in order; for software a group's name without a comma. */
  readonly authors: readonly string[];
  readonly title: string;
  /** Journal, proceedings or publisher. */
  readonly venue?: string;
  readonly year?: number;
  readonly volume?: string;
  readonly number?: string;
  readonly pages?: readonly [first: string, last: string];
  readonly doi?: string;
  /** Identifier alone: `2507.01722`. */
  readonly arxiv?: string;
  /** Of software. */
  readonly version?: string;
}

const nips = 'Advances in Neural Information Processing Systems';
const cvpr = 'IEEE/CVF Conference on Computer Vision and Pattern Recognition';
const iccv = 'IEEE/CVF International Conference on Computer Vision';
const iclr = 'International Conference on Learning Representations';
const icml = 'International Conference on Machine Learning';

/** Names that many share. */
export const venues: { readonly [venue in 'nips' | 'cvpr' | 'iccv' | 'iclr' | 'icml' | 'ijcv']: string } = {
  ...{ nips, cvpr, iccv, iclr, icml },
  ijcv: 'International Journal of Computer Vision',
};
