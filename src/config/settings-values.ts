import type { XStatic } from 'typebox/schema';
import type { SETTINGS } from './settings.ts';

/** The value of every setting as it was read, before derived defaults. */
export type Settings = { [K in keyof typeof SETTINGS]: ValueOf<(typeof SETTINGS)[K]['schema']> };

type ValueOf<Schema> = XStatic<Schema> | (Schema extends { default: unknown } ? never : undefined);
