-- When a running job is to run once more, because somebody asked for the same meanwhile.
alter table jobs add column again_at bigint;
