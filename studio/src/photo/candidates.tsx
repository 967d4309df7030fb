import { UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { CanvasPhoto } from '../canvas/photo-canvas.tsx';
import { boundsOf, candidateRoles } from '../objects/candidate-roles.ts';
import { colourOf } from '../objects/colours.ts';
import type { Outline } from '../objects/photo-object.ts';
import { activeObject } from '../objects/photo-objects.ts';
import classes from './candidates.module.css';
import type { PhotoStore } from './create-photo-store.ts';

/** Size of the small pictures in CSS pixels. */
const PICTURE = { width: 56, height: 45 };
/** Free room around the objects in them, as a share of the larger side. */
const MARGIN = 0.15;

/** The answers to the active prompt as small pictures, among which one is chosen. */
export function Candidates({ store, photo }: { store: PhotoStore; photo: CanvasPhoto }) {
  const { t } = useTranslation();
  const present = useStore(store, ({ history }) => history.present);
  const isCorrecting = useStore(store, ({ tool }) => tool === 'correct');
  const active = activeObject(present);
  if (isCorrecting || active === undefined || active.outlines.length < 2) return null;
  const { outlines, chosen, label } = active;
  const roles = candidateRoles(outlines);
  const colour = colourOf(label, present.objects.indexOf(active));
  return (
    <fieldset className={classes.candidates} aria-label={t('photo.candidates')}>
      {outlines.slice(0, 3).map((outline, index) => {
        const role = roles[index] === undefined ? '' : t(`photo.role.${roles[index]}`);
        const score = outline.score.toFixed(2);
        return (
          <UnstyledButton
            // biome-ignore lint/suspicious/noArrayIndexKey: candidates have no other name
            key={index}
            className={classes.candidate}
            data-testid="candidate"
            aria-pressed={index === chosen}
            disabled={active.locked}
            onClick={() => store.actions.choose(index)}
          >
            <VisuallyHidden>{t('photo.candidate', { number: index + 1, score, role })}</VisuallyHidden>
            <SmallMask outline={outline} photo={photo} colour={colour} />
            <span className={classes.words} aria-hidden>
              {score}
              <small>
                <kbd>{index + 1}</kbd> {role}
              </small>
            </span>
          </UnstyledButton>
        );
      })}
    </fieldset>
  );
}

/** One answer on the piece of the photo around it. */
function SmallMask({
  outline,
  photo: { size, picture },
  colour,
}: {
  outline: Outline;
  photo: CanvasPhoto;
  colour: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    const bounds = boundsOf([outline]);
    if (!context || bounds === undefined) return;
    const { width, height } = context.canvas;
    const [across, down] = [(bounds.xMax - bounds.xMin) * size.width, (bounds.yMax - bounds.yMin) * size.height];
    const room = 1 + 2 * MARGIN;
    const scale = Math.min(width / Math.max(across * room, 1), height / Math.max(down * room, 1));
    const left = width / 2 - ((bounds.xMin + bounds.xMax) / 2) * size.width * scale;
    const top = height / 2 - ((bounds.yMin + bounds.yMax) / 2) * size.height * scale;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (picture !== undefined) {
      context.globalAlpha = 0.5;
      context.drawImage(picture, left, top, size.width * scale, size.height * scale);
      context.globalAlpha = 1;
    }
    const path = new Path2D();
    for (const ring of outline.parts.flat()) {
      for (const [place, { x, y }] of ring.entries()) {
        const [toLeft, toTop] = [left + x * size.width * scale, top + y * size.height * scale];
        place === 0 ? path.moveTo(toLeft, toTop) : path.lineTo(toLeft, toTop);
      }
      path.closePath();
    }
    context.fillStyle = colour;
    context.fill(path, 'evenodd');
  }, [outline, size, picture, colour]);
  return <canvas ref={canvas} className={classes.mask} width={2 * PICTURE.width} height={2 * PICTURE.height} />;
}
