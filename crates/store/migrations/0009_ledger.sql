-- The ledger carries more than customer-service messages: it says by which of WeChat's services each goes.
alter table sends rename column channel to service;
-- One of many that were meant at once.
alter table sends add column campaign_id bigint;
-- How often the intent was written, and when for the first time: by then WeChat's memory of the message begins.
alter table sends add column attempts bigint not null default 0;
alter table sends add column first_sending_at bigint;
-- WeChat's id of the message, once it gave one.
alter table sends add column wechat_id text;
-- What WeChat said afterwards: delivered, blocked or failed.
alter table sends add column delivery text;
alter table sends add column delivered_at bigint;
-- What a person made of one in doubt: left or resent, who and when, and the line that says it again.
alter table sends add column decision text;
alter table sends add column decided_by text;
alter table sends add column decided_at bigint;
alter table sends add column resent_as bigint;

drop index sends_open;
drop index sends_of_account;
drop index sends_for_person;
create index sends_for_person on sends (tenant_id, state, due_at, id) where state in ('unknown', 'held') and decision is null;
-- What is next, of what stands alone.
create index sends_open on sends (state, due_at) where campaign_id is null and state = 'queued';
-- What of its group has to be over first.
create index sends_in_group on sends (tenant_id, group_id, position)
    where campaign_id is null and state in ('queued', 'held', 'sending', 'retrying');
-- What is under way.
create index sends_in_flight on sends (tenant_id, account_id, openid) where state in ('sending', 'retrying');
-- How a campaign stands, and what is next of it.
create index sends_of_campaign on sends (tenant_id, campaign_id, state, id) where campaign_id is not null;
-- What WeChat has still to report on, by whom it went to.
create index sends_awaited on sends (tenant_id, account_id, openid)
    where service <> 'custom' and delivery is null and state in ('sending', 'retrying', 'sent', 'unknown');

-- The same to many: each of them is a row of the ledger.
create table campaigns (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    name text not null,
    service text not null,
    -- What is said, before anybody's name is put in.
    message text not null,
    audience text not null,
    -- draft, scheduled, missed, running, stopped or done.
    state text not null,
    -- wait or stop.
    on_quota text not null,
    starts_at bigint,
    -- How late it may begin by itself.
    grace_ms bigint not null,
    -- Whom the ledger holds of the audience already: up to here, in the order of openids.
    filled_to text,
    filled_at bigint,
    reason text,
    created_by text not null,
    decided_by text,
    created_at bigint not null,
    started_at bigint,
    ended_at bigint,
    version bigint not null,
    constraint campaigns_pk primary key (tenant_id, id),
    constraint campaigns_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
create index campaigns_by_state on campaigns (state, tenant_id, id) where state in ('scheduled', 'running');
create index campaigns_of_account on campaigns (tenant_id, account_id, created_at, id);

-- While there is a row, nothing goes out this way: WeChat's quota is used up, or it does not want us.
create table send_gates (
    tenant_id bigint not null,
    account_id bigint not null,
    service text not null,
    reason text not null,
    errcode bigint,
    evidence text,
    closed_at bigint not null,
    -- Then one message tries; none when a person has to open it.
    opens_at bigint,
    tried_at bigint,
    constraint send_gates_pk primary key (tenant_id, account_id, service),
    constraint send_gates_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);

-- While there is a row, nothing of the tenant goes out until a person says so.
create table send_pauses (
    tenant_id bigint not null,
    reason text not null,
    evidence text,
    paused_at bigint not null,
    constraint send_pauses_pk primary key (tenant_id),
    constraint send_pauses_tenant foreign key (tenant_id) references tenants (id)
);

-- What the installation knows of itself, beside what a file beside the database says: whether this is an old copy.
create table marks (
    name text not null,
    value bigint not null,
    constraint marks_pk primary key (name)
);
