import sharp from 'sharp';
import type { Heatmap } from '../../vision/localisation/heatmap.ts';
import { poolChannels } from '../../vision/localisation/pooling.ts';
import { quantileOfSorted } from '../../vision/statistics/mean-and-spread.ts';
import { colourOf } from './colour-map.ts';

/** 8-bit RGB, 3 bytes a pixel. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** How bright white without relevance is: less than half of full relevance, so that no ground passes for a strong mark in grey print. */
const ground = 0.3;

/** The heatmap in colour, the image shining through faintly where relevance is weak: the more relevance, the brighter. */
export function overlay(image: Picture, heatmap: Heatmap): Picture {
  const relevance = forTheEye(heatmap);
  const data = new Uint8Array(image.data.length);
  relevance.forEach((strength, pixel) => {
    const at = pixel * 3;
    // Rec. 601 luma.
    const grey = 0.299 * image.data[at]! + 0.587 * image.data[at + 1]! + 0.114 * image.data[at + 2]!;
    const shining = ground * (1 - strength) * grey;
    colourOf(strength).forEach((colour, channel) => {
      data[at + channel] = Math.round(Math.min(255, colour + shining));
    });
  });
  return { width: image.width, height: image.height, data };
}

/** A PNG whose bytes depend on the pixels alone (for one version of libvips). */
export async function toPng({ width, height, data }: Picture): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 9, adaptiveFiltering: false, palette: false })
    .toBuffer();
}

/** Relevance in 0..1. A few extreme pixels would leave the rest black: the scale ends at the 99th percentile. */
function forTheEye(heatmap: Heatmap): Float64Array {
  const pooled = poolChannels(heatmap, heatmap.channels === 1 ? 'min-max' : 'l2-norm');
  const top = heatmap.channels === 1 ? 1 : quantileOfSorted(pooled.slice().sort(), 0.99);
  return pooled.map((value) => (top > 0 ? Math.min(1, value / top) : 0));
}
