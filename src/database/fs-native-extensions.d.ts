declare module 'fs-native-extensions' {
  /** Takes an exclusive lock on the whole file without waiting; returns false if another process or handle holds it. */
  export function tryLock(fd: number): boolean;
}
