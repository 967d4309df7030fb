/** Gives pieces of text that are at hand as those of a file that is written piece by piece. */
export async function* piecesOf(pieces: Iterable<string>): AsyncGenerator<string> {
  yield* pieces;
}
