import { ActionIcon } from '@mantine/core';
import { IconArrowsMove, IconBrush, IconCrosshair, IconMarquee2, IconMaximize } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { CanvasView } from '../canvas/canvas-view.ts';
import type { Correction } from '../correct/correction-state.ts';
import type { PhotoStore } from './create-photo-store.ts';
import type { Tool } from './photo-state.ts';
import classes from './tool-rail.module.css';

/** Tools by what they do: those that mark come first, then those that show. */
const MARKING = [
  { tool: 'point', Icon: IconCrosshair },
  { tool: 'box', Icon: IconMarquee2 },
  { tool: 'correct', Icon: IconBrush },
] as const satisfies { tool: Tool; Icon: unknown }[];

/** Rail of tools beside the canvas, on a phone below it. */
export function ToolRail({ store, view, correction }: { store: PhotoStore; view: CanvasView; correction: Correction }) {
  const { t } = useTranslation();
  const tool = useStore(store, (state) => state.tool);
  const button = (name: Tool, Icon: typeof IconCrosshair) => (
    <ActionIcon
      key={name}
      className={classes.tool}
      variant="subtle"
      color={tool === name ? undefined : 'gray'}
      aria-pressed={tool === name}
      aria-label={t(`photo.tool.${name}`)}
      title={t(`photo.tool.${name}Hint`)}
      data-testid={`tool-${name}`}
      onClick={() => (name === 'correct' ? correction.begin() : store.actions.setTool(name))}
    >
      <Icon size={20} stroke={1.6} />
    </ActionIcon>
  );
  return (
    <section className={classes.rail} aria-label={t('photo.tools')}>
      {MARKING.map(({ tool: name, Icon }) => button(name, Icon))}
      <hr />
      {button('pan', IconArrowsMove)}
      <ActionIcon
        className={classes.tool}
        variant="subtle"
        color="gray"
        aria-label={t('photo.fit')}
        title={t('photo.fitKey')}
        onClick={() => view.fit()}
      >
        <IconMaximize size={20} stroke={1.6} />
      </ActionIcon>
    </section>
  );
}
