/** As much of opentype.js as is used: its own types would bring a browser's along. */
declare module 'opentype.js' {
  export interface Font {
    /** 0 where the font has no such letter. */
    charToGlyphIndex(letter: string): number;
    getAdvanceWidth(text: string, size: number): number;
    getPath(text: string, x: number, y: number, size: number): { toPathData(decimals: number): string };
  }
  const opentype: { parse(bytes: ArrayBufferLike): Font };
  export default opentype;
}
