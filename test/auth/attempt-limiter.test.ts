import { expect, it } from 'vitest';
import { createAttemptLimiter } from '../../src/auth/attempt-limiter.ts';

const user = (name: string, address = '192.0.2.1') => ({ kind: 'user' as const, name, address });

function start() {
  const clock = { time: 0 };
  const limiter = createAttemptLimiter({ now: () => clock.time });
  /** A wrong try; the seconds to wait where it was refused. */
  const fail = (name: string, address?: string): number => {
    const attempt = limiter.reserve(user(name, address));
    if (typeof attempt === 'number') return attempt;
    attempt.failed();
    return 0;
  };
  const succeed = (name: string, address?: string) => {
    const attempt = limiter.reserve(user(name, address));
    if (typeof attempt === 'number') return attempt;
    attempt.succeeded();
    return 'in';
  };
  return { clock, limiter, fail, succeed };
}

it('waits grow from the fifth wrong try on, up to a minute, and end with a right one', () => {
  const { clock, fail, succeed } = start();
  const waits: number[] = [];
  for (let tries = 0; tries < 12; tries++) {
    expect(fail('anna')).toBe(0);
    const wait = fail('anna');
    if (wait === 0) tries++;
    waits.push(wait);
    clock.time += 1000 * wait;
  }
  expect(waits.filter((wait) => wait > 0)).toEqual([1, 2, 4, 8, 16, 32, 60, 60].slice(0, waits.filter(Boolean).length));
  expect(succeed('anna')).toBe('in');
  expect(fail('anna')).toBe(0);
});

it('tries at the same moment count each other before any is known to be wrong', () => {
  const { limiter } = start();
  const reserved = Array.from({ length: 80 }, () => limiter.reserve(user('anna')));
  expect(reserved.filter((attempt) => typeof attempt !== 'number')).toHaveLength(5);
});

it('a try that was not made is given back', () => {
  const { limiter } = start();
  for (let i = 0; i < 50; i++) {
    const attempt = limiter.reserve(user('anna'));
    if (typeof attempt === 'number') throw new Error(`refused for ${attempt} s`);
    attempt.release();
  }
});

it('made-up names share the limit of their address, and leave other addresses alone', () => {
  const { clock, fail, succeed } = start();
  const tried = Array.from({ length: 200 }, (_, i) => fail(`nobody ${i}`)).filter((wait) => wait === 0);
  expect(tried).toHaveLength(20);
  expect(succeed('anna')).toBeGreaterThan(0);
  expect(succeed('anna', '192.0.2.2')).toBe('in');
  clock.time += 10_000;
  expect(fail('nobody')).toBe(0);
});

it('who has signed in from an address is not refused for other names tried there', () => {
  const { fail, succeed } = start();
  expect(succeed('anna')).toBe('in');
  for (let i = 0; i < 200; i++) fail(`nobody ${i}`);
  expect(succeed('anna')).toBe('in');
});

it('tries of one name from everywhere leave the first from a new address', () => {
  const { fail, succeed } = start();
  let tried = 0;
  for (let address = 0; address < 40; address++) {
    for (let i = 0; i < 5; i++) if (fail('anna', `198.51.100.${address}`) === 0) tried++;
  }
  expect(tried).toBeLessThan(90);
  expect(succeed('anna', '203.0.113.9')).toBe('in');
});

it('all addresses together are limited, but for the first try of each', () => {
  const { fail } = start();
  let tried = 0;
  for (let i = 0; i < 20; i++) {
    for (let address = 0; address < 50; address++)
      if (fail(`nobody ${i} ${address}`, `198.51.100.${address}`) === 0) tried++;
  }
  expect(tried).toBeLessThanOrEqual(100);
});

it('an IPv6 subscriber is one address, as is an IPv4 address written in IPv6', () => {
  const { fail } = start();
  for (let i = 0; i < 20; i++) fail(`nobody ${i}`, `2001:db8:1:2::${i.toString(16)}`);
  expect(fail('nobody', '2001:db8:1:2:aaaa::1')).toBeGreaterThan(0);
  expect(fail('nobody', '2001:db8:1:3::1')).toBe(0);
  for (let i = 0; i < 20; i++) fail(`nobody ${i}`, '::ffff:192.0.2.7');
  expect(fail('nobody', '192.0.2.7')).toBeGreaterThan(0);
});
