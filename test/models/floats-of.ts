import { createHalfFloatReader } from '../../src/engine/half-float.ts';
import type { FloatTensor, HalfTensor } from '../../src/models/open-session.ts';

const widen = createHalfFloatReader();

/** Values of a tensor in single precision, whatever it is in. */
export const floatsOf = ({ data }: FloatTensor | HalfTensor): Float32Array =>
  data instanceof Float32Array ? data : widen(data);
