import type { PhotoName } from './read-annotation.ts';
import type { ServerClient } from './server-client.ts';

/** A file of the server, as far as it is needed. */
interface FoundFile {
  id: number;
  name: string;
  externalId?: string;
}

/** The file that a photo of a set is on the server, or why none is used. */
export type PhotoMatch = { fileId: number } | { problem: string };

/** Extensions to try for photos that a set names without one; the server reads no other photos. */
const EXTENSIONS = ['.jpg', '.jpeg', '.png', '.JPG', '.JPEG', '.PNG'];
/** Files of one name that are named in a message. */
const MOST_NAMED = 5;

/**
 * Creates a finder of the photos of a set on the server: by name, with its folders or without. Of several files of one
 * name, the one that the set means by its id or externalId; otherwise none.
 *
 * @param dataSetId looks in this data set alone
 */
export function createPhotoFinder(
  server: ServerClient,
  dataSetId: number | undefined,
): (photo: PhotoName) => Promise<PhotoMatch> {
  const known = new Map<string, Promise<PhotoMatch>>();
  let likely = EXTENSIONS;

  async function named(name: string): Promise<FoundFile[]> {
    const filter = { name, ...(dataSetId !== undefined && { dataSetIds: [{ id: dataSetId }] }) };
    const { items } = await server.ask<{ items: FoundFile[] }>('POST', 'files/list', { filter, limit: 100 });
    return items;
  }

  async function candidates({ name, hasExtension, id }: PhotoName): Promise<FoundFile[]> {
    const short = name.slice(name.lastIndexOf('/') + 1);
    for (const spelling of new Set([name, short, short.normalize('NFC'), short.normalize('NFD')])) {
      for (const extension of hasExtension ? [''] : likely) {
        const found = await named(spelling + extension);
        if (found.length === 0) continue;
        // Photos of one set mostly have the same extension.
        if (!hasExtension) likely = [extension, ...EXTENSIONS.filter((other) => other !== extension)];
        return found;
      }
    }
    return id === undefined ? numbered(short) : [];
  }

  /** Sets of Kontur add the id to the name of a photo if another has the same. */
  async function numbered(name: string): Promise<FoundFile[]> {
    const [, stem, id] = /^(.+)-(\d{1,16})(?:\.\w{1,5})?$/.exec(name) ?? [];
    if (stem === undefined) return [];
    const body = { items: [{ id: Number(id) }], ignoreUnknownIds: true };
    const { items } = await server.ask<{ items: FoundFile[] }>('POST', 'files/byids', body);
    return items.filter((file) => file.name.toLowerCase().startsWith(`${stem.toLowerCase()}.`));
  }

  async function find(photo: PhotoName): Promise<PhotoMatch> {
    const found = await candidates(photo);
    const [only, ...others] = found;
    if (only === undefined) return { problem: `no photo on the server is named ${JSON.stringify(photo.name)}` };
    if (others.length === 0) return { fileId: only.id };
    const meant =
      found.find(({ id }) => id === photo.id) ??
      found.find(({ externalId }) => externalId !== undefined && externalId === photo.externalId);
    if (meant !== undefined) return { fileId: meant.id };
    const ids = found.slice(0, MOST_NAMED).map(({ id }) => id);
    const more = found.length > ids.length ? ', …' : '';
    return {
      problem: `${found.length} photos on the server are named ${JSON.stringify(only.name)} (ids ${ids.join(', ')}${more}); a data set may tell them apart`,
    };
  }

  return (photo) => {
    const key = JSON.stringify([photo.name, photo.hasExtension, photo.id, photo.externalId]);
    const match = known.get(key) ?? find(photo);
    known.set(key, match);
    return match;
  };
}
