import { saveFile } from './save-file.ts';

/**
 * Copies a text. Works without encryption too, where browsers have no clipboard for pages.
 *
 * @throws DOMException `NotAllowedError` if the browser refuses
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  // Within the open dialog: its focus trap takes the focus back from everything else.
  (document.querySelector('[role=dialog]') ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (!isCopied) throw new DOMException('The browser does not let this page copy.', 'NotAllowedError');
}

/**
 * Copies a picture that is still being made, right after a click. Where a browser copies no pictures, it is saved as a
 * file.
 *
 * @throws whatever `picture` is rejected with
 */
export async function copyPicture(picture: Promise<{ content: Blob; name: string }>): Promise<'copied' | 'saved'> {
  if (navigator.clipboard?.write !== undefined && typeof ClipboardItem !== 'undefined') {
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture.then(({ content }) => content) })]);
      return 'copied';
    } catch {
      // Refused, or the picture failed: then waiting for it says why.
    }
  }
  const { content, name } = await picture;
  saveFile(content, name);
  return 'saved';
}
