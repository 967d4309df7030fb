-- Attempts that ended because a part that every job needs was away; apart from those that ended in a fault of the job's own.
alter table jobs add column outages integer not null default 0;
