-- Articles, which are WeChat's drafts; what of them is out; and the library's folders.

alter table media add column folder text not null default '';
-- Of voices.
alter table media add column duration_ms bigint;

create table articles (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    -- What is written here: 1 to 8 items, as JSON; and their titles, a line each, to be found by.
    items text not null,
    titles text not null,
    revision bigint not null,
    -- WeChat's draft, while it is in the box; and the one it took the place of, until that is deleted.
    media_id text,
    old_media_id text,
    -- What WeChat had when both were last the same, in its own words, and which revision of ours that was.
    base text,
    synced_revision bigint,
    synced_at bigint,
    -- When WeChat says that it was changed (seconds), and when it was last read.
    wechat_updated_s bigint,
    seen_at bigint,
    -- What WeChat has, when both were changed.
    theirs text,
    -- Since when the box does not have it any more.
    gone_at bigint,
    -- push, delete or copy, while a job is at it; and when a call left that may put a draft into the box.
    wish text,
    called_at bigint,
    problem text,
    errcode bigint,
    problem_item bigint,
    made_by text,
    updated_by text,
    created_at bigint not null,
    updated_at bigint not null,
    constraint articles_pk primary key (tenant_id, id),
    constraint articles_draft unique (tenant_id, account_id, media_id),
    constraint articles_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
create index articles_newest on articles (tenant_id, updated_at, id);
create index articles_wishes on articles (tenant_id, account_id) where wish is not null;

-- Pictures of ours that WeChat has: in a body by their address, as a cover by their id.
create table article_pictures (
    tenant_id bigint not null,
    account_id bigint not null,
    media_id bigint not null,
    -- body or cover.
    purpose text not null,
    -- The address, or the id of the permanent material.
    given text not null,
    uploaded_at bigint not null,
    constraint article_pictures_pk primary key (tenant_id, account_id, media_id, purpose),
    constraint article_pictures_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade,
    constraint article_pictures_media foreign key (tenant_id, media_id) references media (tenant_id, id) on delete cascade
);
create index article_pictures_given on article_pictures (tenant_id, account_id, given);

-- How the comparison with an account's draft box stands.
create table article_syncs (
    tenant_id bigint not null,
    account_id bigint not null,
    -- running, done or failed.
    state text not null,
    total bigint not null,
    seen bigint not null,
    changed bigint not null,
    conflicts bigint not null,
    started_at bigint not null,
    ended_at bigint,
    problem text,
    errcode bigint,
    constraint article_syncs_pk primary key (tenant_id, account_id),
    constraint article_syncs_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);

-- Articles that have a page, or are to get one.
create table publications (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    -- The article may have been deleted since; none when it was published elsewhere.
    article_id bigint,
    -- hub, broadcast or wechat.
    source text not null,
    state text not null,
    draft_media_id text,
    titles text not null,
    -- Pages, as JSON.
    pages text not null,
    publish_id text,
    msg_data_id text,
    wechat_article_id text,
    problem text,
    errcode bigint,
    fail_idx text not null,
    made_by text,
    created_at bigint not null,
    called_at bigint,
    finished_at bigint,
    constraint publications_pk primary key (tenant_id, id),
    constraint publications_page unique (tenant_id, account_id, wechat_article_id),
    constraint publications_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
create index publications_newest on publications (tenant_id, created_at, id);
create index publications_of_article on publications (tenant_id, article_id, created_at) where article_id is not null;
create index publications_open on publications (tenant_id, account_id) where state in ('waiting', 'submitting', 'publishing');
