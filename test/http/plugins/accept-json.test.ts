import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES } from '#contract/limits';
import { parseJsonBody } from '../../../src/http/plugins/parse-json-body.ts';
import { startTestApp, type TestApp } from '../start-test-app.ts';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.close());

const post = (payload: Buffer, encoding: string) =>
  t.request({
    method: 'POST',
    url: '/files',
    payload,
    headers: { 'content-type': 'application/json', 'content-encoding': encoding },
  });
const body = Buffer.from(JSON.stringify({ name: 'compressed.jpg' }));

describe('a compressed body', () => {
  it.each([
    ['gzip', gzipSync(body)],
    ['GZIP', gzipSync(body)],
    ['x-gzip', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['identity', body],
  ])('is read: %s', async (encoding, payload) => {
    const answer = await post(payload, encoding);
    expect([answer.statusCode, answer.json().name]).toEqual([201, 'compressed.jpg']);
  });

  it('is bounded by its inflated size', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * MAX_BODY_BYTES, 0x20));
    expect(bomb.length).toBeLessThan(MAX_BODY_BYTES / 10);
    const answer = await post(bomb, 'gzip');
    expect(answer.statusCode).toBe(413);
    expect(answer.json().error.message).toBe(
      `The body is larger than the limit of ${MAX_BODY_BYTES} bytes, as sent or inflated.`,
    );
  });

  it.each([
    ['garbage', body, 'The body is not valid gzip: incorrect header check.'],
    ['cut off', gzipSync(body).subarray(0, -12), 'The body is not valid gzip: unexpected end of file.'],
    [
      'damaged',
      Buffer.concat([gzipSync(body).subarray(0, -8), Buffer.alloc(8)]),
      'The body is not valid gzip: incorrect data check.',
    ],
  ])('that is %s is refused', async (_, payload, message) => {
    const answer = await post(payload, 'gzip');
    expect(answer.json()).toEqual({ error: { code: 400, message } });
    expect(answer.statusCode).toBe(400);
  });

  it('of another encoding is refused', async () => {
    const answer = await post(body, 'br');
    expect(answer.json()).toEqual({
      error: { code: 415, message: 'Bodies may be sent plain, gzip or deflate, not br.' },
    });
  });
});

describe('a body without a content type', () => {
  it('is refused', async () => {
    const answer = await t.request({ method: 'POST', url: '/files', payload: body, headers: { 'content-type': '' } });
    expect(answer.statusCode).toBe(415);
  });

  it('that is not there at all is missing', async () => {
    const answer = await t.request({ method: 'POST', url: '/files' });
    expect(answer.json()).toEqual({ error: { code: 400, message: 'The body is missing.' } });
  });
});

describe('parseJsonBody', () => {
  it('leaves out properties that are null, at any depth, and keeps items that are', () => {
    expect(parseJsonBody('{"a": null, "b": {"c": null, "d": [null, {"e": null, "f": 0}]}}')).toEqual({
      b: { d: [null, { f: 0 }] },
    });
    expect(parseJsonBody('null')).toBeNull();
  });

  it('keeps them where they are values', () => {
    const text = '{"a": null, "values": {"b": null, "c": [null], "d": {"e": null}}, "f": {"values": null}}';
    expect(parseJsonBody(text, { nullsIn: 'values' })).toEqual({ values: { b: null, c: [null], d: {} }, f: {} });
  });

  it('never reaches a prototype', () => {
    expect(() => parseJsonBody('{"a": [{"__proto__": {"polluted": 1}}]}')).toThrow('__proto__');
    parseJsonBody('{"constructor": {"prototype": {"polluted": 1}}}');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('takes 64 levels and refuses 66', () => {
    expect(() => parseJsonBody('['.repeat(64) + ']'.repeat(64))).not.toThrow();
    expect(() => parseJsonBody('['.repeat(66) + ']'.repeat(66))).toThrow('The body is nested more than 64 deep.');
  });
});
