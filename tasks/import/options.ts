import type { PreprocessingOption } from '../model/preprocessing-option.ts';

/** The options, as the schema lets them through. */
export interface ImportOptions {
  readonly file: string;
  readonly model: string;
  readonly classes: number | readonly string[];
  readonly sha256?: string;
  readonly preprocessing: PreprocessingOption;
}

/** Names of the classes; numbered where only their number is known. */
export function classNames(classes: ImportOptions['classes']): readonly string[] {
  return typeof classes === 'number' ? Array.from({ length: classes }, (_, index) => String(index)) : classes;
}
