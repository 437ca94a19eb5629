-- Why it is said: marketing, service, or answer to what a fan did.
alter table sends add column purpose text not null default 'marketing';

-- Somebody does not want to be told anything unasked in this way. A row is never changed but for its withdrawal.
create table opt_outs (
    tenant_id bigint not null,
    id bigint not null,
    customer_id bigint not null,
    way text not null,
    -- person or api.
    source text not null,
    said_by text not null,
    note text,
    created_at bigint not null,
    withdrawn_at bigint,
    withdrawn_source text,
    withdrawn_by text,
    constraint opt_outs_pk primary key (tenant_id, id),
    constraint opt_outs_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade
);
create unique index opt_outs_holding on opt_outs (tenant_id, customer_id, way) where withdrawn_at is null;
create index opt_outs_of_customer on opt_outs (tenant_id, customer_id, created_at, id);

-- WeChat's blacklists, as they were when we last looked or set them. A row stays when it no longer holds, to say when
-- that was.
create table blocked_fans (
    tenant_id bigint not null,
    account_id bigint not null,
    openid text{bytewise} not null,
    is_blocked boolean not null,
    -- The person or key that did it here; none when it was done at WeChat.
    said_by text,
    changed_at bigint not null,
    constraint blocked_fans_pk primary key (tenant_id, account_id, openid),
    constraint blocked_fans_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);

-- When nothing is said unasked, and how often at most; none of either when there is no row.
create table reach_settings (
    tenant_id bigint not null,
    -- Minutes of the tenant's day.
    quiet_from bigint,
    quiet_until bigint,
    quiet_service boolean not null,
    cap_messages bigint,
    cap_days bigint,
    changed_by text not null,
    changed_at bigint not null,
    constraint reach_settings_pk primary key (tenant_id),
    constraint reach_settings_tenant foreign key (tenant_id) references tenants (id)
);
