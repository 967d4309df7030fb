create table files (
  id bigint primary key,
  project text not null,
  external_id text,
  instance_space text,
  instance_external_id text,
  name text not null,
  directory text,
  source text,
  mime_type text,
  metadata jsonb,
  asset_ids bigint[],
  data_set_id bigint,
  source_created_time bigint,
  source_modified_time bigint,
  security_categories bigint[],
  labels text[],
  geo_location jsonb,
  created_time bigint not null,
  last_updated_time bigint not null,
  uploaded_time bigint,
  upload_generation integer not null default 1,
  blob_key text,
  content_sha256 text,
  content_bytes bigint,
  check ((instance_space is null) = (instance_external_id is null)),
  check ((blob_key is null) = (content_sha256 is null) and (blob_key is null) = (content_bytes is null)),
  check (blob_key is null or uploaded_time is not null)
);
create unique index files_by_external_id on files (project, external_id) where external_id is not null;
create unique index files_by_instance_id on files (project, instance_space, instance_external_id)
  where instance_space is not null;
create index files_in_order on files (project, id);

create table jobs (
  job_id bigint primary key,
  project text not null,
  subject text not null,
  status text not null check (status in ('Queued', 'Running', 'Completed', 'Failed')),
  created_time bigint not null,
  start_time bigint,
  status_time bigint not null,
  error_message text,
  file_id bigint not null,
  file_external_id text,
  file_instance_space text,
  file_instance_external_id text,
  content_sha256 text,
  prompt jsonb not null,
  segments jsonb not null default '[]',
  failed_items jsonb not null default '[]',
  attempt integer not null default 0,
  failures integer not null default 0,
  interruptions integer not null default 0,
  check (status <> 'Failed' or error_message is not null)
);
create index jobs_queued on jobs (project) where status = 'Queued';
