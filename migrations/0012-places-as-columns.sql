-- What a filter by place reads of every file: the box around its positions, and how long its coordinates are as text. Worked out
-- once, when a place is written; a condition on geo_location_box(geo_location) took all positions apart again for each file.
drop index files_by_place;
alter table files
  add column place_box box generated always as (
    case when geo_location is not null then geo_location_box(geo_location) end
  ) stored,
  add column place_bytes integer generated always as (octet_length(geo_location #>> '{geometry,coordinates}')) stored;
create index files_by_place on files using gist (place_box) where place_box is not null;
