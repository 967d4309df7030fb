/** Shows what is being done on one line of a terminal; nothing where errors go to a file. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}\u001b[K`);
}
