-- Broadcasts: what is said to many in a few calls of WeChat's, each of these calls with what came of it, and who has
-- had how many this month.

-- Above so many fans a second person has to agree; none: nobody is asked.
alter table tenants add column approval_above bigint;

create table broadcasts (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    name text not null,
    -- JSON: one, or a variant each.
    contents text not null,
    -- JSON: how variants are tried; none when there is one content.
    test text,
    audience text not null,
    ignore_reprint boolean not null,
    -- wait or stop.
    on_quota text not null,
    -- draft, awaiting_approval, scheduled, missed, running, testing, held, stopped or done.
    state text not null,
    reason text,
    -- How many it was for when it began, and how many of these get nothing.
    fans bigint not null,
    held_out bigint not null,
    starts_at bigint,
    -- How late it may begin by itself.
    grace_ms bigint not null,
    -- 1: everybody, or the variants. 2: the winner, to the rest.
    phase bigint not null,
    -- When the parts of this phase stood in the table.
    filled_at bigint,
    winner bigint,
    decide_at bigint,
    created_by text not null,
    -- Who let it begin or stopped it, and which person or key that is.
    decided_by text,
    decided_actor text,
    approved_by text,
    stats_at bigint,
    created_at bigint not null,
    started_at bigint,
    ended_at bigint,
    version bigint not null,
    constraint broadcasts_pk primary key (tenant_id, id),
    constraint broadcasts_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
create index broadcasts_newest on broadcasts (tenant_id, created_at, id);
create index broadcasts_of_account on broadcasts (tenant_id, account_id, created_at, id);
create index broadcasts_moving on broadcasts (state, tenant_id, id) where state in ('scheduled', 'running', 'testing');

-- One call each. What is said and to whom is fixed before the first byte leaves: a repetition is the same bytes.
create table broadcast_parts (
    tenant_id bigint not null,
    id bigint not null,
    broadcast_id bigint not null,
    account_id bigint not null,
    position bigint not null,
    phase bigint not null,
    variant bigint,
    -- all, tag or list.
    way text not null,
    -- WeChat's number of the tag, and ours.
    wechat_tag bigint,
    tag_id bigint,
    fans bigint not null,
    clientmsgid text not null,
    -- The content as WeChat hears it, JSON; none until it is made ready.
    said text,
    -- queued, sending, retrying, submitted, awaiting_confirmation, sent, refused, failed, unknown, cancelled or withdrawn.
    state text not null,
    reason text,
    errcode bigint,
    -- WeChat's word at the end.
    status text,
    evidence text,
    msg_id bigint,
    msg_data_id bigint,
    attempts bigint not null,
    holder text,
    due_at bigint not null,
    first_sending_at bigint,
    sending_at bigint,
    submitted_at bigint,
    -- When WeChat is asked next how it stands.
    ask_at bigint,
    finished_at bigint,
    total bigint,
    filtered bigint,
    sent bigint,
    failed bigint,
    -- JSON: the pages of its articles.
    urls text,
    -- Whom the month's ledger holds of it: up to here, and when all.
    counted_to text,
    counted_at bigint,
    decision text,
    decided_by text,
    decided_at bigint,
    resent_as bigint,
    constraint broadcast_parts_pk primary key (tenant_id, id),
    constraint broadcast_parts_place unique (tenant_id, broadcast_id, position),
    constraint broadcast_parts_broadcast foreign key (tenant_id, broadcast_id) references broadcasts (tenant_id, id) on delete cascade
);
create index broadcast_parts_open on broadcast_parts (tenant_id, account_id, state, due_at)
    where state in ('queued', 'sending', 'retrying');
create index broadcast_parts_asked on broadcast_parts (ask_at) where ask_at is not null;
create index broadcast_parts_uncounted on broadcast_parts (tenant_id, id)
    where counted_at is null and way <> 'all' and state in ('submitted', 'awaiting_confirmation', 'sent', 'withdrawn', 'unknown');
create index broadcast_parts_miscounted on broadcast_parts (tenant_id, id) where counted_to is not null and state = 'failed';
create index broadcast_parts_by_wechat on broadcast_parts (tenant_id, account_id, msg_id) where msg_id is not null;
create index broadcast_parts_of_account on broadcast_parts (tenant_id, account_id, submitted_at);

-- To whom a part goes, a line each.
create table broadcast_lists (
    tenant_id bigint not null,
    part_id bigint not null,
    openids text not null,
    constraint broadcast_lists_pk primary key (tenant_id, part_id),
    constraint broadcast_lists_part foreign key (tenant_id, part_id) references broadcast_parts (tenant_id, id) on delete cascade
);

-- Who had which part in a month of Shanghai's. What goes to everybody stands only with its part.
create table broadcast_fans (
    tenant_id bigint not null,
    account_id bigint not null,
    -- 202611
    month bigint not null,
    openid text{bytewise} not null,
    part_id bigint not null,
    constraint broadcast_fans_pk primary key (tenant_id, account_id, month, openid, part_id),
    constraint broadcast_fans_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
){clustered};

-- What WeChat reported of a broadcast that we do not know (yet): ours, before its answer was written, or one that was
-- made in WeChat's own console.
create table broadcast_reports (
    tenant_id bigint not null,
    account_id bigint not null,
    msg_id bigint not null,
    at bigint not null,
    status text not null,
    total bigint not null,
    filtered bigint not null,
    sent bigint not null,
    failed bigint not null,
    urls text,
    constraint broadcast_reports_pk primary key (tenant_id, account_id, msg_id),
    constraint broadcast_reports_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
create index broadcast_reports_by_time on broadcast_reports (tenant_id, account_id, at);

-- How often an account called WeChat for broadcasts on a day of Shanghai's.
create table broadcast_calls (
    tenant_id bigint not null,
    account_id bigint not null,
    day text not null,
    calls bigint not null,
    last_at bigint not null,
    constraint broadcast_calls_pk primary key (tenant_id, account_id, day),
    constraint broadcast_calls_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);

-- WeChat's statistics of an article that went out: all until the end of a day.
create table broadcast_stats (
    tenant_id bigint not null,
    broadcast_id bigint not null,
    part_id bigint not null,
    -- From 1.
    place bigint not null,
    day text not null,
    title text not null,
    url text,
    target bigint not null,
    reads bigint not null,
    read_count bigint not null,
    shares bigint not null,
    share_count bigint not null,
    favourites bigint not null,
    constraint broadcast_stats_pk primary key (tenant_id, part_id, place, day),
    constraint broadcast_stats_broadcast foreign key (tenant_id, broadcast_id) references broadcasts (tenant_id, id) on delete cascade
);
create index broadcast_stats_of_broadcast on broadcast_stats (tenant_id, broadcast_id);
