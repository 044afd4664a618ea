/** The 16 entry-level categories of model-vs-human, in alphabetical order (Geirhos et al. 2018, section 2). */
export const categories = [
  'airplane',
  'bear',
  'bicycle',
  'bird',
  'boat',
  'bottle',
  'car',
  'cat',
  'chair',
  'clock',
  'dog',
  'elephant',
  'keyboard',
  'knife',
  'oven',
  'truck',
] as const;

export type Category = (typeof categories)[number];

export function isCategory(name: string): name is Category {
  return (categories as readonly string[]).includes(name);
}
