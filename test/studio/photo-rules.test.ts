import { describe, expect, it } from 'vitest';
import { labelChoices, pickByDigit } from '../../studio/src/annotations/label-choices.ts';
import { candidateRoles } from '../../studio/src/objects/candidate-roles.ts';
import type { Outline } from '../../studio/src/objects/photo-object.ts';
import { formatPhotoAddress, parsePhotoAddress } from '../../studio/src/photo/photo-address.ts';

const read = (query: string) => parsePhotoAddress(new URLSearchParams(query));

describe('the address of a photo', () => {
  it('gives back prompt and view', () => {
    const prompt = {
      points: [
        { x: 0.123456789012345, y: 1, label: 1 as const },
        { x: 0, y: 0.5, label: 0 as const },
      ],
      boundingBox: { xMin: 0.1, yMin: 0.2, xMax: 0.3, yMax: 0.4 },
    };
    const view = { scale: 1.5, x: 0.25, y: 0.75 };
    expect(read(formatPhotoAddress({ prompt, view }))).toEqual({ prompt, view });
    expect(read(formatPhotoAddress({ prompt: { points: prompt.points } }))).toEqual({
      prompt: { points: prompt.points },
    });
    expect(formatPhotoAddress({})).toBe('');
  });

  it('takes a point without a label as one of the object', () => {
    expect(read('points=0.5,0.25').prompt?.points).toEqual([{ x: 0.5, y: 0.25, label: 1 }]);
  });

  it.each([
    'points=',
    'points=1.5,0.5,1',
    'points=a,b,1',
    'points=0.5,0.5,2',
    'points=,,',
    'box=0.5,0.5,0.4,0.6',
    'box=0,0,1',
    'box=NaN,0,1,1',
    'view=0,0.5,0.5',
    'view=Infinity,0.5,0.5',
    'view=1,2,0.5',
  ])('leaves out what says nothing sensible: %s', (query) => {
    expect(read(query)).toEqual({});
  });

  it('takes each place once', () => {
    expect(read('points=0.5,0.5,1;0.5,0.5,0').prompt?.points).toEqual([{ x: 0.5, y: 0.5, label: 1 }]);
  });
});

describe('roles of candidates', () => {
  const square = (side: number, hole = 0): Outline => {
    const ring = (length: number) => [
      { x: 0, y: 0 },
      { x: length, y: 0 },
      { x: length, y: length },
      { x: 0, y: length },
    ];
    return { score: 1, parts: [[ring(side), ...(hole > 0 ? [ring(hole)] : [])]], polygons: [] };
  };

  it('follow the order of the areas, without holes', () => {
    expect(candidateRoles([square(0.2), square(0.4), square(0.1)])).toEqual(['object', 'whole', 'part']);
    expect(candidateRoles([square(0.4, 0.39), square(0.2)])).toEqual(['object', 'whole']);
    expect(candidateRoles([square(0.4)])).toEqual([]);
  });
});

describe('labels to choose from', () => {
  const known = ['junk', 'jetty', 'Boat house', 'pier 4'];
  const labels = (text: string) => labelChoices(known, text).map(({ label }) => label);

  it('are the last used one first, as long as nothing is typed', () => {
    expect(labels('')).toEqual(known);
    expect(labelChoices(known, '', 'jetty').map(({ label }) => label)).toEqual([
      'jetty',
      'junk',
      'Boat house',
      'pier 4',
    ]);
  });

  it('are filtered by letters in either case, those that begin with them first, and what was typed itself last', () => {
    expect(labels('j')).toEqual(['junk', 'jetty', 'j']);
    expect(labels('house')).toEqual(['Boat house', 'house']);
    expect(labels('junk')).toEqual(['junk']);
    expect(labelChoices(known, 'new').at(-1)).toEqual({ label: 'new', isNew: true });
  });

  it('are picked by digits that do not go on with a label', () => {
    expect(pickByDigit(labelChoices(known, ''), '', '2')).toBe('jetty');
    expect(pickByDigit(labelChoices(known, 'pier '), 'pier ', '4')).toBeUndefined();
    expect(pickByDigit(labelChoices(known, 'j'), 'j', '3')).toBeUndefined();
    expect(pickByDigit(labelChoices(known, ''), '', '9')).toBeUndefined();
    expect(pickByDigit(labelChoices(known, ''), '', 'a')).toBeUndefined();
  });
});
