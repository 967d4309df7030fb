import { describe, expect, it } from 'vitest';
import { formatBytes, formatDay } from '../../studio/src/library/format-file.ts';
import { isPhoto, type LibraryFile } from '../../studio/src/library/library-file.ts';
import {
  compareFiles,
  type LibraryQuery,
  libraryAddress,
  matches,
  readLibraryQuery,
} from '../../studio/src/library/library-query.ts';
import { extendTo, NO_SELECTION, toggle, without } from '../../studio/src/library/selection.ts';

const file = (changes: Partial<LibraryFile>): LibraryFile => ({
  id: 1,
  name: 'Boats 12.jpg',
  uploaded: true,
  createdTime: 1,
  lastUpdatedTime: 1,
  ...changes,
});
const read = (query: string) => readLibraryQuery(new URLSearchParams(query));

describe('the address of the library', () => {
  it.each<LibraryQuery>([
    { search: '' },
    { search: 'a & b=c ?#/é<b>' },
    { search: 'boats', dataSetId: 7, state: 'missing', sort: 'oldest' },
  ])('keeps the query: %o', (query) => {
    expect(read(libraryAddress(query).split('?')[1] ?? '')).toEqual(query);
  });

  it('leaves out what it cannot mean', () => {
    expect(read('dataSet=-1&state=burnt&sort=__proto__&other=1')).toEqual({ search: '' });
    expect(read(`dataSet=1e999&search=${'x'.repeat(1000)}`)).toEqual({ search: 'x'.repeat(256) });
  });
});

describe('files of a query', () => {
  it('match by any word, data set and state, as the server finds them', () => {
    expect(matches({ search: 'crane boat' }, file({}))).toBe(true);
    expect(matches({ search: 'crane' }, file({}))).toBe(false);
    expect(matches({ search: '', dataSetId: 7 }, file({}))).toBe(false);
    expect(matches({ search: '', dataSetId: 7 }, file({ dataSetId: 7 }))).toBe(true);
    expect(matches({ search: '', state: 'missing' }, file({}))).toBe(false);
  });

  it('are sorted by time, or by name with numbers as numbers', () => {
    const files = [
      file({ id: 1, name: 'b10', createdTime: 2 }),
      file({ id: 2, name: 'b9', createdTime: 3 }),
      file({ id: 3, name: 'A', createdTime: 1 }),
    ];
    const ids = (sort?: LibraryQuery['sort']) => files.toSorted(compareFiles(sort, 'en')).map(({ id }) => id);
    expect([ids(), ids('oldest'), ids('name')]).toEqual([
      [2, 1, 3],
      [3, 1, 2],
      [3, 2, 1],
    ]);
  });

  it('are photos by name and mimeType', () => {
    expect([{}, { name: 'x.PNG' }, { mimeType: 'IMAGE/JPEG' }].map((one) => isPhoto(file(one)))).toEqual([
      true,
      true,
      true,
    ]);
    expect([{ name: 'x.pdf' }, { name: 'jpg' }, { mimeType: 'text/plain' }].map((one) => isPhoto(file(one)))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('the selection', () => {
  const order = [1, 2, 3, 4, 5].map((id) => ({ id }));

  it('takes a file in and out, and a range from the last one', () => {
    const two = toggle(NO_SELECTION, 2);
    expect([...extendTo(two, 4, order).ids]).toEqual([2, 3, 4]);
    expect([...extendTo(toggle(two, 5), 4, order).ids].sort()).toEqual([2, 4, 5]);
    expect(toggle(two, 2).ids.size).toBe(0);
    expect([...extendTo(NO_SELECTION, 3, order).ids]).toEqual([3]);
    expect([...without(extendTo(two, 4, order), new Set([3])).ids]).toEqual([2, 4]);
  });
});

describe('what is written on a card', () => {
  const now = new Date(2026, 10, 30, 12).getTime();
  it.each([
    [new Date(2026, 10, 30, 0, 1), 'today', 'heute'],
    [new Date(2026, 10, 29, 23, 59), 'yesterday', 'gestern'],
    [new Date(2026, 10, 27), 'Fri', 'Fr'],
    [new Date(2026, 10, 12), 'Nov 12', '12. Nov.'],
    [new Date(2024, 10, 12), 'Nov 12, 2024', '12. Nov. 2024'],
  ])('says a day as people do: %s', (date, english, german) => {
    expect(formatDay(date.getTime(), 'en', now)).toBe(english);
    expect(formatDay(date.getTime(), 'de', now)).toBe(german);
  });

  it('says sizes in the unit that fits', () => {
    expect([0, 999, 1500, 18_200_000, 5e9].map((bytes) => formatBytes(bytes, 'en'))).toEqual([
      '0 bytes',
      '999 bytes',
      '1.5 kB',
      '18 MB',
      '5 GB',
    ]);
    expect(formatBytes(1_500_000, 'de')).toBe('1,5 MB');
  });
});
