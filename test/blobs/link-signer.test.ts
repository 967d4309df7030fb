import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { createLinkSigner, type FileLink } from '../../src/blobs/link-signer.ts';

const key = new Uint8Array(32).fill(1);
const upload: FileLink = { kind: 'upload', project: 'demo', fileId: 123_456_789_012_345, uploadGeneration: 2 };

it('gives back what was signed', async () => {
  const signer = createLinkSigner({ key });
  const token = await signer.sign(upload, 1000);
  expect(token).toMatch(/^[\w.-]+$/);
  expect(await signer.verify(token, 'upload')).toEqual(upload);
});

it('gives back which part of which upload a link is for', async () => {
  const signer = createLinkSigner({ key });
  const part: FileLink = { ...upload, multipart: { uploadId: 'a', part: 7 } };
  expect(await signer.verify(await signer.sign(part, 1000), 'upload')).toEqual(part);
});

it('refuses a link of the other kind', async () => {
  const signer = createLinkSigner({ key });
  await expect(signer.verify(await signer.sign(upload, 1000), 'download')).rejects.toMatchObject({
    code: 'forbidden',
    message: 'The download link is wrong or has expired. Ask for a new one.',
  });
});

it('refuses a link once its time is over', async () => {
  let time = 1_700_000_000_000;
  const signer = createLinkSigner({ key, now: () => time });
  const token = await signer.sign(upload, 30_000);
  time += 29_000;
  await signer.verify(token, 'upload');
  time += 2_000;
  await expect(signer.verify(token, 'upload')).rejects.toMatchObject({ code: 'forbidden' });
});

it('refuses a link that was tampered with, or signed with another key', async () => {
  const signer = createLinkSigner({ key });
  const [header, payload, signature] = (await signer.sign(upload, 1000)).split('.') as [string, string, string];
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...claims, fileId: 1 })).toString('base64url');
  await expect(signer.verify(`${header}.${forged}.${signature}`, 'upload')).rejects.toMatchObject({
    code: 'forbidden',
  });

  const stranger = createLinkSigner({ key: new Uint8Array(32).fill(2) });
  await expect(signer.verify(await stranger.sign(upload, 1000), 'upload')).rejects.toMatchObject({ code: 'forbidden' });
  for (const nonsense of ['', 'x', 'a.b.c']) {
    await expect(signer.verify(nonsense, 'upload')).rejects.toMatchObject({ code: 'forbidden' });
  }
});

it('refuses a token of the same key that is no link, or has no end', async () => {
  const signer = createLinkSigner({ key });
  const token = (audience: string) =>
    new SignJWT({ ...upload }).setProtectedHeader({ alg: 'HS256' }).setAudience(audience);
  const other = await token('something-else').setExpirationTime('1h').sign(key);
  await expect(signer.verify(other, 'upload')).rejects.toMatchObject({ code: 'forbidden' });
  const endless = await token('kontur-file-link').sign(key);
  await expect(signer.verify(endless, 'upload')).rejects.toMatchObject({ code: 'forbidden' });
});
