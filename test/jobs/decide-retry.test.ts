import { describe, expect, it } from 'vitest';
import { ERROR_KINDS, type ErrorCode, type ErrorOrigin, KonturError } from '#contract/errors';
import { decideRetry, isFinal } from '../../src/jobs/decide-retry.ts';

const away = new KonturError('unavailable', 'The store cannot be reached.');

const codesOf = (...origins: ErrorOrigin[]) =>
  (Object.keys(ERROR_KINDS) as ErrorCode[]).filter((code) => origins.includes(ERROR_KINDS[code].origin));

describe('a job whose attempt failed', () => {
  it.each(codesOf('request', 'image'))('is not tried again after %s', (code) => {
    expect(isFinal(new KonturError(code, 'as it is'))).toBe(true);
  });

  it.each(codesOf('fault'))('is tried three times through %s', (code) => {
    const error = new KonturError(code, 'a fault');
    expect(isFinal(error)).toBe(false);
    expect(decideRetry(error, { failures: 1, outages: 0 })).toMatchObject({ counted: 'failures' });
    expect(decideRetry(error, { failures: 2, outages: 0 })).toHaveProperty('errorMessage');
  });

  it('is not tried again where the input is at fault, or takes too long', () => {
    expect(isFinal(new KonturError('image-truncated', 'ends early'))).toBe(true);
    expect(isFinal(new KonturError('job-timed-out', 'too long'))).toBe(true);
    expect(isFinal(new Error('a fault'))).toBe(false);
    expect(isFinal(new KonturError('internal', 'the decoder stopped twice'))).toBe(false);
  });

  it.each(codesOf('outage'))('is tried again for half an hour while %s', (code) => {
    const error = new KonturError(code, 'away');
    expect(isFinal(error)).toBe(false);
    let seconds = 0;
    let outages = 0;
    for (; ; outages++) {
      const decision = decideRetry(error, { failures: 0, outages });
      if ('errorMessage' in decision) break;
      expect(decision.counted).toBe('outages');
      seconds += decision.delaySeconds;
    }
    expect(seconds / 60).toBeGreaterThan(28);
    expect(seconds / 60).toBeLessThan(32);
  });

  it('says in the end what was away', () => {
    const decision = decideRetry(away, { failures: 0, outages: 1000 });
    expect(decision).toEqual({
      errorCode: 'unavailable',
      errorMessage: expect.stringContaining('The store cannot be reached.'),
    });
  });

  it('is tried three times where it fails without a reason, however many outages it has met, and the other way about', () => {
    const fault = new Error('a fault');
    expect(decideRetry(fault, { failures: 1, outages: 30 })).toEqual({ delaySeconds: 5, counted: 'failures' });
    expect(decideRetry(fault, { failures: 2, outages: 0 })).toEqual({
      errorCode: 'internal',
      errorMessage: expect.stringContaining('failed 3 times'),
    });
    expect(decideRetry(away, { failures: 2, outages: 0 })).toEqual({ delaySeconds: 1, counted: 'outages' });
  });
});
