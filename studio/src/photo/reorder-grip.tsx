import { ActionIcon } from '@mantine/core';
import { IconGripVertical } from '@tabler/icons-react';
import { type PointerEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './reorder-grip.module.css';

/** Pixels that a finger may move while it taps. */
const TAP = 8;

/** What a finger takes an object by to move it up or down the list; a tap moves it up by one. Not for mice. */
export function ReorderGrip({
  name,
  onDrag,
  onEnd,
}: {
  name: string;
  /** By how many CSS pixels it has been dragged down so far; 0 once it is let go. */
  onDrag(pixels: number): void;
  /** By how many CSS pixels it was dragged down; undefined after a tap. */
  onEnd(pixels: number | undefined): void;
}) {
  const { t } = useTranslation();
  const start = useRef<number>(undefined);
  const wasPulled = useRef(false);
  const movedBy = ({ clientY }: PointerEvent) => (start.current === undefined ? 0 : clientY - start.current);
  const end = () => {
    start.current = undefined;
    onDrag(0);
  };
  return (
    <ActionIcon
      className={classes.grip}
      variant="subtle"
      color="gray"
      size="md"
      data-testid="grip"
      aria-label={t('photo.moveUp', { name })}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = event.clientY;
        wasPulled.current = false;
      }}
      onPointerMove={(event) => {
        if (start.current !== undefined) onDrag(movedBy(event));
      }}
      onPointerUp={(event) => {
        if (start.current === undefined) return;
        const pixels = movedBy(event);
        end();
        wasPulled.current = Math.abs(pixels) >= TAP;
        if (wasPulled.current) onEnd(pixels);
      }}
      onPointerCancel={end}
      onClick={() => {
        if (!wasPulled.current) onEnd(undefined);
      }}
    >
      <IconGripVertical size={16} />
    </ActionIcon>
  );
}
