import { describe, expect, it } from 'vitest';
import { choosePrecision, precisionFor } from '../../src/models/choose-precision.ts';

const cpuInfo = (flags: string) =>
  `processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu sse2 ${flags} arat\nbugs\t\t: spectre_v1\n`;

describe('precisionFor', () => {
  it.each(['avx512_vnni', 'avx_vnni', 'amx_int8'])('is int8 where the processor has %s', (flag) => {
    expect(precisionFor(cpuInfo(`avx2 ${flag}`))).toBe('int8');
  });

  it.each(['avx2 avx512f', 'amx_bf16', 'xavx_vnni'])('is fp32 where it has no more than %s', (flags) => {
    expect(precisionFor(cpuInfo(flags))).toBe('fp32');
  });

  it('is fp32 where nothing is known', () => {
    expect(precisionFor('')).toBe('fp32');
    expect(precisionFor('model name\t: something with avx_vnni\n')).toBe('fp32');
  });
});

describe('choosePrecision', () => {
  const mobileSam = { flavour: 'mobilesam', provider: 'cpu' } as const;

  it('takes what is asked for', async () => {
    expect(await choosePrecision({ ...mobileSam, precision: 'int8' })).toBe('int8');
    expect(await choosePrecision({ ...mobileSam, precision: 'fp32' })).toBe('fp32');
  });

  it('decides for itself otherwise', async () => {
    expect(['int8', 'fp32']).toContain(await choosePrecision({ ...mobileSam, precision: 'auto' }));
  });

  it.each([
    { flavour: 'sam2', provider: 'cpu' },
    { flavour: 'mobilesam', provider: 'cuda' },
  ] as const)('is fp32 for $flavour on $provider, and never int8 in silence', async (needs) => {
    expect(await choosePrecision({ ...needs, precision: 'auto' })).toBe('fp32');
    expect(await choosePrecision({ ...needs, precision: 'fp32' })).toBe('fp32');
    await expect(choosePrecision({ ...needs, precision: 'int8' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('KONTUR_PRECISION=int8 works for the model mobilesam'),
    });
  });
});
