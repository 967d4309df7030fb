import { ActionIcon, Button, Menu, Slider, VisuallyHidden } from '@mantine/core';
import {
  IconBrush,
  IconChevronUp,
  IconCircle,
  IconCircleOff,
  IconEraser,
  IconRectangle,
  IconRotateRectangle,
  IconShape,
  IconSquaresDiagonal,
  IconTrash,
  IconVectorSpline,
  IconWand,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { outlineOf } from '../objects/photo-object.ts';
import { activeObject } from '../objects/photo-objects.ts';
import type { PhotoStore } from '../photo/create-photo-store.ts';
import classes from './correct-bar.module.css';
import type { Correction } from './correction-state.ts';
import { vertexAt } from './hit-outline.ts';

const TOOLS = [
  { tool: 'vertices', Icon: IconVectorSpline },
  { tool: 'brush', Icon: IconBrush },
  { tool: 'eraser', Icon: IconEraser },
  { tool: 'wand', Icon: IconWand },
] as const;

const SHAPES = [
  { shape: 'rectangle', Icon: IconRectangle },
  { shape: 'turnedRectangle', Icon: IconRotateRectangle },
  { shape: 'circle', Icon: IconCircle },
] as const;

/** What the active outline is corrected with, over the lower edge of the photo. */
export function CorrectBar({ store, correction }: { store: PhotoStore; correction: Correction }) {
  const { t } = useTranslation();
  const isOn = useStore(store, ({ tool }) => tool === 'correct');
  const { objects, activeId } = useStore(store, ({ history }) => history.present);
  if (!isOn) return null;
  const active = activeObject({ objects, activeId });
  const canCorrect = active !== undefined && !active.locked && outlineOf(active) !== undefined;
  const hint = active?.locked ? 'locked' : objects.some((one) => outlineOf(one) !== undefined) ? 'none' : 'noObjects';
  return (
    <section className={classes.bar} aria-label={t('correct.bar')} data-testid="correct-bar">
      {canCorrect ? <Tools correction={correction} /> : <p className={classes.hint}>{t(`correct.${hint}`)}</p>}
      <Button
        size="xs"
        variant="light"
        data-testid="correct-done"
        title={t('correct.doneHint')}
        onClick={() => correction.leave()}
      >
        {t('correct.done')}
      </Button>
    </section>
  );
}

function Tools({ correction }: { correction: Correction }) {
  const { t } = useTranslation();
  const tool = useStore(correction, (state) => state.tool);
  return (
    <>
      <fieldset className={classes.tools} aria-label={t('correct.tools')}>
        {TOOLS.map(({ tool: name, Icon }) => (
          <ActionIcon
            key={name}
            className={classes.tool}
            variant="subtle"
            color={tool === name ? undefined : 'gray'}
            size={36}
            data-testid={`correct-${name}`}
            aria-pressed={tool === name}
            aria-label={t(`correct.tool.${name}`)}
            title={t(`correct.tool.${name}Hint`)}
            onClick={() => correction.setTool(name)}
          >
            <Icon size={20} stroke={1.6} />
          </ActionIcon>
        ))}
        {tool === 'vertices' && <VertexButton correction={correction} />}
      </fieldset>
      {(tool === 'brush' || tool === 'eraser') && <RadiusSlider correction={correction} />}
      {tool === 'wand' && <ToleranceSlider correction={correction} />}
      {tool === 'vertices' && <DetailSlider correction={correction} />}
      <WholeMenu correction={correction} />
    </>
  );
}

/** Deletes the chosen vertex, and says which that is. */
function VertexButton({ correction }: { correction: Correction }) {
  const { t } = useTranslation();
  const vertex = useStore(correction, (state) => state.vertex);
  const now = correction.corrected();
  const ring = vertex && now?.outline.parts[vertex.part]?.[vertex.ring];
  const at = vertex && now && vertexAt(now.outline.parts, vertex);
  const { width = 1, height = 1 } = correction.photo()?.size ?? {};
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        data-testid="delete-vertex"
        aria-label={t('correct.deleteVertex')}
        title={t('correct.deleteVertex')}
        disabled={vertex === undefined}
        onClick={() => vertex && correction.deleteVertex(vertex)}
      >
        <IconTrash size={18} stroke={1.6} />
      </ActionIcon>
      <VisuallyHidden aria-live="polite" data-testid="vertex">
        {vertex && at && ring
          ? t('correct.vertex', {
              number: vertex.index + 1,
              count: ring.length,
              x: Math.round(at.x * width),
              y: Math.round(at.y * height),
            })
          : ''}
      </VisuallyHidden>
    </>
  );
}

/** Radii grow by their share: as fine for small brushes as for large ones. */
const RADIUS_STEPS = 100;

