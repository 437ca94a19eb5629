-- The inbox: conversations with fans, what people note beside them, answers kept for use again, and files that fans sent.

-- One row an openid that has written, or was written to by hand. Kept behind the callbacks, out of `arrivals`.
create table conversations (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    openid text{bytewise} not null,
    -- open, snoozed or done.
    state text not null,
    -- 2: somebody has to look; 1: looked at, and the fan still waits for an answer; 0: neither.
    attention bigint not null,
    -- Messages that nobody has looked at and no keyword answered.
    unread bigint not null,
    assignee_id bigint,
    snoozed_until bigint,
    -- What the fan or a person said last, in short; what rules say is not counted. `fan` or `person`.
    last_from text not null,
    last_kind text not null,
    last_text text not null,
    last_by text,
    last_at bigint not null,
    -- The fan's last message, whatever became of it.
    last_in_at bigint,
    -- What opens the time to write: their last message, and their last follow, scan or tap.
    message_at bigint,
    act_at bigint not null,
    -- Since when they wait for an answer.
    waiting_since_at bigint,
    -- Until when WeChat takes messages, by what the fan did.
    window_until bigint not null,
    created_at bigint not null,
    constraint conversations_pk primary key (tenant_id, id),
    constraint conversations_fan unique (tenant_id, account_id, openid),
    constraint conversations_account foreign key (tenant_id, account_id) references accounts (tenant_id, id)
);
create index conversations_order on conversations (tenant_id, state, attention, window_until, id);
create index conversations_assigned on conversations (tenant_id, assignee_id, state) where assignee_id is not null;
create index conversations_snoozed on conversations (snoozed_until) where state = 'snoozed';

-- What a batch of callbacks has to tell the inbox, until it has been told. Told at once, every batch would change rows
-- all over the table before it could answer WeChat.
create table arrivals (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    body text not null,
    constraint arrivals_pk primary key (tenant_id, id),
    constraint arrivals_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);

-- Notes of people, and who was handed it and how it stood: never shown to the fan.
create table conversation_entries (
    tenant_id bigint not null,
    conversation_id bigint not null,
    at bigint not null,
    id bigint not null,
    kind text not null,
    said_by text not null,
    body text not null,
    constraint conversation_entries_pk primary key (tenant_id, conversation_id, at, id),
    constraint conversation_entries_conversation foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
){clustered};

create table canned_answers (
    tenant_id bigint not null,
    id bigint not null,
    shortcut text not null,
    text text not null,
    created_at bigint not null,
    updated_at bigint not null,
    constraint canned_answers_pk primary key (tenant_id, id),
    constraint canned_answers_shortcut unique (tenant_id, shortcut),
    constraint canned_answers_tenant foreign key (tenant_id) references tenants (id)
);

-- Files that fans sent. WeChat forgets them after three days; ours are fetched once and stay.
create table received_files (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    openid text{bytewise} not null,
    wechat_media_id text not null,
    kind text not null,
    -- waiting, kept or gone.
    state text not null,
    problem text,
    content_type text,
    size bigint,
    sent_at bigint not null,
    settled_at bigint,
    bytes {blob},
    constraint received_files_pk primary key (tenant_id, id),
    constraint received_files_media unique (tenant_id, account_id, wechat_media_id),
    constraint received_files_account foreign key (tenant_id, account_id) references accounts (tenant_id, id)
);
