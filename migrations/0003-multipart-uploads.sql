alter table files add column upload_link_time bigint;
create index files_never_uploaded on files (created_time) where blob_key is null;

create table multipart_uploads (
  upload_id text primary key,
  project text not null,
  file_id bigint not null references files (id) on delete cascade,
  upload_generation integer not null,
  parts integer not null,
  created_time bigint not null,
  completed_time bigint
);
create index multipart_uploads_by_file on multipart_uploads (file_id);

create table multipart_upload_parts (
  upload_id text not null references multipart_uploads (upload_id) on delete cascade,
  part integer not null,
  blob_key text not null,
  content_sha256 text not null,
  content_bytes bigint not null,
  primary key (upload_id, part)
);
create index multipart_upload_parts_by_blob on multipart_upload_parts (blob_key);
create index files_by_blob on files (blob_key) where blob_key is not null;
