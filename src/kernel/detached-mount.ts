/** A directory as a mount that is attached nowhere yet, for a mount namespace in which its path means something else. */
import { checked, libcCalls } from './libc.js';

const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const OPEN_TREE_CLONE = 1;
const OPEN_TREE_CLOEXEC = 0x8_0000;
const MOUNT_ATTR_NOSUID = 2n;
const MOUNT_ATTR_NODEV = 4n;
/** struct mount_attr: four numbers of 64 bits, of which the first are the attributes to set. */
const MOUNT_ATTR_SIZE = 32;

/** @returns a descriptor of it, for the caller to close. @throws KernelError */
export function detachedMount(directory: string): number {
  const flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
  const fd = checked(`open_tree ${directory}`, libcCalls.openTree(AT_FDCWD, directory, flags));
  const attributes = Buffer.alloc(MOUNT_ATTR_SIZE);
  attributes.writeBigUInt64LE(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
  const result = libcCalls.mountSetattr(fd, '', AT_EMPTY_PATH, attributes, MOUNT_ATTR_SIZE);
  if (result !== 0) libcCalls.close(fd);
  checked(`mount_setattr ${directory}`, result);
  return fd;
}
