import assert from 'node:assert/strict';
import { checksOf } from '../check.ts';
import { expectRefusal, expectStatus } from '../expect.ts';
import type { FileAnswer, Items } from '../wire.ts';
import type { World } from '../world.ts';

type Position = readonly [longitude: number, latitude: number];

/** Where the files are that the shapes below are held against. */
const PLACES = {
  point: { type: 'Point', coordinates: [10.5, 60.5] },
  points: {
    type: 'MultiPoint',
    coordinates: [
      [10.1, 60.1],
      [10.9, 60.9],
    ],
  },
  line: {
    type: 'LineString',
    coordinates: [
      [9, 60.5],
      [12, 60.5],
    ],
  },
  lines: {
    type: 'MultiLineString',
    coordinates: [
      [
        [10.2, 60.2],
        [10.3, 60.3],
      ],
      [
        [10.6, 60.6],
        [10.7, 60.7],
      ],
    ],
  },
  polygon: { type: 'Polygon', coordinates: [box([10.4, 60.4], [10.6, 60.6])] },
  polygons: {
    type: 'MultiPolygon',
    coordinates: [[box([10.1, 60.1], [10.2, 60.2])], [box([20.1, 60.1], [20.2, 60.2])]],
  },
  corner: { type: 'Point', coordinates: [10, 60] },
  elsewhere: { type: 'Point', coordinates: [-70, -33] },
};
type Name = keyof typeof PLACES | 'nowhere';

const SQUARE = { type: 'Polygon', coordinates: [box([10, 60], [11, 61])] };
/** The square without its middle. */
const SQUARE_WITH_HOLE = {
  type: 'Polygon',
  coordinates: [box([10, 60], [11, 61]), box([10.3, 60.3], [10.8, 60.8])],
};

/** Shapes and what of the above is found by them, apart from what is disjoint: that is all else that has a place. */
const SHAPES: [what: string, shape: object, intersects: Name[], within: Name[]][] = [
  [
    'a Polygon',
    SQUARE,
    ['point', 'points', 'line', 'lines', 'polygon', 'polygons', 'corner'],
    ['point', 'points', 'lines', 'polygon', 'corner'],
  ],
  ['a Polygon with a hole', SQUARE_WITH_HOLE, ['points', 'line', 'lines', 'polygons', 'corner'], ['points', 'corner']],
  [
    'a MultiPolygon',
    { type: 'MultiPolygon', coordinates: [[box([20, 60], [21, 61])], SQUARE.coordinates] },
    ['point', 'points', 'line', 'lines', 'polygon', 'polygons', 'corner'],
    ['point', 'points', 'lines', 'polygon', 'polygons', 'corner'],
  ],
  ['a Point', PLACES.point, ['point', 'line', 'polygon'], ['point']],
  [
    'a MultiPoint',
    {
      type: 'MultiPoint',
      coordinates: [
        [10, 60],
        [10.5, 60.5],
      ],
    },
    ['point', 'line', 'polygon', 'corner'],
    ['point', 'corner'],
  ],
  ['a LineString', PLACES.line, ['point', 'line', 'polygon'], ['point', 'line']],
  [
    'a MultiLineString',
    {
      type: 'MultiLineString',
      coordinates: [
        [
          [9, 60.5],
          [13, 60.5],
        ],
        [
          [-71, -33],
          [-69, -33],
        ],
      ],
    },
    ['point', 'line', 'polygon', 'elsewhere'],
    ['point', 'line', 'elsewhere'],
  ],
];

/** A file at each of the places, and one without any, with their own source. */
const placed = (world: World) =>
  world.once('files at places', async () => {
    const source = world.name();
    const create = async ([name, geometry]: [string, object]) =>
      world.createFile({ name, source, geoLocation: { type: 'Feature', geometry, properties: { drawn: 'by hand' } } });
    await Promise.all([...Object.entries(PLACES).map(create), world.createFile({ name: 'nowhere', source })]);
    return source;
  });

