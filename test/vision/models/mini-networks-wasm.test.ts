import { startBackend } from '../../../vision/tensors/index.ts';
import { miniNetworkSuite } from './mini-network-suite.ts';

miniNetworkSuite(() => startBackend({ backend: 'wasm', threads: 1 }));
