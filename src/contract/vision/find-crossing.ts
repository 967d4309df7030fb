interface Point {
  x: number;
  y: number;
}

interface Edge {
  from: Point;
  to: Point;
  index: number;
  left: number;
  right: number;
}

/** Lines that reach less than this across one another, in fractions of the image, touch: coordinates are rounded. */
const TOUCHING = 3e-6;

/**
 * Finds two edges of a closed line that cross, by the indices of the corners that they begin at. Edges that touch, or
 * run along one another as seams do, do not cross.
 *
 * @param vertices in fractions of the image, at most some thousand: every pair that overlaps in x is compared
 */
export function findCrossing(vertices: readonly Point[]): [first: number, second: number] | undefined {
  const edges = vertices.map((from, index): Edge => {
    const to = vertices[(index + 1) % vertices.length] ?? from;
    return { from, to, index, left: Math.min(from.x, to.x), right: Math.max(from.x, to.x) };
  });
  edges.sort((a, b) => a.left - b.left);
  for (const [i, one] of edges.entries()) {
    for (let j = i + 1, other = edges[j]; other && other.left <= one.right; other = edges[++j]) {
      if (straddles(one, other) && straddles(other, one)) {
        return one.index < other.index ? [one.index, other.index] : [other.index, one.index];
      }
    }
  }
  return undefined;
}

/** Whether the ends of one edge lie on either side of the line through the other. */
function straddles({ from, to }: Edge, other: Edge): boolean {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const least = TOUCHING * Math.hypot(dx, dy);
  const side = ({ x, y }: Point) => dx * (y - from.y) - dy * (x - from.x);
  const [start, end] = [side(other.from), side(other.to)];
  return (start > least && end < -least) || (start < -least && end > least);
}