const namesOf = ({ items }: Items<FileAnswer>) => items.map(({ name }) => name).sort();
async function find(world: World, relation: string, shape: object): Promise<string[]> {
  const filter = { source: await placed(world), geoLocation: { relation, shape } };
  return namesOf(await world.client.create<Items<FileAnswer>>('/files/list', { filter }));
}

export const placeFilesChecks = checksOf('POST /files/list: filter.geoLocation', ({ documented, ours }) => {
  for (const [what, shape, intersects, within] of SHAPES) {
    const apart = Object.keys(PLACES).filter((name) => !intersects.includes(name as Name));
    documented(`intersects ${what}`, async (world) =>
      assert.deepEqual(await find(world, 'intersects', shape), intersects.toSorted()),
    );
    documented(`within ${what}`, async (world) =>
      assert.deepEqual(await find(world, 'within', shape), within.toSorted()),
    );
    documented(`disjoint from ${what}`, async (world) =>
      assert.deepEqual(await find(world, 'disjoint', shape), apart.sort()),
    );
  }
  ours('a file without geoLocation is found by no relation, not even disjoint', async (world) => {
    for (const relation of ['intersects', 'disjoint', 'within']) {
      assert.ok(!(await find(world, relation, SQUARE)).includes('nowhere'));
    }
  });
  ours('the boundary belongs to a shape', async (world) => {
    assert.ok((await find(world, 'within', SQUARE)).includes('corner'));
    assert.ok(!(await find(world, 'disjoint', SQUARE)).includes('corner'));
  });
  documented('the pages give every file once', async (world) => {
    const filter = { source: await placed(world), geoLocation: { relation: 'intersects', shape: SQUARE } };
    const found: FileAnswer[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.client.create<Items<FileAnswer>>('/files/list', { filter, limit: 2, cursor });
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    assert.deepEqual(namesOf({ items: found }), SHAPES[0]![2].toSorted());
    assert.deepEqual(
      found.map(({ id }) => id),
      found.map(({ id }) => id).sort((a, b) => a - b),
    );
  });
  documented('search and aggregate take it too', async (world) => {
    const filter = { source: await placed(world), geoLocation: { relation: 'within', shape: SQUARE } };
    const found = await world.client.create<Items<FileAnswer>>('/files/search', { filter });
    assert.deepEqual(namesOf(found), SHAPES[0]![3].toSorted());
    assert.deepEqual(await world.client.create('/files/aggregate', { filter }), {
      items: [{ count: SHAPES[0]![3].length }],
    });
  });
  ours('GET /files takes it as JSON', async (world) => {
    const geoLocation = JSON.stringify({ relation: 'within', shape: SQUARE });
    const query = new URLSearchParams({ source: await placed(world), geoLocation });
    const answer = await world.client.get<Items<FileAnswer>>(`/files?${query}`);
    expectStatus(answer, 200);
    assert.deepEqual(namesOf(answer.body), SHAPES[0]![3].toSorted());
  });
  documented('another relation, another type and coordinates that are none are answered 400', async ({ client }) => {
    for (const geoLocation of [
      { relation: 'near', shape: SQUARE },
      { relation: 'within' },
      { shape: SQUARE },
      { relation: 'within', shape: { type: 'Circle', coordinates: [1, 2] } },
      { relation: 'within', shape: { type: 'Point', coordinates: ['1', '2'] } },
      { relation: 'within', shape: { type: 'LineString', coordinates: [[1, 2]] } },
      { relation: 'within', shape: { type: 'Polygon', coordinates: [SQUARE.coordinates[0]!.slice(1)] } },
    ]) {
      expectRefusal(await client.post('/files/list', { filter: { geoLocation } }), 400);
    }
  });
  ours('shapes of more than 1000 positions are answered 400', async ({ client }) => {
    const shape = (count: number) => ({
      type: 'LineString',
      coordinates: Array.from({ length: count }, (_, index) => [index / 100, 0]),
    });
    const post = (count: number) =>
      client.post('/files/list', { filter: { geoLocation: { relation: 'within', shape: shape(count) } } });
    expectStatus(await post(1000), 200);
    expectRefusal(await post(1001), 400);
  });
});

/** The ring of a box between two corners. */
function box([west, south]: Position, [east, north]: Position): Position[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}
