-- What files may be marked with, and what they may be kept apart by.
create table data_sets (
  project text not null,
  id bigint not null,
  external_id text,
  name text,
  description text,
  metadata jsonb not null default '{}',
  write_protected boolean not null default false,
  created_time bigint not null,
  last_updated_time bigint not null,
  primary key (project, id)
);
create unique index data_sets_external_id on data_sets (project, external_id) where external_id is not null;
create index data_sets_protected on data_sets (project, id) where write_protected;

create table labels (
  project text not null,
  external_id text not null,
  -- The order of creation.
  position bigint not null generated always as identity,
  name text not null,
  description text,
  data_set_id bigint,
  created_time bigint not null,
  primary key (project, external_id)
);
create index labels_in_order on labels (project, position);

-- Until now, files could name any. What they name is defined now, so that clients can go on with it.
insert into data_sets (project, id, created_time, last_updated_time)
select project, data_set_id, min(created_time), min(created_time)
from files
where data_set_id is not null
group by project, data_set_id;

insert into labels (project, external_id, name, created_time)
select project, label, coalesce(nullif(left(label, 140), ''), 'label'), min(created_time)
from files, unnest(labels) as label
group by project, label
order by project, label;
