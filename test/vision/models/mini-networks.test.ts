import { useTestBackend } from '../../support/backend.ts';
import { miniNetworkSuite } from './mini-network-suite.ts';

miniNetworkSuite(useTestBackend);
