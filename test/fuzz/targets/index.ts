import type { Target } from '../target.ts';
import { checkpoint } from './checkpoint.ts';
import { image } from './image.ts';
import { manifest } from './manifest.ts';
import { mask } from './mask.ts';
import { pickle } from './pickle.ts';
import { safetensors } from './safetensors.ts';
import { study } from './study.ts';
import { voc } from './voc.ts';

/** Every reader of what comes from outside. */
export const targets: readonly Target[] = [
  study,
  pickle,
  safetensors,
  checkpoint,
  voc,
  mask,
  image,
  manifest,
];
