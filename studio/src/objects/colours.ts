/**
 * Colours of objects, told apart by people with any kind of colour vision. Source: M. Okabe and K. Ito, Color Universal
 * Design, 2002, without black, in an order in which neighbours differ most.
 */
const COLOURS = ['#e69f00', '#56b4e9', '#009e73', '#cc79a7', '#0072b2', '#d55e00', '#f0e442'] as const;

/** Colour of an object: that of its label, so that all of a kind look alike, else of its place in the list. */
export function colourOf(label: string | undefined, place: number): string {
  const index = label === undefined || label === '' ? place : hash(label);
  return COLOURS[index % COLOURS.length] ?? COLOURS[0];
}

/** A number that depends on every letter. Source: FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
