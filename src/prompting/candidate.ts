/** A mask that a prompt may mean. */
export interface Candidate {
  /** The model's estimate of the mask's intersection over union with what is meant. */
  score: number;
  /** Row-major, 256 x 256 over the model's square; above 0 is inside. */
  logits: Float32Array;
  /** Which mask of the decoder it is, 0 to 3 (decoder-run.ts). */
  token: number;
}
