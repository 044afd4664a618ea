/** Registers the kernels that tfjs' wasm backend lacks or computes wrongly. */
export function registerWasmKernels(): void {
  return;
}
