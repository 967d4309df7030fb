-- How many bytes records take in an answer, roughly and rather too many: worked out once, when they are written, so that whoever
-- reads many can tell beforehand how many fit. What PostgreSQL cannot write out at all counts as the most that it can: numbers like
-- 1e300 are short in JSON, and 301 digits here.
create function json_bytes(value jsonb) returns bigint language plpgsql immutable parallel safe as $$
begin
  return coalesce(octet_length(value::text), 0);
exception when program_limit_exceeded or out_of_memory then
  return 1073741824;
end
$$;
create function text_bytes(texts text[]) returns bigint language sql immutable parallel safe as $$
  select coalesce(sum(octet_length(text) + 20), 0)::bigint from unnest(texts) as text
$$;
alter table files add column record_bytes bigint not null generated always as (
  500
  + octet_length(name)
  + coalesce(octet_length(external_id), 0)
  + coalesce(octet_length(instance_space), 0)
  + coalesce(octet_length(instance_external_id), 0)
  + coalesce(octet_length(directory), 0)
  + coalesce(octet_length(source), 0)
  + coalesce(octet_length(mime_type), 0)
  + json_bytes(metadata)
  + 17 * coalesce(cardinality(asset_ids), 0)
  + 17 * coalesce(cardinality(security_categories), 0)
  + text_bytes(labels)
  + json_bytes(geo_location)
) stored;
alter table nodes add column record_bytes bigint not null generated always as (
  500 + octet_length(space) + octet_length(external_id) + json_bytes(properties)
) stored;
