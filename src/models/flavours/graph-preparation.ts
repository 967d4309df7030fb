import type { FlavourName } from './graph-flavour.ts';

/** What is done to the graphs of a flavour before they run. */
export interface GraphPreparation {
  /** `rebuilt`: built again from its weights, for any input size and in int8 as well. */
  encoder: 'rebuilt' | 'as exported';
  /**
   * `rebuilt` as the encoder is; `cut`: what computes masks at the size of the image is left out, where that can be
   * done.
   */
  decoder: 'rebuilt' | 'cut' | 'as exported';
}

/** The only place that tells flavours apart by name; how each is run says find-flavour.ts. */
export const GRAPH_PREPARATION: Record<FlavourName, GraphPreparation> = {
  mobilesam: { encoder: 'rebuilt', decoder: 'rebuilt' },
  sam: { encoder: 'as exported', decoder: 'cut' },
  edgesam: { encoder: 'as exported', decoder: 'as exported' },
  efficientsam: { encoder: 'as exported', decoder: 'as exported' },
  sam2: { encoder: 'as exported', decoder: 'as exported' },
};
