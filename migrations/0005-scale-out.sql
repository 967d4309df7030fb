-- Place in the order of work: the lower it is, the sooner. Projects that wait take turns.
alter table jobs add column turn integer not null default 0;
drop index jobs_queued;
create index jobs_waiting_of_project on jobs (project, turn) where status = 'Queued';
create index jobs_waiting on jobs (turn) where status = 'Queued';
create index jobs_unfinished_of_file on jobs (file_id) where status in ('Queued', 'Running');
create index jobs_ended on jobs (status_time) where status in ('Completed', 'Failed');

-- What every process on this database signs and verifies with, and the name of the store that belongs to it.
create table secrets (
  name text primary key,
  value jsonb not null
);
