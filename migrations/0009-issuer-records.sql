-- What the embedded issuer remembers: sessions, sign-ins under way, codes, grants. Ids open a session, so only their hashes stand
-- here. The payload is JSON, but not jsonb, which takes no NUL characters: parts of it come from whoever opens the login page.
create table issuer_records (
  kind text not null,
  id_hash text not null,
  payload text not null,
  uid text,
  grant_id text,
  consumed boolean not null default false,
  expires_time bigint not null,
  primary key (kind, id_hash)
);
create index issuer_records_by_uid on issuer_records (uid) where uid is not null;
create index issuer_records_by_grant on issuer_records (grant_id) where grant_id is not null;
create index issuer_records_by_end on issuer_records (expires_time);
