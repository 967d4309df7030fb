declare module 'fs-native-extensions' {
  /** Takes an exclusive lock on the whole file without waiting; false where another holder has it. */
  export function tryLock(fd: number): boolean;
}
