// Where the program runs from its sources: a thread does not take over what its parent reads TypeScript with.
import { register } from 'tsx/esm/api';

register();
await import('./entry.ts');
