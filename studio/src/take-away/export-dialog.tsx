import { Button, Checkbox, Progress, Radio, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { findFormat } from '#outputs/find-format';
import { isBinary, type OptionValues, type OutputFormat } from '#outputs/output-format';
import { OUTPUT_FORMATS } from '#outputs/output-formats';
import { Dialog } from '../shell/dialog.tsx';
import { Trouble } from '../shell/trouble.tsx';
import { FormatOptions } from './format-options.tsx';
import { describeFormat, titleOf } from './format-texts.ts';
import { isSeparate } from './plan-files.ts';
import { canStream, pickFile } from './save-file.ts';
import classes from './take-away.module.css';
import { type ExportSource, type ExportState, useExport } from './use-export.ts';
import { UnreadablePhoto } from './write-picture.ts';

/** Photos from which on a zip of pictures is written to a file while it is made: memory might not hold it. */
const STREAMED_FROM = 20;

/** What an export can be of: a name for people, how many photos at most, and where the objects come from. */
export interface ExportScope extends ExportSource {
  label: string;
  photos: number;
}

/** The format that was chosen last. */
let lastFormat: string = OUTPUT_FORMATS[0]?.name ?? '';

/** Asks for a format and its options, and exports. The scopes are what can be exported; the first is preselected. */
export function ExportDialog({ scopes, close }: { scopes: readonly [ExportScope, ...ExportScope[]]; close(): void }) {
  const { t } = useTranslation();
  const [place, setPlace] = useState(0);
  const [name, setName] = useState(lastFormat);
  const { format, options: defaults } = findFormat(name);
  const [values, setValues] = useState<Record<string, OptionValues>>({});
  const [separately, setSeparately] = useState<Record<string, boolean>>({});
  const options = values[name] ?? defaults;
  const separate = separately[name] ?? isSeparate(format);
  const scope = scopes[place] ?? scopes[0];
  const { state, start, cancel } = useExport(scope);
  const isRunning = state.is === 'running';

  const begin = async () => {
    lastFormat = name;
    const isLarge = isBinary(format) && scope.photos >= STREAMED_FROM;
    try {
      // Right after the click: later no browser would ask.
      const target = isLarge && canStream() ? await pickFile(scope.zipName) : undefined;
      await start({ format, options, separate, target });
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
    }
  };

  return (
    <Dialog title={t('takeAway.exportTitle')} size="xl" close={close}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        {scopes.length > 1 && (
          <SegmentedControl
            aria-label={t('takeAway.what')}
            value={String(place)}
            disabled={isRunning}
            onChange={(value) => setPlace(Number(value))}
            data={scopes.map(({ label }, index) => ({ value: String(index), label }))}
          />
        )}
        <Radio.Group value={name} onChange={setName} aria-label={t('takeAway.format')}>
          <div className={classes.formats}>
            {OUTPUT_FORMATS.map((one) => (
              <FormatCard key={one.name} format={one} disabled={isRunning} />
            ))}
          </div>
        </Radio.Group>
        <FormatOptions format={format} values={options} change={(next) => setValues({ ...values, [name]: next })} />
        <Checkbox
          data-testid="export-separate"
          label={t('takeAway.separate')}
          checked={separate}
          disabled={isRunning}
          onChange={({ target }) => setSeparately({ ...separately, [name]: target.checked })}
        />
        <Outcome state={state} retry={() => void begin()} />
        <div className={classes.foot}>
          {isRunning && (
            <Button variant="default" data-testid="export-cancel" onClick={cancel}>
              {t('takeAway.cancel')}
            </Button>
          )}
          <Button type="submit" data-testid="export-start" loading={isRunning}>
            {t('takeAway.download')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function FormatCard({ format, disabled }: { format: OutputFormat; disabled: boolean }) {
  return (
    <Radio.Card
      className={classes.format}
      value={format.name}
      disabled={disabled}
      data-testid={`export-format-${format.name}`}
    >
      <span className={classes.title}>{titleOf(format)}</span>
      <span className={classes.is}>{describeFormat(format)}</span>
    </Radio.Card>
  );
}

function Outcome({ state, retry }: { state: ExportState; retry(): void }) {
  const { t } = useTranslation();
  if (state.is === 'failed') {
    const { error } = state;
    const said =
      error instanceof UnreadablePhoto ? new Error(t('takeAway.unreadable', { name: error.message })) : error;
    return <Trouble error={said} retry={retry} />;
  }
  const { done = 0, total, of } = state.is === 'running' ? state.progress : {};
  return (
    <div>
      {state.is === 'running' && (
        <Progress
          value={total === undefined ? 100 : (100 * done) / total}
          animated={total === undefined}
          aria-label={t('takeAway.progress')}
        />
      )}
      <output aria-live="polite" data-testid="export-state" data-state={state.is}>
        {state.is === 'running' &&
          t(
            total === undefined ? 'takeAway.looking' : of === 'photos' ? 'takeAway.lookedThrough' : 'takeAway.writing',
            { done, total },
          )}
        {state.is === 'done' && t(state.files === 0 ? 'takeAway.nothing' : 'takeAway.done', { count: state.files })}
      </output>
    </div>
  );
}
