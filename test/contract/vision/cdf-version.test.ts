import { expect, it } from 'vitest';
import { allowsBeta } from '#contract/vision/cdf-version';

it.each(['beta', 'alpha', 'Beta', '20230101-beta', '20230101-alpha', 'V20210406, beta', 'beta,V20210406', ' beta '])(
  '%j opens beta operations',
  (header) => expect(allowsBeta(header)).toBe(true),
);

it('so does beta in one of several headers', () => {
  expect(allowsBeta(['V20210406', 'beta'])).toBe(true);
});

it.each([
  undefined,
  '',
  'V20210406',
  '20230101',
  'betas',
  'v1-beta',
  '2023-01-01-beta',
  '20230101-beta-1',
  'beta alpha',
])('%j does not', (header) => expect(allowsBeta(header)).toBe(false));
