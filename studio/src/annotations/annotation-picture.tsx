import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Thumbnails } from '../library/create-thumbnails.ts';
import { colourOf } from '../objects/colours.ts';
import { type Annotation, partsOf } from './annotation.ts';
import classes from './annotation-picture.module.css';
import { cropAround, toPath } from './crop.ts';

/** An annotation as it is drawn. */
export type DrawnAnnotation = Pick<Annotation, 'annotatedResourceId' | 'rings' | 'data' | 'label'>;

/**
 * An annotation drawn on its photo.
 *
 * @param aspect width of the picture by its height
 * @param isCutOut whether the part of the photo around the object is shown, else the whole
 */
export function AnnotationPicture({
  annotation,
  pictures,
  aspect,
  isCutOut,
}: {
  annotation: DrawnAnnotation;
  pictures: Thumbnails;
  aspect: number;
  isCutOut: boolean;
}) {
  const { annotatedResourceId: id, data, label } = annotation;
  const photo = useMemo(() => ({ id }), [id]);
  const watch = useCallback((changed: () => void) => pictures.watch(photo, changed), [pictures, photo]);
  const { url, size, problem } = useSyncExternalStore(watch, () => pictures.get(photo));
  const parts = partsOf(annotation);
  const shown = useMemo(() => {
    if (size === undefined) return undefined;
    const { left, top, width, height } = isCutOut ? cropAround(parts, size, aspect) : { left: 0, top: 0, ...size };
    const line = (data.polyline?.vertices ?? []).map(({ x, y }) => `${x * size.width},${y * size.height}`).join(' ');
    return {
      viewBox: [left, top, width, height].map((value) => value.toFixed(1)).join(' '),
      path: toPath(parts, size),
      line,
    };
  }, [size, parts, data.polyline, aspect, isCutOut]);
  if (problem !== undefined) return <span className={classes.none}>!</span>;
  if (shown === undefined || size === undefined || url === undefined) return <span className={classes.none} />;
  const colour = colourOf(label ?? undefined, 0);
  return (
    <svg className={classes.picture} viewBox={shown.viewBox} aria-hidden data-testid="annotation-picture">
      <image href={url} width={size.width} height={size.height} preserveAspectRatio="none" />
      <path d={shown.path} fill={colour} fillOpacity={isCutOut ? 0.18 : 0.35} fillRule="evenodd" />
      <path d={shown.path} className={classes.edge} />
      <path d={shown.path} className={classes.line} stroke={colour} />
      {shown.line !== '' && <polyline points={shown.line} className={classes.line} stroke={colour} />}
    </svg>
  );
}
