import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf } from '../tf.ts';
import { nativeBackend } from './backend.ts';
import { bitsOf, fedWithBits } from './bits.ts';
import type { GraphNode } from './node.ts';
import { encodeSavedModel, servingTag } from './saved-model.ts';

/** A graph that TensorFlow has loaded, with variables of its own. */
export interface Session {
  /**
   * Runs what the fetches depend on. The feeds stand for the outputs of nodes so named, and stay the caller's; so are the
   * results, one a fetch.
   */
  run(feeds: ReadonlyMap<string, tf.Tensor>, fetches: readonly string[]): tf.Tensor[];
  /** Frees graph and variables. */
  close(): void;
}

/** Loads a graph. It reaches TensorFlow through a file, the one way that the binding has. */
export function openSession(nodes: readonly GraphNode[]): Session {
  const backend = nativeBackend();
  const folder = mkdtempSync(join(tmpdir(), 'sweetspot-graph-'));
  let id: number;
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
    id = backend.binding.loadSavedModel(folder, servingTag);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const wantBits = fedWithBits(nodes);
  return {
    run: (feeds, fetches) => {
      if (fetches.length === 0) return [];
      const bits = new Map(
        [...feeds].filter(([name]) => wantBits.has(name)).map(([name, tensor]) => [name, bitsOf(tensor)]),
      );
      try {
        return backend.runSavedModel(
          id,
          [...feeds].map(([name, tensor]) => bits.get(name) ?? tensor),
          [...feeds.keys()].map((name) => ({ name: port(name) })),
          fetches.map(port),
        );
      } finally {
        tf.dispose([...bits.values()]);
      }
    },
    close: () => {
      backend.binding.deleteSavedModel(id);
    },
  };
}

/** The binding wants the output's number, always. */
function port(output: string): string {
  return output.includes(':') ? output : `${output}:0`;
}
