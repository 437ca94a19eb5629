-- What fans sent us, what we answered, what we send, and the rules that decide.

-- One row a callback; the time leads the key, so that the hot path only ever appends.
create table inbound (
    tenant_id bigint not null,
    account_id bigint not null,
    sent_at bigint not null,
    digest {blob} not null,
    answer text not null,
    received_at bigint not null,
    constraint inbound_pk primary key (tenant_id, account_id, sent_at, digest)
){clustered};

-- The send ledger. States go one way: queued -> sending -> sent | refused | unknown; held and cancelled before sending.
create table sends (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    customer_id bigint not null,
    openid text not null,
    channel text not null,
    message text not null,
    state text not null,
    reason text,
    errcode bigint,
    evidence text,
    rule_id bigint,
    -- Sends of one answer go out in this order.
    position bigint not null,
    group_id bigint not null,
    deadline_at bigint,
    due_at bigint not null,
    sending_at bigint,
    settled_at bigint,
    holder text,
    constraint sends_pk primary key (tenant_id, id)
);
create index sends_open on sends (state, due_at) where state in ('queued', 'sending');
create index sends_of_customer on sends (tenant_id, customer_id, id);
create index sends_of_account on sends (tenant_id, account_id, state);

create table media (
    tenant_id bigint not null,
    id bigint not null,
    kind text not null,
    file_name text not null,
    content_type text not null,
    size bigint not null,
    bytes {blob} not null,
    created_at bigint not null,
    constraint media_pk primary key (tenant_id, id)
);

-- The temporary media id that WeChat gave for a file of ours, for one account.
create table wechat_media (
    tenant_id bigint not null,
    account_id bigint not null,
    media_id bigint not null,
    wechat_media_id text not null,
    expires_at bigint not null,
    constraint wechat_media_pk primary key (tenant_id, account_id, media_id),
    constraint wechat_media_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade,
    constraint wechat_media_media foreign key (tenant_id, media_id) references media (tenant_id, id) on delete cascade
);

create table reply_rules (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    name text not null,
    kind text not null,
    position bigint not null,
    enabled boolean not null,
    body text not null,
    created_at bigint not null,
    updated_at bigint not null,
    constraint reply_rules_pk primary key (tenant_id, id),
    constraint reply_rules_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
create index reply_rules_order on reply_rules (tenant_id, account_id, position, id);

create table reply_hits (
    tenant_id bigint not null,
    rule_id bigint not null,
    hits bigint not null,
    last_hit_at bigint not null,
    constraint reply_hits_pk primary key (tenant_id, rule_id),
    constraint reply_hits_rule foreign key (tenant_id, rule_id) references reply_rules (tenant_id, id) on delete cascade
);

-- When a rule with a once-per-interval limit last answered this fan.
create table reply_limits (
    tenant_id bigint not null,
    rule_id bigint not null,
    openid text not null,
    answered_at bigint not null,
    constraint reply_limits_pk primary key (tenant_id, rule_id, openid),
    constraint reply_limits_rule foreign key (tenant_id, rule_id) references reply_rules (tenant_id, id) on delete cascade
);

-- Texts that no rule answered, grouped by their folded spelling.
create table unmatched_texts (
    tenant_id bigint not null,
    account_id bigint not null,
    id bigint not null,
    folded text not null,
    text text not null,
    examples text not null,
    times bigint not null,
    first_at bigint not null,
    last_at bigint not null,
    dismissed_at bigint,
    constraint unmatched_texts_pk primary key (tenant_id, account_id, folded),
    constraint unmatched_texts_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
