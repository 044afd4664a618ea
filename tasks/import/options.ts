import type { PreprocessingOption } from '../model/preprocessing-option.ts';
import type { Statement } from './statement.ts';

/** The options, as the schema lets them through. */
export interface ImportOptions {
  readonly file: string;
  readonly model: string;
  readonly classes: number | readonly string[];
  readonly sha256?: string;
  readonly key?: string;
  readonly masks: MaskSource;
  readonly preprocessing: PreprocessingOption;
  /** As the file was found to have it. */
  readonly sparsity?: number;
  readonly stated?: Statement;
}

/** Where masks come from: there are none, torch.nn.utils.prune left them in the file, or every zero is masked. */
export type MaskSource = 'none' | 'file' | 'zeros';

/** Names of the classes; numbered where only their number is known. */
export function classNames(classes: ImportOptions['classes']): readonly string[] {
  return typeof classes === 'number' ? Array.from({ length: classes }, (_, index) => String(index)) : classes;
}
