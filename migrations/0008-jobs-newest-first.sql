create index jobs_newest_first on jobs (project, created_time, job_id);
