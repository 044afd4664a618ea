import { statfs } from 'node:fs/promises';

/** As statfs(2) names file systems that one kernel alone can have mounted: ext, XFS, Btrfs, tmpfs, overlay, ZFS, F2FS, bcachefs. */
const localTypes: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0x2fc12fc1, 0xf2f52010, 0xca451a4e,
]);

/** Whether a path is known to lie on a disk of this machine. False where that is not known. */
export async function isOnLocalDisk(path: string): Promise<boolean> {
  try {
    return localTypes.has((await statfs(path)).type);
  } catch {
    return false;
  }
}
