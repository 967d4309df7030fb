import { ActionIcon, Button, CloseButton, NativeSelect, SegmentedControl } from '@mantine/core';
import { IconCheck, IconPhoto, IconTag, IconTrash, IconX, IconZoomIn } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { ANNOTATION_STATUSES } from '../annotations/annotation.ts';
import type { AnnotationFacets } from '../annotations/annotation-requests.ts';
import { goTo } from '../shell/hash-location.ts';
import { ExportSet } from '../take-away/export-set.tsx';
import { useReview } from './review-context.ts';
import { type ReviewQuery, reviewAddress } from './review-query.ts';
import classes from './review-screen.module.css';

/** Filters of the review, how objects are shown, and what can be done with those that are selected. */
export function ReviewBar({
  query,
  facets,
  setCutOut,
}: {
  query: ReviewQuery;
  /** Undefined while they are not known, or not offered. */
  facets: AnnotationFacets | undefined;
  setCutOut(isCutOut: boolean): void;
}) {
  const { t, i18n } = useTranslation();
  const { review, isCutOut } = useReview();
  const { items, ended } = useStore(review.source.store);
  const format = new Intl.NumberFormat(i18n.language);
  const change = (changes: Partial<ReviewQuery>) => goTo(reviewAddress({ ...query, ...changes }), { replace: true });
  const countOf = (status: string) => facets?.statuses.find((one) => one.status === status)?.count;
  const withCount = (name: string, count: number | undefined) =>
    count === undefined ? name : `${name} ${format.format(count)}`;
  const options = (all: string, values: readonly { value: string; count: number }[], chosen: string | undefined) => [
    { value: '', label: all },
    ...(chosen !== undefined && !values.some(({ value }) => value === chosen)
      ? [{ value: chosen, label: chosen }]
      : []),
    ...values.map(({ value, count }) => ({ value, label: `${value} (${format.format(count)})` })),
  ];
  const labels = facets?.labels.flatMap(({ label, count }) => (label === null ? [] : [{ value: label, count }])) ?? [];
  const people = facets?.users.flatMap(({ user, count }) => (user === null ? [] : [{ value: user, count }])) ?? [];
  return (
    <div className={classes.bars}>
      <search className={classes.bar} aria-label={t('review.filters')}>
        <SegmentedControl
          size="xs"
          aria-label={t('review.status')}
          value={query.status ?? ''}
          onChange={(value) => change({ status: ANNOTATION_STATUSES.find((one) => one === value) })}
          data={[
            { value: '', label: t('review.all') },
            ...ANNOTATION_STATUSES.map((value) => ({
              value,
              label: withCount(t(`annotations.status.${value}`), countOf(value)),
            })),
          ]}
        />
        <NativeSelect
          className={classes.filter}
          size="xs"
          aria-label={t('review.label')}
          value={query.label ?? ''}
          data={options(t('review.anyLabel'), labels, query.label)}
          onChange={({ currentTarget: { value } }) => change({ label: value || undefined })}
        />
        <NativeSelect
          className={classes.filter}
          size="xs"
          aria-label={t('review.person')}
          value={query.creatingUser ?? ''}
          data={options(t('review.anyPerson'), people, query.creatingUser)}
          onChange={({ currentTarget: { value } }) => change({ creatingUser: value || undefined })}
        />
        <span className={classes.count} role="status" data-testid="review-count">
          {items.length > 0 &&
            t(ended ? 'review.count' : 'review.countMore', { count: items.length, shown: format.format(items.length) })}
        </span>
        <ExportSet query={query} />
        <ActionIcon
          variant="default"
          size="md"
          aria-pressed={isCutOut}
          aria-label={t('review.cutOut')}
          title={t(isCutOut ? 'review.wholeHint' : 'review.cutOutHint')}
          onClick={() => setCutOut(!isCutOut)}
        >
          {isCutOut ? <IconPhoto size={16} stroke={1.6} /> : <IconZoomIn size={16} stroke={1.6} />}
        </ActionIcon>
      </search>
      <Selected />
    </div>
  );
}

/** What can be done with the selected annotations; nothing while none is selected. */
function Selected() {
  const { t, i18n } = useTranslation();
  const { review, acts, askLabel } = useReview();
  const count = useStore(review.focus, ({ selected }) => selected.size);
  if (count === 0) return null;
  const shown = new Intl.NumberFormat(i18n.language).format(count);
  return (
    <div className={classes.selection} role="toolbar" aria-label={t('review.selection')}>
      <CloseButton aria-label={t('review.clear')} onClick={acts.clear} />
      <span role="status" className={classes.selected}>
        {t('review.selected', { count, shown })}
      </span>
      <Button
        size="compact-sm"
        data-testid="approve-selected"
        leftSection={<IconCheck size={16} aria-hidden />}
        onClick={() => acts.decide({ status: 'approved' })}
      >
        {t('review.approve')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconX size={16} aria-hidden />}
        onClick={() => acts.decide({ status: 'rejected' })}
      >
        {t('review.reject')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        data-testid="label-selected"
        leftSection={<IconTag size={16} aria-hidden />}
        onClick={askLabel}
      >
        {t('review.changeLabel')}
      </Button>
      <Button
        size="compact-sm"
        variant="light"
        color="red"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={acts.delete}
      >
        {t('review.delete')}
      </Button>
    </div>
  );
}
