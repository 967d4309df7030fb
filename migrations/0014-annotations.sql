-- What people and programs name in photos. A deleted annotation is kept for a while, so that it can be restored.
create table annotations (
  id bigint primary key,
  project text not null,
  file_id bigint not null references files (id) on delete cascade,
  annotation_type text not null,
  status text not null check (status in ('suggested', 'approved', 'rejected')),
  creating_app text not null,
  creating_app_version text not null,
  creating_user text,
  data jsonb not null,
  created_time bigint not null,
  last_updated_time bigint not null,
  created_by text not null,
  updated_by text not null,
  outline jsonb,
  by_hand boolean not null default false,
  origin jsonb,
  deleted_time bigint,
  record_bytes bigint not null generated always as (
    500
    + octet_length(creating_app)
    + octet_length(creating_app_version)
    + coalesce(octet_length(creating_user), 0)
    + json_bytes(data)
    + json_bytes(outline)
  ) stored
);
create index annotations_of_files on annotations (file_id, id);
create index annotations_in_order on annotations (project, id) where deleted_time is null;
create index annotations_newest_first on annotations (project, last_updated_time desc, id desc) where deleted_time is null;
create index annotations_by_label on annotations (project, (data ->> 'label')) where deleted_time is null;
create index annotations_deleted on annotations (deleted_time) where deleted_time is not null;
-- What a filter on data looks for: names and links. Shapes are left out, since they are most of the data and rarely looked for.
create index annotations_by_data on annotations using gin (
  (data - '{boundingBox,polygon,polyline,keypoints,objectRegion,textRegion}'::text[]) jsonb_path_ops
) where deleted_time is null;

-- What happened to an annotation, with what it was before.
create table annotation_history (
  position bigint primary key generated always as identity,
  project text not null,
  annotation_id bigint not null references annotations (id) on delete cascade,
  time bigint not null,
  by text not null,
  change text not null check (change in ('created', 'updated', 'deleted', 'restored')),
  before jsonb
);
create index annotation_history_of_annotations on annotation_history (annotation_id, position);
