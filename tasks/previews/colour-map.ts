/** Red, green and blue in 0..255. */
export type Colour = readonly [number, number, number];

/**
 * Eleven colours of evenly rising lightness (OKLab), from violet-black over red to pale yellow: equal steps of relevance
 * look equally large, in grey print too.
 */
const anchors: readonly Colour[] = [
  [0x07, 0x00, 0x23],
  [0x26, 0x00, 0x3f],
  [0x4b, 0x02, 0x51],
  [0x75, 0x05, 0x58],
  [0xa2, 0x04, 0x55],
  [0xca, 0x21, 0x46],
  [0xe5, 0x4d, 0x32],
  [0xf7, 0x78, 0x25],
  [0xfe, 0xa5, 0x44],
  [0xfe, 0xce, 0x7d],
  [0xff, 0xf2, 0xc3],
];

/** The colour of a relevance in 0..1. */
export function colourOf(relevance: number): Colour {
  const place = Math.min(1, Math.max(0, relevance)) * (anchors.length - 1);
  const below = Math.min(Math.floor(place), anchors.length - 2);
  const [low, high] = [anchors[below]!, anchors[below + 1]!];
  const share = place - below;
  const mix = (channel: 0 | 1 | 2): number => low[channel] + share * (high[channel] - low[channel]);
  return [mix(0), mix(1), mix(2)];
}
