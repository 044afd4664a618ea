/** Whether a JPEG has four channels, by the header of its frame (ITU T.81, B.2.2). */
export function isCmykJpeg(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return false;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!;
    if (isFrame(marker)) return bytes[at + 9] === 4;
    // A marker may be led by any number of fill bytes; restarts and the like stand alone.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else at += 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
  }
  return false;
}

/** SOF0 … SOF15, without the tables and the extension that have numbers among them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Cyan, magenta, yellow and black of each pixel as red, green and blue, rounded as Pillow does. */
export function fromCmyk(data: Uint8Array): Uint8Array {
  const pixels = data.length / 4;
  const out = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const white = 255 - data[pixel * 4 + 3]!;
    for (let channel = 0; channel < 3; channel += 1) {
      const ink = data[pixel * 4 + channel]! * white + 128;
      out[pixel * 3 + channel] = white - (((ink >> 8) + ink) >> 8);
    }
  }
  return out;
}
