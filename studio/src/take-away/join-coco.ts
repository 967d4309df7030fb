import type { CocoDocument } from '#outputs/coco';

/**
 * Joins COCO documents of a photo each, whose categories are numbered alike, into one of all photos. Annotations are
 * numbered from 1 on.
 */
export async function joinCoco(documents: AsyncIterable<Blob>): Promise<Blob> {
  const images: string[] = [];
  const annotations: string[] = [];
  let categories: CocoDocument['categories'] = [];
  for await (const document of documents) {
    const one = JSON.parse(await document.text()) as CocoDocument;
    if (one.categories.length > categories.length) categories = one.categories;
    images.push(...one.images.map((image) => JSON.stringify(image)));
    for (const annotation of one.annotations) {
      annotations.push(JSON.stringify({ ...annotation, id: annotations.length + 1 }));
    }
  }
  const list = (lines: readonly string[]) => `[\n${lines.join(',\n')}\n]`;
  const kinds = categories.map((category) => JSON.stringify(category));
  const parts = [
    '{"images":',
    list(images),
    ',\n"categories":',
    list(kinds),
    ',\n"annotations":',
    list(annotations),
    '}\n',
  ];
  return new Blob(parts, { type: 'application/json' });
}
