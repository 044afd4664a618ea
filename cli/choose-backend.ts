import { nativeStatus } from '../vision/tensors/native/status.ts';
import { colours, complain, tell } from './io.ts';
import type { Io } from './io.ts';

const backendNames: readonly string[] = ['tensorflow', 'wasm', 'cpu'];

/** Workers read the backend from the environment. Without TensorFlow, says in one line what that costs. */
export function chooseBackend(request: {
  readonly asked: string | undefined;
  /** Whether any task needs a backend at all. */
  readonly computes: boolean;
  readonly io: Io;
}): boolean {
  const { computes, io } = request;
  const native = nativeStatus();
  const asked = request.asked ?? io.env['SWEETSPOT_BACKEND'] ?? '';
  if (asked !== '' && !backendNames.includes(asked)) {
    complain(
      io,
      `SWEETSPOT_BACKEND: there is no backend '${asked}'`,
      `set it to ${backendNames.join(', ')}, or leave it out for the fastest there is`,
    );
    return false;
  }
  if (asked === 'tensorflow' && native.kind === 'missing') {
    complain(
      io,
      `the tensorflow backend is not available: ${native.reason}`,
      `${native.hint}, or --backend wasm`,
    );
    return false;
  }
  if (asked !== '') process.env['SWEETSPOT_BACKEND'] = asked;
  else if (native.kind === 'missing' && computes) {
    tell(
      io,
      `${colours.yellow('!')} computing with WebAssembly, several times slower than TensorFlow: ${native.reason} (${native.hint})`,
    );
  }
  return true;
}
