import type { ShippedWeights } from '../shipped-weights.ts';
import type { Linears } from './linears.ts';

/** What all parts of the encoder need while it is built: the shipped weights, and how linear layers are computed. */
export interface Building {
  weights: ShippedWeights;
  linears: Linears;
}
