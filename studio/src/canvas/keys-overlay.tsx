import { Kbd, Switch, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../shell/dialog.tsx';
import { setSingleKeys, useSingleKeys } from '../shell/single-keys.ts';
import { KEY_BINDINGS, type KeyBinding } from './keys.ts';
import classes from './keys-overlay.module.css';

const GROUPS = ['mark', 'correct', 'photo', 'view', 'crosshair'] as const;
/** What mouse and fingers do; the texts say all of it. */
const POINTER_LINES = {
  mouse: ['click', 'rightClick', 'drag', 'shiftDrag', 'moveHandle', 'ctrlClick', 'wheel', 'spaceDrag'],
  touch: ['tap', 'longPress', 'longPressHandle', 'boxTool', 'twoFingers'],
} as const;

/** Shows what all keys, the mouse and fingers do on the canvas. */
export function KeysOverlay({ close }: { close(): void }) {
  const { t } = useTranslation();
  const areOn = useSingleKeys();
  return (
    <Dialog title={t('canvas.keys.title')} size={960} close={close}>
      <Switch
        mb="md"
        checked={areOn}
        label={t('canvas.keys.single')}
        description={t('canvas.keys.singleWhy')}
        onChange={({ currentTarget }) => setSingleKeys(currentTarget.checked)}
      />
      <div className={classes.groups}>
        {GROUPS.map((group) => (
          <section key={group}>
            <Text component="h3" fw={600} size="sm" mb={4}>
              {t(`canvas.keys.groups.${group}`)}
            </Text>
            <dl className={classes.lines}>
              {KEY_BINDINGS.filter((binding) => binding.group === group && !binding.unlisted).map((binding) => (
                <div key={binding.command}>
                  <dt>
                    <KeyNames {...binding} />
                  </dt>
                  <dd>{t(`canvas.keys.${binding.command}`)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        {(['mouse', 'touch'] as const).map((kind) => (
          <section key={kind}>
            <Text component="h3" fw={600} size="sm" mb={4}>
              {t(`canvas.keys.groups.${kind}`)}
            </Text>
            <dl className={classes.lines}>
              {POINTER_LINES[kind].map((line) => (
                <div key={line}>
                  <dt>{t(`canvas.pointer.${line}.what`)}</dt>
                  <dd>{t(`canvas.pointer.${line}.does`)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function KeyNames({ ctrl, shift, keys, shown = keys }: KeyBinding) {
  const held = [...(ctrl ? ['Ctrl'] : []), ...(shift ? ['Shift'] : [])];
  return (
    <>
      {held.map((key) => (
        <span key={key}>
          <Kbd size="xs">{key}</Kbd> +
        </span>
      ))}
      {shown.map((key) => (
        <Kbd key={key} size="xs">
          {key}
        </Kbd>
      ))}
    </>
  );
}
