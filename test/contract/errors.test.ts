import { expect, it } from 'vitest';
import { ERROR_KINDS, KonturError, originOf } from '#contract/errors';

it('the origin of an error agrees with its status: only the request and the image are the fault of a client', () => {
  const odd = Object.entries(ERROR_KINDS).filter(([code, { status, origin }]) => {
    if (origin === 'fault') return status < 500;
    if (origin === 'outage') return status < 500 && status !== 429;
    return status >= 500 && status !== 501 && !code.startsWith('job-');
  });
  expect(odd).toEqual([]);
});

it('what nobody foresaw is a fault', () => {
  expect(originOf(new TypeError('x is undefined'))).toBe('fault');
  expect(originOf('a text')).toBe('fault');
  expect(originOf(new KonturError('disk-full', 'There is no room left.'))).toBe('outage');
});
