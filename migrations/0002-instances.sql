create table spaces (
  project text not null,
  space text not null,
  position bigint generated always as identity,
  name text,
  description text,
  created_time bigint not null,
  last_updated_time bigint not null,
  primary key (project, space)
);
create index spaces_in_order on spaces (project, position);

create table nodes (
  file_id bigint primary key references files (id) on delete cascade,
  project text not null,
  space text not null,
  external_id text not null,
  version integer not null,
  properties jsonb not null,
  created_time bigint not null,
  last_updated_time bigint not null,
  unique (project, space, external_id),
  foreign key (project, space) references spaces (project, space)
);
create index nodes_in_order on nodes (project, file_id);
