import type { WeightsFailure } from './failure.ts';
import type { StoredTensor, StoredTensors } from './stored-tensor.ts';

/**
 * Names as the model itself gives them, without what its wrappers put there: in front, `module.` (DataParallel,
 * averaged models) and `model.` (Lightning); anywhere, the names of compiled, sharded and checkpointed modules. The
 * counter of averaged models is left out. Two tensors of one name are a failure.
 */
export function withPlainNames(
  tensors: StoredTensors,
): { readonly kind: 'named'; readonly tensors: StoredTensors } | WeightsFailure {
  const named = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    const plain = plainName(name);
    if (plain === averagedCount) continue;
    if (named.has(plain)) return { kind: 'weights-failure', reason: 'mismatch', detail: twice(plain, name) };
    named.set(plain, tensor);
  }
  return { kind: 'named', tensors: named };
}

/** How often weights were averaged (torch.optim.swa_utils.AveragedModel). */
const averagedCount = 'n_averaged';

const leading = new Set(['module', 'model']);
const anywhere = new Set(['_orig_mod', '_fsdp_wrapped_module', '_checkpoint_wrapped_module']);

function plainName(name: string): string {
  const parts = name.split('.').filter((part) => !anywhere.has(part));
  const first = parts.findIndex((part) => !leading.has(part));
  // Names that are nothing else keep their last part.
  return parts.slice(first).join('.');
}

function twice(plain: string, name: string): string {
  return `two tensors are called '${shortName(plain)}' without the names of wrappers, one of them '${shortName(name)}'`;
}

/** Names come from the file, and may be as long as it is. */
export function shortName(name: string): string {
  return name.length > 120 ? `${name.slice(0, 120)}…` : name;
}
