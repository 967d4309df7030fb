-- What is known of a job's end. `error_code` names the kind of error that `error_message` tells of. `result` has the rings of the
-- segments with real holes, in pixels of the upright photo, and that photo's size: what is answered is made of them when it is
-- asked for. `engine` says what found them. Jobs that ended before have none of these; `segments` then holds their polygons as
-- they were answered, and is empty from now on.
alter table jobs
  add column error_code text,
  add column result jsonb,
  add column engine jsonb,
  add check (error_code is null or status = 'Failed'),
  add check (result is null or status = 'Completed');
