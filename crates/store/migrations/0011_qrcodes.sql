-- QR codes with parameters, the tables they are made from, and what came of people scanning them.

create table qrcode_batches (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    file_name text not null,
    state text not null,
    -- The lines without fault, as JSON, until they are codes.
    body text not null,
    faults text not null,
    total bigint not null,
    made bigint not null,
    failed bigint not null,
    -- Codes a minute.
    rate bigint not null,
    problem text,
    errcode bigint,
    waits_until bigint,
    said_by text,
    started_at bigint,
    finished_at bigint,
    created_at bigint not null,
    constraint qrcode_batches_pk primary key (tenant_id, id),
    constraint qrcode_batches_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
create index qrcode_batches_newest on qrcode_batches (tenant_id, account_id, created_at, id);
create index qrcode_batches_running on qrcode_batches (tenant_id, id) where state = 'running';

-- The scene is all that WeChat knows of a code: a random word, so that a poster tells nobody anything.
create table qrcodes (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    scene text not null,
    name text not null,
    source text,
    folder text,
    note text,
    permanent boolean not null,
    -- How long a temporary one was asked to live, in seconds.
    life bigint,
    -- What the code says; none until WeChat has made it.
    url text,
    made_at bigint,
    expires_at bigint,
    on_scan text not null,
    -- Files that the answers need, as a JSON list; none when they need none.
    files text,
    logo_media_id bigint,
    batch_id bigint,
    line bigint,
    problem text,
    errcode bigint,
    said_by text,
    scans bigint not null,
    follows bigint not null,
    lost bigint not null,
    last_scan_at bigint,
    archived_at bigint,
    created_at bigint not null,
    updated_at bigint not null,
    constraint qrcodes_pk primary key (tenant_id, id),
    constraint qrcodes_scene unique (tenant_id, account_id, scene),
    constraint qrcodes_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade,
    constraint qrcodes_batch foreign key (tenant_id, batch_id) references qrcode_batches (tenant_id, id)
);
create index qrcodes_newest on qrcodes (tenant_id, account_id, created_at, id);
create index qrcodes_by_scans on qrcodes (tenant_id, account_id, scans, id);
create index qrcodes_permanent on qrcodes (tenant_id, account_id) where permanent;
create index qrcodes_of_batch on qrcodes (tenant_id, batch_id, line) where batch_id is not null;
create index qrcodes_with_files on qrcodes (tenant_id, account_id) where files is not null;
create index qrcodes_with_logo on qrcodes (tenant_id, logo_media_id) where logo_media_id is not null;

-- What whoever scans is tagged with.
create table qrcode_tags (
    tenant_id bigint not null,
    qrcode_id bigint not null,
    tag_id bigint not null,
    constraint qrcode_tags_pk primary key (tenant_id, qrcode_id, tag_id),
    constraint qrcode_tags_code foreign key (tenant_id, qrcode_id) references qrcodes (tenant_id, id) on delete cascade,
    constraint qrcode_tags_tag foreign key (tenant_id, tag_id) references tags (tenant_id, id) on delete cascade
){clustered};
create index qrcode_tags_of_tag on qrcode_tags (tenant_id, tag_id);

-- What a batch of callbacks has to add to the figures, until it has been added.
create table qrcode_notes (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    at bigint not null,
    body text not null,
    constraint qrcode_notes_pk primary key (tenant_id, id),
    constraint qrcode_notes_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);

-- One follow that came by a code, and when it ended.
create table qrcode_follows (
    tenant_id bigint not null,
    account_id bigint not null,
    openid text{bytewise} not null,
    followed_at bigint not null,
    qrcode_id bigint not null,
    -- The tenant's day of the follow.
    day text not null,
    left_at bigint,
    constraint qrcode_follows_pk primary key (tenant_id, account_id, openid, followed_at),
    constraint qrcode_follows_code foreign key (tenant_id, qrcode_id) references qrcodes (tenant_id, id) on delete cascade
){clustered};

-- The figures by the tenant's days. `gone_n` counts, on the day of the follow, who left within n days of it.
create table qrcode_days (
    tenant_id bigint not null,
    qrcode_id bigint not null,
    day text not null,
    account_id bigint not null,
    scans bigint not null,
    follows bigint not null,
    firsts bigint not null,
    lost bigint not null,
    gone_1 bigint not null,
    gone_7 bigint not null,
    gone_30 bigint not null,
    constraint qrcode_days_pk primary key (tenant_id, qrcode_id, day),
    constraint qrcode_days_code foreign key (tenant_id, qrcode_id) references qrcodes (tenant_id, id) on delete cascade
){clustered};
create index qrcode_days_of_account on qrcode_days (tenant_id, account_id, day);
