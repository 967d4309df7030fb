import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { colourOf } from '../objects/colours.ts';
import { labelChoices, pickByDigit } from './label-choices.ts';
import classes from './label-field.module.css';

/**
 * Field for a label with the known ones below it, all by keyboard: letters filter, digits pick, arrows choose, Enter takes
 * and Escape leaves.
 *
 * @param current the label that there is; offered first
 * @param draft what was typed when the field was lost, to begin with
 * @param onTyped told of everything that is typed
 * @param onEnd called once: with the label, or undefined where there is to be no other; `saves` after Ctrl-Enter or
 *   Ctrl-S, which also save
 */
export function LabelField({
  known,
  current,
  draft = '',
  onTyped,
  onEnd,
}: {
  known: readonly string[];
  current?: string;
  draft?: string;
  onTyped?(text: string): void;
  onEnd(label: string | undefined, options: { saves: boolean }): void;
}) {
  const { t } = useTranslation();
  const listId = useId();
  const [text, setText] = useState(draft);
  const [picked, setPicked] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const isOver = useRef(false);
  const choices = labelChoices(known, text, current);

  useEffect(() => input.current?.focus({ preventScroll: true }), []);

  const end = (label: string | undefined, saves = false) => {
    if (isOver.current) return;
    isOver.current = true;
    onEnd(label, { saves });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const ctrl = event.ctrlKey || event.metaKey;
    const byDigit = ctrl ? undefined : pickByDigit(choices, text, event.key);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (event.key === 'Escape') end(undefined);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) end(choices[picked]?.label, ctrl);
    else if (ctrl && event.key.toLowerCase() === 's') end(choices[picked]?.label, true);
    else if (byDigit !== undefined) end(byDigit);
    else if (step !== undefined) setPicked((picked + step + choices.length) % Math.max(choices.length, 1));
    else return;
    event.preventDefault();
  };

  return (
    <>
      <input
        ref={input}
        className={classes.input}
        data-testid="label-input"
        data-autofocus
        role="combobox"
        aria-label={t('annotations.label')}
        aria-expanded={choices.length > 0}
        aria-controls={listId}
        aria-activedescendant={choices[picked] && `${listId}-${picked}`}
        autoComplete="off"
        maxLength={128}
        placeholder={t('annotations.labelHint')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          onTyped?.(event.currentTarget.value);
          setPicked(0);
        }}
        onKeyDown={onKeyDown}
        // What was typed is taken; nothing typed leaves the label as it is.
        onBlur={() => end(text.trim() === '' ? undefined : text.trim())}
      />
      {choices.length > 0 && (
        <div className={classes.list} id={listId} role="listbox" aria-label={t('annotations.labels')}>
          {choices.map(({ label, isNew }, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the field
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
            <div
              key={label}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === picked}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => end(label)}
            >
              <i style={{ background: colourOf(label, 0) }} />
              <span>{isNew ? t('annotations.newLabel', { label }) : label}</span>
              <kbd aria-hidden>{index === picked ? '↵' : index < 9 ? index + 1 : ''}</kbd>
            </div>
          ))}
        </div>
      )}
    </>
  );
}
