import type { Preprocessing } from './model-entry.ts';

const mean = [0.485, 0.456, 0.406] as const;
const std = [0.229, 0.224, 0.225] as const;

/** As torchvision's weights of each model were evaluated. */
export const imagenet: Preprocessing = { resize: 256, crop: 224, interpolation: 'bilinear', mean, std };
export const imagenetSwinV2: Preprocessing = { resize: 260, crop: 256, interpolation: 'bicubic', mean, std };

/** Images of 32 pixels, as they are. */
export const cifar: Preprocessing = { crop: 32, interpolation: 'bilinear', mean, std };