function RadiusSlider({ correction }: { correction: Correction }) {
  const { t, i18n } = useTranslation();
  const radius = useStore(correction, (state) => state.radius);
  const { width = 1, height = 1 } = correction.photo()?.size ?? {};
  const most = Math.log(Math.max(width, height) / 10 / 0.5);
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: radius < 10 ? 1 : 0 });
  return (
    <div className={classes.slider}>
      <span>{t('correct.radius')}</span>
      <Slider
        size="sm"
        label={null}
        max={RADIUS_STEPS}
        value={Math.round((Math.log(radius / 0.5) / most) * RADIUS_STEPS)}
        data-testid="radius"
        thumbLabel={t('correct.radius')}
        thumbProps={{ 'aria-valuetext': t('correct.radiusValue', { radius: number.format(radius) }) }}
        onChange={(step) => correction.setRadius(0.5 * Math.exp((step / RADIUS_STEPS) * most))}
      />
      <span className={classes.value} data-testid="radius-value">
        {t('correct.radiusValue', { radius: number.format(radius) })}
      </span>
    </div>
  );
}

function ToleranceSlider({ correction }: { correction: Correction }) {
  const { t } = useTranslation();
  const tolerance = useStore(correction, (state) => state.tolerance);
  return (
    <div className={classes.slider}>
      <span>{t('correct.tolerance')}</span>
      <Slider
        size="sm"
        label={null}
        max={128}
        value={tolerance}
        data-testid="tolerance"
        thumbLabel={t('correct.tolerance')}
        onChange={correction.setTolerance}
      />
      <span className={classes.value} data-testid="tolerance-value">
        {tolerance}
      </span>
    </div>
  );
}

const DETAIL_STEPS = 100;

function DetailSlider({ correction }: { correction: Correction }) {
  const { t, i18n } = useTranslation();
  const [held, setHeld] = useState<number>();
  const { tolerancePx, mostPx } = correction.detail();
  // By its square root, so that small tolerances, which matter most, have the most room.
  const toStep = (px: number) => DETAIL_STEPS * (1 - Math.sqrt(Math.min(px / mostPx, 1)));
  const toPx = (step: number) => mostPx * (1 - step / DETAIL_STEPS) ** 2;
  const step = held ?? toStep(tolerancePx);
  const shown = held === undefined ? tolerancePx : toPx(held);
  const number = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 2 });
  const text = shown === 0 ? t('correct.allDetail') : t('correct.detailValue', { tolerance: number.format(shown) });
  return (
    <div className={classes.slider}>
      <span>{t('correct.detail')}</span>
      <Slider
        size="sm"
        label={null}
        max={DETAIL_STEPS}
        value={Math.round(step)}
        data-testid="detail"
        thumbLabel={t('correct.detail')}
        thumbProps={{ 'aria-valuetext': text }}
        onChange={(next) => {
          setHeld(next);
          correction.simplify(toPx(next), { counts: false });
        }}
        onChangeEnd={(next) => {
          setHeld(undefined);
          correction.simplify(toPx(next), { counts: true });
        }}
      />
      <span className={classes.value} data-testid="detail-value">
        {text}
      </span>
    </div>
  );
}

/** What is done with the outline as a whole. */
function WholeMenu({ correction }: { correction: Correction }) {
  const { t } = useTranslation();
  const vertex = useStore(correction, (state) => state.vertex);
  const parts = correction.corrected()?.outline.parts ?? [];
  const isHole = vertex !== undefined && vertex.ring > 0;
  return (
    <Menu position="top-end" shadow="md">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          data-testid="correct-more"
          leftSection={<IconShape size={16} aria-hidden />}
          rightSection={<IconChevronUp size={14} aria-hidden />}
        >
          {t('correct.more')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          data-testid="fill-holes"
          leftSection={<IconCircleOff size={16} aria-hidden />}
          disabled={parts.every((rings) => rings.length < 2)}
          onClick={() => correction.fillHoles()}
        >
          {t('correct.fillHoles')}
        </Menu.Item>
        <Menu.Item
          data-testid="drop-small-parts"
          leftSection={<IconSquaresDiagonal size={16} aria-hidden />}
          disabled={parts.length < 2}
          onClick={() => correction.dropSmallParts()}
        >
          {t('correct.dropSmallParts')}
        </Menu.Item>
        <Menu.Item
          data-testid="delete-ring"
          leftSection={<IconTrash size={16} aria-hidden />}
          disabled={vertex === undefined || (!isHole && parts.length < 2)}
          onClick={() => correction.deleteRing()}
        >
          {t(isHole ? 'correct.fillHole' : 'correct.deletePart')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('correct.replaceBy')}</Menu.Label>
        {SHAPES.map(({ shape, Icon }) => (
          <Menu.Item
            key={shape}
            data-testid={`replace-${shape}`}
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => correction.replaceBy(shape)}
          >
            {t(`correct.${shape}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
