-- Which table of customer-service messages WeChat keeps to for the account: 'classic' or '2023-06'.
alter table accounts add column allowance text not null default '2023-06';

-- Who said it: the name of a person or a key; none for what a rule says.
alter table sends add column said_by text;

-- What a person has to look at is found without reading the ledger.
create index sends_for_person on sends (tenant_id, state, due_at, id) where state in ('unknown', 'held');
-- The ledger, newest first.
create index sends_by_due on sends (tenant_id, due_at, id);
