-- What is under way is in `sends_in_flight`, and in no other index that its state would move it about in.
drop index sends_of_campaign;
create index sends_of_campaign on sends (tenant_id, campaign_id, state, due_at, id) where campaign_id is not null and state <> 'sending';
drop index sends_awaited;
create index sends_awaited on sends (tenant_id, account_id, openid)
    where service <> 'custom' and delivery is null and (state = 'sent' or state = 'unknown');
-- Of what is under way the little that is said again: looked for whenever something is claimed, and mostly not there.
create index sends_to_repeat on sends (due_at, id) where state = 'retrying';
