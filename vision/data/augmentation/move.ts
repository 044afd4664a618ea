import { affine } from './affine.ts';
import type { Operation } from './operation.ts';

/** The magnitude is the slope: how far a row moves to the left for each row below the first. */
export const shearX: Operation = (image, { magnitude, interpolation }) =>
  affine(image, [1, Math.tan(throughDegrees(magnitude)), 0, 0, 1, 0], interpolation);

/** The magnitude is the slope: how far a column moves up for each column to the right of the first. */
export const shearY: Operation = (image, { magnitude, interpolation }) => {
  const angle = throughDegrees(magnitude);
  return affine(image, [1, 0, 0, Math.sin(angle) / Math.cos(angle), 1, 0], interpolation);
};

/** The magnitude is in pixels to the right; the part below one is cut off, so that nothing is left to interpolate. */
export const translateX: Operation = (image, { magnitude }) =>
  affine(image, [1, 0, -Math.trunc(magnitude), 0, 1, 0], 'nearest');

/** The magnitude is in pixels down; the part below one is cut off. */
export const translateY: Operation = (image, { magnitude }) =>
  affine(image, [1, 0, 0, 0, 1, -Math.trunc(magnitude)], 'nearest');

/** The magnitude is in degrees, counter-clockwise, about the middle. */
export const rotate: Operation = (image, { magnitude, interpolation }) => {
  const rest = magnitude % 360;
  const angle = -(rest < 0 ? rest + 360 : rest) * radiansPerDegree;
  const [cos, sin] = [to15Digits(Math.cos(angle)), to15Digits(Math.sin(angle))];
  const [x, y] = [image.width / 2, image.height / 2];
  return affine(
    image,
    [cos, sin, cos * -x + sin * -y + x, -sin, cos, -sin * -x + cos * -y + y],
    interpolation,
  );
};

const radiansPerDegree = Math.PI / 180;

/** torchvision says a slope in degrees and takes it back to radians; the last bit is to be the same. */
function throughDegrees(slope: number): number {
  return Math.atan(slope) * (180 / Math.PI) * radiansPerDegree;
}

/** Pillow's rounding of a rotation, which makes quarter turns exact. */
function to15Digits(value: number): number {
  return Number(value.toFixed(15));
}
