-- Customers, the identities and fans that lead to them, tags, and the event log.

create table customers (
    tenant_id bigint not null,
    id bigint not null,
    name text,
    gender text not null,
    city text,
    province text,
    country text,
    language text,
    phone text,
    email text,
    birthday text,
    note text,
    avatar_url text,
    -- Which source gave each field, and when: {"name": {"source", "by", "at"}}.
    provenance text not null,
    merged_into bigint,
    last_seen_at bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    constraint customers_pk primary key (tenant_id, id),
    constraint customers_tenant foreign key (tenant_id) references tenants (id)
){clustered};
create index customers_seen on customers (tenant_id, last_seen_at, id);
create index customers_created on customers (tenant_id, created_at, id);
create index customers_merged on customers (tenant_id, merged_into) where merged_into is not null;

-- Who a value belongs to. The openid of a fan is in `fans`, not here: it is the largest kind by far.
create table identities (
    tenant_id bigint not null,
    kind text not null,
    value text not null,
    customer_id bigint not null,
    source text not null,
    created_at bigint not null,
    constraint identities_pk primary key (tenant_id, kind, value),
    constraint identities_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade
){clustered};
create index identities_of_customer on identities (tenant_id, customer_id);

-- One row for each openid of each account. The primary key is the openid, so an import in openid order appends.
create table fans (
    tenant_id bigint not null,
    account_id bigint not null,
    openid text{bytewise} not null,
    customer_id bigint not null,
    status text not null,
    -- The instant WeChat gave for the status: a later one wins, an earlier one changes nothing.
    status_at bigint not null,
    subscribed_at bigint,
    scene text,
    qr_scene text,
    remark text,
    unionid text,
    wechat_tags text not null,
    info_at bigint,
    created_at bigint not null,
    constraint fans_pk primary key (tenant_id, account_id, openid),
    constraint fans_account foreign key (tenant_id, account_id) references accounts (tenant_id, id),
    constraint fans_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id)
){clustered};
create index fans_of_customer on fans (tenant_id, customer_id);
-- The few: nearly everybody in this table follows, has no tag at WeChat, and has been asked about.
create index fans_not_following on fans (tenant_id, account_id, status, customer_id) where status <> 'following';
create index fans_unasked on fans (tenant_id, account_id, openid) where info_at is null;
create index fans_tagged on fans (tenant_id, account_id, openid) where wechat_tags <> '[]';

create table tags (
    tenant_id bigint not null,
    id bigint not null,
    name text not null,
    group_name text,
    colour text not null,
    created_at bigint not null,
    constraint tags_pk primary key (tenant_id, id),
    constraint tags_name unique (tenant_id, name),
    constraint tags_tenant foreign key (tenant_id) references tenants (id)
);

create table customer_tags (
    tenant_id bigint not null,
    tag_id bigint not null,
    customer_id bigint not null,
    source text not null,
    created_at bigint not null,
    constraint customer_tags_pk primary key (tenant_id, tag_id, customer_id),
    constraint customer_tags_tag foreign key (tenant_id, tag_id) references tags (tenant_id, id) on delete cascade,
    constraint customer_tags_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade
){clustered};
create index customer_tags_of_customer on customer_tags (tenant_id, customer_id);

-- WeChat's own tags of an account; `tag_id` is the tag of ours that mirrors it.
create table wechat_tags (
    tenant_id bigint not null,
    account_id bigint not null,
    wechat_id bigint not null,
    name text not null,
    fans bigint not null,
    tag_id bigint,
    constraint wechat_tags_pk primary key (tenant_id, account_id, wechat_id),
    constraint wechat_tags_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);

-- The event log: append only. Nothing random is indexed here; `timeline` is filled from it in sorted batches.
create table events (
    tenant_id bigint not null,
    id bigint not null,
    customer_id bigint not null,
    account_id bigint,
    at bigint not null,
    kind text not null,
    channel text not null,
    properties text not null,
    constraint events_pk primary key (tenant_id, id)
){clustered};

create table timeline (
    tenant_id bigint not null,
    customer_id bigint not null,
    at bigint not null,
    event_id bigint not null,
    kind text not null,
    channel text not null,
    constraint timeline_pk primary key (tenant_id, customer_id, at, event_id)
){clustered};

-- How far the timeline, the search index and last-seen have followed the event log.
create table event_watermarks (
    tenant_id bigint not null,
    event_id bigint not null,
    constraint event_watermarks_pk primary key (tenant_id)
);
