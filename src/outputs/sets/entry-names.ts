/** Most characters of a name before its extension. */
const MOST_CHARACTERS = 100;
/** Names that Windows keeps for devices, whatever the extension. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** Makes a name that every file system takes, and none takes for a folder; `photo` if nothing is left of it. */
export function plainName(name: string): string {
  const plain = name
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?"<>|]/g, '_')
    .replace(/^[.\s]+/, '');
  const short = [...plain].slice(0, MOST_CHARACTERS).join('').trim();
  if (short === '') return 'photo';
  return DEVICES.test(short) ? `${short}_` : short;
}

/** Splits the name of a file into its stem and its extension, which has the dot and may be empty. */
export function splitName(name: string): { stem: string; extension: string } {
  const extension = /(?<=.)\.[^./\\]{1,5}$/.exec(name)?.[0] ?? '';
  return { stem: name.slice(0, name.length - extension.length), extension };
}

/**
 * Creates the names of the photos of one set: those of their files, made plain. Where two have the same stem, whatever
 * the case of its letters, the later one gets its id, so that files that are named after the photos differ too.
 */
export function createEntryNames(): (photo: { id: number; name: string }) => { stem: string; name: string } {
  const taken = new Set<string>();
  return ({ id, name }) => {
    const { stem, extension } = splitName(name);
    const plain = plainName(stem);
    const key = (text: string) => text.normalize('NFC').toLowerCase();
    const own = taken.has(key(plain)) ? `${plain}-${id}` : plain;
    taken.add(key(own));
    return { stem: own, name: `${own}${plainExtension(extension)}` };
  };
}

const plainExtension = (extension: string): string => (/^\.[\w]{1,5}$/.test(extension) ? extension : '');
