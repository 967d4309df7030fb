/** A colour as CIE 1931 x and y. */
export type Chromaticity = readonly [x: number, y: number];

/** What values of an image mean: the colours of its primaries, and how much light a value from 0 to 1 is. */
export interface ColourSpace {
  white: Chromaticity;
  red: Chromaticity;
  green: Chromaticity;
  blue: Chromaticity;
  toLight(value: number): number;
}

type Vector = [number, number, number];
type Matrix = [Vector, Vector, Vector];

/** White of the space that profiles connect to, D50. Source: ICC.1:2022, section 7.2.16. */
const D50: Vector = [0.9642, 1, 0.8249];
/** Bradford's cone responses. Source: ICC.1:2022, annex E. */
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];
const CURVE_POINTS = 4096;
const HEADER_BYTES = 128;
const TAG_BYTES = 12;

/** Writes an ICC profile (version 2, matrix and curves) of a colour space, for images in grey or in colour. */
export function writeIccProfile(space: ColourSpace, { isGrey }: { isGrey: boolean }): Buffer {
  const curve = curveData(space.toLight);
  const white = xyzData(D50);
  const tags: [signature: string, data: Buffer][] = isGrey
    ? [
        ['wtpt', white],
        ['kTRC', curve],
      ]
    : [
        ['wtpt', white],
        ...primaries(space).map(([name, xyz]): [string, Buffer] => [name, xyzData(xyz)]),
        ['rTRC', curve],
        ['gTRC', curve],
        ['bTRC', curve],
      ];
  const table = Buffer.alloc(4 + TAG_BYTES * tags.length);
  table.writeUInt32BE(tags.length);
  const places = new Map<Buffer, number>();
  const parts: Buffer[] = [];
  let end = HEADER_BYTES + table.length;
  for (const [index, [signature, data]] of tags.entries()) {
    const place = places.get(data) ?? end;
    if (!places.has(data)) {
      places.set(data, end);
      parts.push(data);
      end += data.length;
    }
    const at = 4 + TAG_BYTES * index;
    table.write(signature, at, 'latin1');
    table.writeUInt32BE(place, at + 4);
    table.writeUInt32BE(data.length, at + 8);
  }
  return Buffer.concat([header(end, isGrey), table, ...parts]);
}

function header(size: number, isGrey: boolean): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32BE(size, 0);
  bytes.writeUInt32BE(0x02400000, 8);
  bytes.write('mntr', 12, 'latin1');
  bytes.write(isGrey ? 'GRAY' : 'RGB ', 16, 'latin1');
  bytes.write('XYZ ', 20, 'latin1');
  bytes.write('acsp', 36, 'latin1');
  xyzNumbers(D50).copy(bytes, 68);
  return bytes;
}

function curveData(toLight: (value: number) => number): Buffer {
  const bytes = Buffer.alloc(12 + 2 * CURVE_POINTS);
  bytes.write('curv', 0, 'latin1');
  bytes.writeUInt32BE(CURVE_POINTS, 8);
  for (let point = 0; point < CURVE_POINTS; point++) {
    const light = Math.min(1, Math.max(0, toLight(point / (CURVE_POINTS - 1))));
    bytes.writeUInt16BE(Math.round(light * 0xffff), 12 + 2 * point);
  }
  return bytes;
}

function xyzData(xyz: Vector): Buffer {
  return Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), xyzNumbers(xyz)]);
}

function xyzNumbers(xyz: Vector): Buffer {
  const bytes = Buffer.alloc(12);
  for (const [index, value] of xyz.entries()) bytes.writeInt32BE(Math.round(value * 0x10000), 4 * index);
  return bytes;
}

/** XYZ of the primaries as they look under D50. */
function primaries({ white, red, green, blue }: ColourSpace): [signature: string, xyz: Vector][] {
  const [r, g, b] = [toXyz(red), toXyz(green), toXyz(blue)];
  const whiteXyz = toXyz(white);
  const scale = multiply(invert(transpose([r, g, b])), whiteXyz);
  const cones = multiply(BRADFORD, whiteXyz);
  const wanted = multiply(BRADFORD, D50);
  const adapt = (xyz: Vector, by: number): Vector => {
    const [l, m, s] = multiply(BRADFORD, xyz);
    const adapted: Vector = [(l * wanted[0]) / cones[0], (m * wanted[1]) / cones[1], (s * wanted[2]) / cones[2]];
    const [x, y, z] = multiply(invert(BRADFORD), adapted);
    return [x * by, y * by, z * by];
  };
  return [
    ['rXYZ', adapt(r, scale[0])],
    ['gXYZ', adapt(g, scale[1])],
    ['bXYZ', adapt(b, scale[2])],
  ];
}

const toXyz = ([x, y]: Chromaticity): Vector => [x / y, 1, (1 - x - y) / y];

const dot = ([a, b, c]: Vector, [x, y, z]: Vector): number => a * x + b * y + c * z;

const multiply = ([a, b, c]: Matrix, vector: Vector): Vector => [dot(a, vector), dot(b, vector), dot(c, vector)];

const transpose = ([a, b, c]: Matrix): Matrix => [
  [a[0], b[0], c[0]],
  [a[1], b[1], c[1]],
  [a[2], b[2], c[2]],
];

const cross = ([a, b, c]: Vector, [x, y, z]: Vector): Vector => [b * z - c * y, c * x - a * z, a * y - b * x];

function invert([a, b, c]: Matrix): Matrix {
  const determinant = dot(a, cross(b, c));
  const over = ([x, y, z]: Vector): Vector => [x / determinant, y / determinant, z / determinant];
  return transpose([over(cross(b, c)), over(cross(c, a)), over(cross(a, b))]);
}
