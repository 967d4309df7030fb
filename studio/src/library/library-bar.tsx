import { Kbd, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { goTo } from '../shell/hash-location.ts';
import { areSingleKeysOn, useSingleKeys } from '../shell/single-keys.ts';
import { useLibrary } from './library-context.ts';
import { type LibraryQuery, libraryAddress, SORTS, STATES } from './library-query.ts';
import classes from './library-screen.module.css';

/** Milliseconds after the last letter before the search begins. */
const PAUSE_MS = 200;

/** Search, filters and order of the library; the address keeps them. */
export function LibraryBar({ query }: { query: LibraryQuery }) {
  const { t, i18n } = useTranslation();
  const { source } = useLibrary();
  const total = useStore(source.store, (state) => state.total);
  const cutShort = useStore(source.store, (state) => state.cutShort);
  const dataSets = useDataSets(query.dataSetId);
  const change = (changes: Partial<LibraryQuery>) => goTo(libraryAddress({ ...query, ...changes }), { replace: true });
  const count = total === undefined ? undefined : new Intl.NumberFormat(i18n.language).format(total);
  const isSearch = query.search.trim() !== '';
  return (
    <search className={classes.bar} aria-label={t('library.filters')}>
      <SearchField
        value={query.search}
        placeholder={
          count === undefined || isSearch
            ? t('library.search')
            : t('library.searchCount', { count: total, shown: count })
        }
        onChange={(search) => change({ search })}
      />
      {dataSets.length > 0 && (
        <NativeSelect
          className={classes.filter}
          aria-label={t('library.dataSet')}
          value={query.dataSetId ?? ''}
          data={[
            { value: '', label: t('library.dataSetAll') },
            ...dataSets.map((id) => ({ value: String(id), label: t('library.dataSetOne', { id }) })),
          ]}
          onChange={({ currentTarget: { value } }) => change({ dataSetId: value === '' ? undefined : Number(value) })}
        />
      )}
      <NativeSelect
        className={classes.filter}
        aria-label={t('library.state')}
        value={query.state ?? ''}
        data={[
          { value: '', label: t('library.stateAny') },
          ...STATES.map((value) => ({ value, label: t(`library.states.${value}`) })),
        ]}
        onChange={({ currentTarget: { value } }) => change({ state: STATES.find((one) => one === value) })}
      />
      <span className={classes.found} role="status">
        {isSearch &&
          count !== undefined &&
          t(cutShort ? 'library.foundFirst' : 'library.found', { count: total, shown: count })}
      </span>
      <NativeSelect
        aria-label={t('library.sort')}
        className={classes.sort}
        variant="unstyled"
        value={query.sort ?? (isSearch ? '' : 'newest')}
        data={[
          ...(isSearch ? [{ value: '', label: t('library.sorts.best') }] : []),
          ...SORTS.map((value) => ({ value, label: t(`library.sorts.${value}`) })),
        ]}
        onChange={({ currentTarget: { value } }) =>
          change({ sort: SORTS.find((one) => one === value && (isSearch || one !== 'newest')) })
        }
      />
    </search>
  );
}

function SearchField({
  value,
  placeholder,
  onChange,
}: {
  value: string;
  placeholder: string;
  onChange: (text: string) => void;
}) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const hasKey = useSingleKeys();
  const [text, setText] = useState(value);
  const searchSoon = useDebouncedCallback(onChange, { delay: PAUSE_MS, flushOnUnmount: false });
  // The address may change otherwise, as by going back.
  useEffect(() => {
    if (document.activeElement !== field.current) setText(value);
  }, [value]);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (!areSingleKeysOn()) return;
      event.preventDefault();
      field.current?.select();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  return (
    <TextInput
      ref={field}
      className={classes.search}
      type="search"
      maxLength={256}
      aria-label={t('library.search')}
      placeholder={placeholder}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={text === '' && hasKey ? <Kbd size="xs">/</Kbd> : undefined}
      rightSectionPointerEvents="none"
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        searchSoon(currentTarget.value);
      }}
      onKeyDown={({ key }) => {
        if (key === 'Enter') onChange(text);
        if (key !== 'Escape') return;
        setText('');
        onChange('');
        field.current?.blur();
      }}
    />
  );
}

/** Whether keys go into a field. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'));

/** Data sets of the files that have been read, and the one that is chosen: the API has no list of them. */
function useDataSets(chosen: number | undefined): number[] {
  const { source } = useLibrary();
  const files = useStore(source.store, (state) => state.files);
  const [known, setKnown] = useState<readonly number[]>([]);
  useEffect(() => {
    const found = new Set(files.flatMap(({ dataSetId }) => dataSetId ?? []));
    setKnown((before) => {
      const all = new Set([...before, ...found]);
      return all.size === before.length ? before : [...all].sort((a, b) => a - b);
    });
  }, [files]);
  return chosen === undefined || known.includes(chosen) ? [...known] : [...known, chosen];
}
