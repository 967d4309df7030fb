import { setTimeout } from 'node:timers/promises';
import type { AnnotationData } from '#contract/annotations/annotation-data';
import { ERROR_KINDS, KonturError } from '#contract/errors';
import type { Vertex } from '#contract/vision/segment-job';
import { readOutline } from '#outputs/outline-polygon';
import type { SetAnnotation, SetEntry, SetPhoto, SetShape } from '#outputs/sets/set-format';
import type { AnnotationFilter } from '../../../annotations/annotation-conditions.ts';
import type { AnnotationRecord } from '../../../annotations/annotation-record.ts';
import { mayAccessFile } from '../../../auth/authorise.ts';
import type { Principal } from '../../../auth/principal.ts';
import type { FileEntry } from '../../../files/file-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';

/** What reading a set needs of the app. */
export type SetDependencies = Pick<AppDependencies, 'annotations' | 'files' | 'images' | 'pictures' | 'blobs'>;

/** Which annotations a set has, and who reads them. */
export interface SetSelection {
  principal: Principal;
  filter: AnnotationFilter;
  /** Only on files in one of these data sets; if undefined, on every file that the principal may read. */
  dataSetIds: readonly number[] | undefined;
  /** Whether photos are measured. */
  needsSize: boolean;
  signal: AbortSignal;
}

/** Pause before a photo is measured again where too many pictures are being made. */
const PAUSE_MS = 500;

/**
 * Reads the annotations of a set one photo after the other, a page of the store at a time. Photos are measured as they
 * come; one that cannot be read has the reason instead of a size.
 *
 * @throws KonturError where a part of the server is away; the reason of the signal
 */
export async function* readSetEntries(
  { annotations, files, images, pictures }: SetDependencies,
  { principal, filter, dataSetIds, needsSize, signal }: SetSelection,
): AsyncGenerator<SetEntry> {
  const { project } = principal;
  let photo: SetPhoto | undefined;

  async function measure(file: FileEntry): Promise<SetPhoto['size']> {
    for (;;) {
      try {
        const image = { project, file: { fileId: file.id }, contentSha256: file.content?.sha256 };
        return await pictures.measure(await images.open(image, signal), signal);
      } catch (error) {
        if (!(error instanceof KonturError)) throw error;
        if (error.code === 'busy') await setTimeout(PAUSE_MS, undefined, { signal });
        else if (isOfPhoto(error)) return { unknown: error.message };
        else throw error;
      }
    }
  }

  for await (const page of annotations.stream(project, filter, { dataSetIds, order: 'file' })) {
    signal.throwIfAborted();
    const ids = [...new Set(page.map(({ fileId }) => fileId))].map((id) => ({ id }));
    const found = await files.findEntries(project, ids, { ignoreUnknownIds: true });
    const readable = new Map(
      found.filter((file) => mayAccessFile(principal, 'READ', file)).map((file) => [file.id, file]),
    );
    for (const record of page) {
      const file = readable.get(record.fileId);
      if (file === undefined) continue;
      if (photo?.id !== file.id) {
        const { id, name, externalId } = file;
        photo = { id, name, externalId, ...(needsSize && { size: await measure(file) }) };
      }
      yield { photo, annotation: toSetAnnotation(record) };
    }
  }
}

const isOfPhoto = ({ code }: KonturError): boolean =>
  ERROR_KINDS[code].origin === 'image' || code === 'file-not-uploaded' || code === 'files-not-found';

function toSetAnnotation({ data, outline, ...record }: AnnotationRecord): SetAnnotation {
  const { label, confidence, attributes } = data as ObjectData;
  const { id, annotationType, status, byHand, creatingApp, creatingUser } = record;
  const { createdBy, updatedBy, createdTime, lastUpdatedTime } = record;
  return {
    ...{ id, annotationType, label: label ?? null, status, shape: toShape(data, outline), byHand },
    ...(typeof confidence === 'number' && { score: confidence }),
    ...(attributes && { attributes }),
    ...{ creatingApp, creatingUser, createdBy, updatedBy, createdTime, lastUpdatedTime },
  };
}

/** What of `data` a set can hold. */
interface ObjectData {
  label?: string;
  confidence?: number;
  attributes?: SetAnnotation['attributes'];
  boundingBox?: { xMin: number; yMin: number; xMax: number; yMax: number };
  polygon?: { vertices: Vertex[] };
  polyline?: { vertices: Vertex[] };
}

/** The outline as it is kept, otherwise read back from the polygon, where holes and parts are seams. */
function toShape(data: AnnotationData, outline: Vertex[][][] | null): SetShape {
  const { boundingBox, polygon, polyline } = data as ObjectData;
  if (outline !== null) return { is: 'outline', rings: outline };
  if (boundingBox) {
    const { xMin, yMin, xMax, yMax } = boundingBox;
    return { is: 'box', xMin, yMin, xMax, yMax };
  }
  if (polyline) return { is: 'line', vertices: polyline.vertices };
  if (!polygon) return { is: 'other' };
  return { is: 'outline', rings: readOutline(polygon) };
}
