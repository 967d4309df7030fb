import type { Static } from 'typebox';
import type { SETTINGS } from './settings.ts';

/** The value of every setting as it was read, before derived defaults. */
export type Settings = { [K in keyof typeof SETTINGS]: Static<(typeof SETTINGS)[K]['schema']> };
