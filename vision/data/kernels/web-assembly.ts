/** Of the global `WebAssembly`, whose types come with browsers' only, what is used here. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Compiles and starts a program without imports. */
export function instantiate(program: Uint8Array): object {
  const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi })
    .WebAssembly;
  return new Instance(new Module(program)).exports;
}
