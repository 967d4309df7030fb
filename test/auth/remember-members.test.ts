import { errors } from 'jose';
import { expect, it } from 'vitest';
import { rememberMembers } from '../../src/auth/remember-members.ts';
import type { ProjectTrust } from '../../src/auth/verify-token.ts';

const trust = { project: 'a' } as ProjectTrust;
const otherTrust = { project: 'b' } as ProjectTrust;

function start(expiresTime: number) {
  const clock = { time: 1_000 };
  const checks: string[] = [];
  const verify = rememberMembers(
    async (token, { project }) => {
      checks.push(`${token} ${project}`);
      if (token === 'bad') throw new errors.JWTInvalid('bad');
      return { subject: token, groups: [], expiresTime };
    },
    () => clock.time,
  );
  return { clock, checks, verify };
}

it('an accepted token is not checked again for 30 s', async () => {
  const { clock, checks, verify } = start(1e9);
  expect((await verify('x', trust)).subject).toBe('x');
  clock.time += 29_999;
  expect((await verify('x', trust)).subject).toBe('x');
  expect(checks).toHaveLength(1);
  clock.time += 1;
  await verify('x', trust);
  expect(checks).toHaveLength(2);
});

it('a token that has ended is checked, however fresh the memory', async () => {
  const { clock, checks, verify } = start(5_000);
  await verify('x', trust);
  clock.time = 5_000;
  await verify('x', trust);
  expect(checks).toHaveLength(2);
});

it('every project checks for itself, and what it refused it checks again', async () => {
  const { checks, verify } = start(1e9);
  await verify('x', trust);
  await verify('x', otherTrust);
  for (let i = 0; i < 2; i++) await expect(verify('bad', trust)).rejects.toThrow(errors.JWTInvalid);
  expect(checks).toEqual(['x a', 'x b', 'bad a', 'bad a']);
});

it('of very many tokens the oldest are forgotten', async () => {
  const { checks, verify } = start(1e9);
  for (let i = 0; i <= 1_000; i++) await verify(`${i}`, trust);
  await verify('1000', trust);
  expect(checks).toHaveLength(1_001);
  await verify('0', trust);
  expect(checks).toHaveLength(1_002);
});
