import type { ShippedWeights } from '../shipped-weights.ts';
import type { Linears } from './linears.ts';

/** What the parts of the encoder are built from. */
export interface Building {
  weights: ShippedWeights;
  linears: Linears;
}
