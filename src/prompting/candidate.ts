/** A mask that a prompt may mean: its estimated IoU, and its logits on the 256 grid of the model's square. */
export interface Candidate {
  score: number;
  logits: Float32Array;
}
