import { oodSets } from '../../vision/ood/sets.ts';

/** Where a data set can be had, and what of the archive it is. */
export interface PublishedDataSet {
  readonly name: string;
  readonly summary: string;
  readonly url: string;
  readonly archive: 'tar.gz' | 'zip';
  /** Folder in the archive that becomes the data set's; `*` is any one name. Empty: the whole archive. */
  readonly root: string;
  /** Files of it that are wanted; all where absent. */
  readonly only?: RegExp;
  /** SHA-256 of the archive, where its publisher or somebody who checked states one. */
  readonly sha256?: string;
  /** SHA-256 over the unpacked files: that of `sha256sum`'s lines, by path. Where archives are packed anew on demand. */
  readonly contents?: string;
}

const modelVsHuman = 'https://github.com/bethgelab/model-vs-human';
const decisionsCommit = '79ed7cd1d9ac3a114e71b6638f0a98bdd627316c';

/**
 * The 17 sets as released with model-vs-human (Geirhos et al. 2021), and the human decisions of its repository. The releases come
 * without checksums, and none was verified here: the first download is trusted and recorded. The decisions' was computed from
 * that commit's files.
 */
export const publishedDataSets: readonly PublishedDataSet[] = [
  ...oodSets.map(({ name, images }) => ({
    name,
    summary: `${images} stimuli, one of the 17 sets`,
    url: `${modelVsHuman}/releases/download/v0.1/${name}.tar.gz`,
    archive: 'tar.gz' as const,
    root: name,
  })),
  {
    name: 'humans',
    summary: 'the human decisions on all 17 sets',
    url: `${modelVsHuman}/archive/${decisionsCommit}.tar.gz`,
    archive: 'tar.gz',
    root: '*/raw-data',
    only: /^[^/]+\/[^/]+_subject-[^/]+\.csv$/,
    contents: 'e21477cd7e14ef54d2fb36fc4bdb764eb90f582fdf80a92ddf64f1a3fc13d0de',
  },
];
