import sharp from 'sharp';
import { PHOTO } from '../photos.ts';

let made = 0;

/** The photo of the bench, a little cropped, as no other call has cropped it: its own embedding. */
export async function newPhoto(): Promise<{ name: string; content: Uint8Array<ArrayBuffer> }> {
  const left = ++made;
  const content = await sharp(PHOTO).extract({ left, top: 0, width: 900, height: 700 }).jpeg().toBuffer();
  return { name: `boats-${left}.jpg`, content: new Uint8Array(content) };
}

/** A photo of a few hundred bytes, for libraries of thousands. */
export async function tinyPhoto(): Promise<Uint8Array> {
  return sharp(PHOTO).resize(96, 77).jpeg({ quality: 60 }).toBuffer();
}
