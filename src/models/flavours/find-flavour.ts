import { EDGE_SAM_FLAVOUR } from './edge-sam-flavour.ts';
import { EFFICIENT_SAM_FLAVOUR } from './efficient-sam-flavour.ts';
import type { FlavourName, GraphFlavour } from './graph-flavour.ts';
import { SAM_FLAVOUR } from './sam-flavour.ts';
import { SAM2_FLAVOUR } from './sam2-flavour.ts';

/** MobileSAM runs like SAM; the only difference is that its encoder is rebuilt first (prepare-model.ts). */
const FLAVOURS: Record<FlavourName, GraphFlavour> = {
  mobilesam: SAM_FLAVOUR,
  sam: SAM_FLAVOUR,
  edgesam: EDGE_SAM_FLAVOUR,
  efficientsam: EFFICIENT_SAM_FLAVOUR,
  sam2: SAM2_FLAVOUR,
};

/** Returns the flavour of that name. */
export const findFlavour = (name: FlavourName): GraphFlavour => FLAVOURS[name];
