// The room's table of contents. Interfaces first, then what makes a store, then what looks after one.

export type {
  ActionLookup,
  ActionPut,
  ActionResult,
  ActionStore,
  ActionsMark,
  Provenance,
} from './action-store.ts';
export type {
  ArtifactStore,
  ManifestResult,
  MaterialiseResult,
  NotAManifest,
  PutTreeResult,
} from './artifact-store.ts';
export type { AbsentOrCorrupt, BlobStore, CopyResult, PutResult, ReadResult } from './blob-store.ts';
export type { Claim, ClaimOwner, ClaimResult, ClaimStore } from './claim-store.ts';
export type { Clock } from './clock.ts';
export type { StoreFailure } from './failures.ts';
export type { FileIndex, FileIndexRequest, FileIndexResult, IndexedFile } from './file-index.ts';
export type { Json, JsonObject } from './json.ts';
export type { Manifest, ManifestFile } from './manifest.ts';
export type { SnapshotStore } from './snapshot-store.ts';
export type { Sharing, Store, StoreFolder } from './store.ts';

export { canonicalJson, jsonProblem } from './canonical-json.ts';
export type { JsonProblem } from './canonical-json.ts';
export { digestOf, parseDigest, parseTaskKey, taskKeyOf } from './digest.ts';
export type { Digest, TaskKey } from './digest.ts';
export { decodeManifest, encodeManifest, makeManifest, manifestDigest } from './manifest-codec.ts';
export type { DecodedManifest } from './manifest-codec.ts';

export { systemClock } from './clock.ts';
export { openStore } from './open-store.ts';
export type { OpenStoreRequest, OpenStoreResult } from './open-store.ts';

export { collectGarbage } from './upkeep/collect-garbage.ts';
export type { GarbageReport, GarbageRequest, GarbageResult } from './upkeep/collect-garbage.ts';
export { isPinName, readPins, removePin, setPin } from './upkeep/pins.ts';
export type { Pin, Pins } from './upkeep/pins.ts';
export { storeStats } from './upkeep/store-stats.ts';
export type { StoreStats } from './upkeep/store-stats.ts';
export { verifyStore } from './upkeep/verify-store.ts';
export type { VerifyReport, VerifyRequest } from './upkeep/verify-store.ts';
