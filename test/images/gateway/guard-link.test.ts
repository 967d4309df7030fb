import { expect, it } from 'vitest';
import { guardLink } from '../../../src/images/gateway/guard-link.ts';

const OUTSIDE = 'https://192.0.2.10';

it.each([
  'http://127.0.0.1:9/x',
  'http://localhost/x',
  'http://[::1]/x',
  'http://[::ffff:10.0.0.1]/x',
  'http://10.1.2.3/x',
  'http://169.254.169.254/latest/meta-data',
  'http://192.168.1.1/x',
  'http://172.31.0.1/x',
  'http://0.0.0.0/x',
  'http://2130706433/x',
  'http://[fd00::1]/x',
])('a link to %s is refused, unless the upstream is in such a network', async (link) => {
  await expect(guardLink(link, OUTSIDE)).rejects.toMatchObject({ code: 'upstream-incompatible' });
  await guardLink(link, 'http://127.0.0.1:8000');
});

it.each(['https://203.0.113.5/x', 'https://172.32.0.1/x', 'https://[2001:db8::1]/x'])(
  'a link to %s passes',
  async (link) => {
    await guardLink(link, OUTSIDE);
  },
);
