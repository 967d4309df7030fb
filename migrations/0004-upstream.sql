alter table jobs add column upstream_file jsonb
  check (upstream_file is null or status in ('Queued', 'Running'));

create table upstream_contents (
  upstream text not null,
  project text not null,
  file_id bigint not null,
  uploaded_time bigint not null,
  blob_key text not null,
  sha256 text not null,
  bytes bigint not null,
  last_used_time bigint not null,
  primary key (upstream, project, file_id, uploaded_time)
);
