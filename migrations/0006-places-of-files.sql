-- Box around every position of a GeoJSON feature; null for what has none.
create function geo_location_box(geo_location jsonb) returns box language sql immutable parallel safe as $$
  select box(
    point(min((position ->> 0)::float8), min((position ->> 1)::float8)),
    point(max((position ->> 0)::float8), max((position ->> 1)::float8))
  )
  from jsonb_path_query(
    geo_location,
    'strict $.geometry.coordinates.** ? (@.type() == "array" && @[0].type() == "number" && @[1].type() == "number")',
    '{}',
    true
  ) as position
$$;
create index files_by_place on files using gist (geo_location_box(geo_location)) where geo_location is not null;
