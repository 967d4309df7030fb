import type { Api } from '../api/create-api.ts';
import { createThumbnails, type Thumbnails } from '../library/create-thumbnails.ts';

/** Pixels across of the pictures: enough for what is cut out of them. */
const WIDTH = 1024;
/** Pictures that are kept when nobody looks at them. */
const KEPT = 120;

const all = new WeakMap<object, Thumbnails>();

/** Pictures of the photos of a project, large enough to cut annotations out of them; made when first asked for. */
export function closeUpsOf(api: Pick<Api, 'fetch'>): Thumbnails {
  const found = all.get(api) ?? createThumbnails(api, { width: WIDTH, kept: KEPT });
  all.set(api, found);
  return found;
}
