import { PassThrough, Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type BodyReading, readBody } from '../../../src/http/plugins/read-body.ts';

afterEach(() => {
  vi.useRealTimers();
});

const read = (sent: Readable, changes: Partial<BodyReading> = {}) =>
  readBody(sent, { limitBytes: 100, declaredBytes: undefined, inflate: () => sent, inspect: () => {}, ...changes });

describe('a body', () => {
  it('is read to its end, in whatever pieces it comes', async () => {
    const sent = new PassThrough();
    const bytes = read(sent);
    for (const byte of 'in pieces') sent.write(byte);
    sent.end();
    expect(String(await bytes)).toBe('in pieces');
  });

  it('may have just as many bytes as the limit', async () => {
    expect((await read(Readable.from([Buffer.alloc(60), Buffer.alloc(40)]))).length).toBe(100);
    await expect(read(Readable.from([Buffer.alloc(60), Buffer.alloc(41)]))).rejects.toMatchObject({
      code: 'body-too-large',
      message: 'The body is larger than the limit of 100 bytes, as sent or inflated.',
    });
  });

  it('that says it is too large is received, but not parsed', async () => {
    const sent = Readable.from([Buffer.from('a'), Buffer.from('b')]);
    const inspect = vi.fn();
    await expect(read(sent, { declaredBytes: 101, inspect })).rejects.toMatchObject({ code: 'body-too-large' });
    expect(inspect).not.toHaveBeenCalled();
    expect(sent.readableEnded).toBe(true);
  });

  it('is inflated no further than to where it is refused', async () => {
    const sent = Readable.from([gzipSync(Buffer.alloc(50_000_000))]);
    const inflater = createGunzip();
    let inflated = 0;
    const inspect = (bytes: Buffer) => {
      inflated += bytes.length;
      if (inflated > 50_000) throw new Error('enough');
    };
    const reading = { limitBytes: 1e9, inflate: () => sent.pipe(inflater), inspect };
    await expect(read(sent, reading)).rejects.toThrow('enough');
    expect(inflated).toBeLessThan(200_000);
    expect(inflater.destroyed).toBe(true);
  });

  it('that breaks off is no fault of the server', async () => {
    const sent = new PassThrough();
    const broken = read(sent);
    sent.write('half');
    sent.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
    await expect(broken).rejects.toMatchObject({ code: 'invalid-request', message: 'The body broke off.' });
  });

  it('that never ends is not waited for', async () => {
    vi.useFakeTimers();
    const sent = new PassThrough();
    const waiting = expect(read(sent)).rejects.toMatchObject({
      code: 'request-timeout',
      message: 'The body did not arrive in 120 s.',
    });
    for (let seconds = 0; seconds < 120; seconds += 20) {
      sent.write('x');
      await vi.advanceTimersByTimeAsync(20_000);
    }
    await waiting;
  });

  it('that is refused is not waited for either, where it never ends', async () => {
    vi.useFakeTimers();
    const sent = new PassThrough();
    const waiting = expect(read(sent, { declaredBytes: 101 })).rejects.toMatchObject({ code: 'body-too-large' });
    sent.write('x');
    await vi.advanceTimersByTimeAsync(10_000);
    await waiting;
  });
});
