import { UnstyledButton } from '@mantine/core';
import { IconChevronUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { PhotoStore } from './create-photo-store.ts';
import type { Saver } from './create-saver.ts';
import { ObjectRow } from './object-row.tsx';
import classes from './objects-panel.module.css';
import { ReorderGrip } from './reorder-grip.tsx';

/** Height of a row in CSS pixels. */
const ROW = 52;

/** The objects of the photo, the topmost first; on a phone a sheet that shows the active one until it is opened. */
export function ObjectsPanel({
  store,
  saver,
  onCompare,
  children,
}: {
  store: PhotoStore;
  saver: Saver;
  /** Shows what somebody else has made of an object. */
  onCompare(id: string): void;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const { objects, activeId } = useStore(store, ({ history }) => history.present);
  const { saving, failures, conflicts } = useStore(saver);
  const [isOpen, setOpen] = useState(false);
  const [dragged, setDragged] = useState<string>();
  const [pulled, setPulled] = useState({ id: '', pixels: 0 });
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: objects.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    getItemKey: (row) => objects[objects.length - 1 - row]?.id ?? row,
  });
  const activeRow = objects.length - 1 - objects.findIndex(({ id }) => id === activeId);
  useEffect(() => {
    if (activeRow < objects.length) rows.scrollToIndex(activeRow);
  }, [activeRow, objects.length, rows]);

  /** Moves the object of a row by rows, and keeps the focus on it. */
  const move = (row: number, by: number) => {
    const place = objects.length - 1 - row;
    const object = objects[place];
    const target = place - by;
    if (object === undefined || target < 0 || target >= objects.length) return;
    store.actions.moveTo(object.id, target);
    rows.scrollToIndex(row + by);
    requestAnimationFrame(() => focusRow(scroller.current, object.id));
  };
  /** Moves the object of a row to where it was pulled; up by one if it was tapped. */
  const letGo = (row: number, pixels = -ROW) => {
    const by = Math.round(pixels / ROW);
    move(row, Math.min(Math.max(by, -row), objects.length - 1 - row));
  };
  /** Puts the dragged object where another is. */
  const dropOn = (row: number) => {
    if (dragged !== undefined) store.actions.moveTo(dragged, objects.length - 1 - row);
    setDragged(undefined);
  };
  const go = (row: number) => {
    const object = objects[objects.length - 1 - row];
    if (object === undefined) return;
    rows.scrollToIndex(row);
    requestAnimationFrame(() => focusRow(scroller.current, object.id));
  };

  return (
    <aside className={classes.side} data-open={isOpen || undefined} aria-label={t('photo.objects')}>
      <h2 className={classes.title}>
        {t('photo.objects')} <span data-testid="object-count">{objects.length}</span>
        <UnstyledButton
          className={classes.opener}
          aria-expanded={isOpen}
          aria-label={t(isOpen ? 'photo.showOne' : 'photo.showAll')}
          onClick={() => setOpen(!isOpen)}
        >
          <IconChevronUp size={18} />
        </UnstyledButton>
      </h2>
      <div ref={scroller} className={classes.scroller}>
        {objects.length === 0 && <p className={classes.empty}>{t('photo.noObjects')}</p>}
        <ul style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index: row, start }) => {
            const place = objects.length - 1 - row;
            const object = objects[place];
            if (object === undefined) return null;
            const isPulled = pulled.id === object.id && pulled.pixels !== 0;
            return (
              <li
                key={key}
                style={{ transform: `translateY(${start + (isPulled ? pulled.pixels : 0)}px)`, height: ROW }}
                aria-setsize={objects.length}
                aria-posinset={row + 1}
                draggable
                data-dragged={dragged === object.id || undefined}
                data-pulled={isPulled || undefined}
                onDragStart={(event) => {
                  event.dataTransfer.effectAllowed = 'move';
                  setDragged(object.id);
                }}
                onDragOver={(event) => dragged !== undefined && event.preventDefault()}
                onDrop={() => dropOn(row)}
                onDragEnd={() => setDragged(undefined)}
              >
                <ObjectRow
                  object={object}
                  place={place}
                  isActive={object.id === activeId}
                  isSaving={saving.has(object.id)}
                  failure={failures.get(object.id)}
                  theirs={conflicts.get(object.id)}
                  actions={store.actions}
                  onRetry={() => saver.save([object.id])}
                  onCompare={() => onCompare(object.id)}
                  onMove={(by) => move(row, by)}
                  onGo={(by) => go(row + by)}
                  grip={
                    <ReorderGrip
                      name={object.label ?? t('photo.unnamed')}
                      onDrag={(pixels) => setPulled({ id: object.id, pixels })}
                      onEnd={(pixels) => letGo(row, pixels)}
                    />
                  }
                />
              </li>
            );
          })}
        </ul>
      </div>
      {children !== undefined && <div className={classes.take}>{children}</div>}
    </aside>
  );
}

function focusRow(scroller: HTMLElement | null, id: string): void {
  scroller?.querySelector<HTMLElement>(`[data-object="${CSS.escape(id)}"] button`)?.focus({ preventScroll: true });
}
