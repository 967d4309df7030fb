-- What people chose: what ranking of candidates can learn from. Erased with the annotation, and so with its file.
create table choices (
  annotation_id bigint primary key references annotations (id) on delete cascade,
  project text not null,
  label text not null,
  data_set_id bigint,
  area double precision not null,
  token bigint,
  rank bigint,
  corrected boolean not null,
  time bigint not null,
  by text not null
);
create index choices_of_labels on choices (project, label, time desc);
