-- What is next of what stands alone, in the order in which it is taken: many are due at the same instant.
drop index sends_open;
create index sends_open on sends (due_at, id) where campaign_id is null and state = 'queued';

-- As before, in other words: for a list of more than two SQLite fills a table of its own whenever a row changes.
drop index sends_in_group;
create index sends_in_group on sends (tenant_id, group_id, position)
    where campaign_id is null and (state = 'queued' or state = 'held' or state = 'sending' or state = 'retrying');
drop index sends_awaited;
create index sends_awaited on sends (tenant_id, account_id, openid)
    where service <> 'custom' and delivery is null and (state = 'sending' or state = 'retrying' or state = 'sent' or state = 'unknown');

-- What went to everybody, of whom none has a row of their own.
create index broadcast_parts_to_all on broadcast_parts (tenant_id, account_id, submitted_at) where way = 'all';
