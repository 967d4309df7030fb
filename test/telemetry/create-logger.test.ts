import { expect, it } from 'vitest';
import { createLogger } from '../../src/telemetry/create-logger.ts';

function capture(level = 'trace') {
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line: string) => void lines.push(line) });
  return { logger, lines, last: () => JSON.parse(lines.at(-1)!) };
}

it('writes a line of JSON with the level by name and the time', () => {
  const { logger, last } = capture();
  logger.info({ jobId: 7 }, 'done');
  expect(last()).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    jobId: 7,
    msg: 'done',
  });
});

it('leaves out what is less severe than its level', () => {
  const { logger, lines } = capture('warn');
  logger.info('no');
  logger.warn('yes');
  expect(lines).toHaveLength(1);
  const silent = capture('silent');
  silent.logger.fatal('no');
  expect(silent.lines).toEqual([]);
});

it('hides secrets by their keys, down to the headers of a request', () => {
  const { logger, lines } = capture();
  logger.info({ authorization: 'Bearer abc', clientSecret: 'abc' }, 'top');
  logger.info({ headers: { authorization: 'Bearer abc', cookie: 'abc' } }, 'nested');
  logger.info({ req: { headers: { authorization: 'Bearer abc', 'set-cookie': 'abc' } } }, 'deeper');
  expect(lines.join('')).not.toContain('abc');
  expect(lines.join('')).toContain('[hidden]');
});

it('hides secrets in messages, in errors and in those of its children', () => {
  const { logger, lines, last } = capture();
  const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';
  logger.info('fetching http://h/content?sig=%s', 'x');
  logger.info(`fetching http://h/content?sig=${token}&a=1`);
  expect(last().msg).toBe('fetching http://h/content?sig=[hidden]&a=1');
  const error = Object.assign(new Error(`Bearer ${token} was refused`), { code: 'ECODE' });
  logger.child({ part: 'x' }).error({ err: error }, 'failed');
  expect(last()).toMatchObject({
    part: 'x',
    err: { type: 'Error', code: 'ECODE', message: 'Bearer [hidden] was refused' },
  });
  logger.error(error);
  expect(last()).toMatchObject({ msg: 'Bearer [hidden] was refused', err: { message: 'Bearer [hidden] was refused' } });
  logger.error(error, 'in words');
  expect(last()).toMatchObject({ msg: 'in words', err: { message: 'Bearer [hidden] was refused' } });
  logger.error({ err: `Bearer ${token}` }, 'a string was thrown');
  logger.error({ err: undefined }, 'nothing was thrown');
  expect(lines.join('')).not.toContain(token);
});
