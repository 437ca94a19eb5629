-- The menu below the chat: what is being written, what was published, who sees another one, and how often it was tapped.

-- One draft an account, as JSON.
create table menu_drafts (
    tenant_id bigint not null,
    account_id bigint not null,
    buttons text not null,
    revision bigint not null,
    updated_at bigint not null,
    updated_by text,
    constraint menu_drafts_pk primary key (tenant_id, account_id),
    constraint menu_drafts_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);

-- Every publication. States go one way: publishing -> live -> replaced, or publishing -> failed.
create table menu_versions (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    number bigint not null,
    buttons text not null,
    -- The buttons as WeChat is given them; read back and compared.
    sent text not null,
    source text not null,
    state text not null,
    problem text,
    errcode bigint,
    made_at bigint not null,
    made_by text,
    -- Set before the call leaves: from then on WeChat may have it.
    called_at bigint,
    published_at bigint,
    ended_at bigint,
    constraint menu_versions_pk primary key (tenant_id, id),
    constraint menu_versions_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
create unique index menu_versions_number on menu_versions (tenant_id, account_id, number);
create unique index menu_versions_live on menu_versions (tenant_id, account_id) where state = 'live';
create unique index menu_versions_open on menu_versions (tenant_id, account_id) where state = 'publishing';

-- Menus for fans with a tag of WeChat's, or with one kind of phone.
-- States: adding -> live -> removing -> gone, or adding -> failed; a menu that was deleted at WeChat is gone.
create table conditional_menus (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    name text not null,
    buttons text not null,
    sent text not null,
    wechat_tag_id bigint,
    platform text,
    wechat_menu_id text,
    state text not null,
    problem text,
    errcode bigint,
    made_at bigint not null,
    made_by text,
    called_at bigint,
    constraint conditional_menus_pk primary key (tenant_id, id),
    constraint conditional_menus_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
create index conditional_menus_of_account on conditional_menus (tenant_id, account_id, state);

-- Publications by the clock. States: waiting -> on -> done, back to waiting when daily; cancelled and failed are ends.
create table menu_schedules (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    buttons text not null,
    starts_at bigint not null,
    ends_at bigint,
    daily boolean not null,
    -- What was live before, to be put back.
    back_version_id bigint,
    state text not null,
    problem text,
    made_at bigint not null,
    made_by text,
    constraint menu_schedules_pk primary key (tenant_id, id),
    constraint menu_schedules_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
create index menu_schedules_open on menu_schedules (tenant_id, account_id, starts_at) where state in ('waiting', 'on');

-- Where a counted link leads. The word in its address is drawn by lot and says nothing.
create table menu_links (
    tenant_id bigint not null,
    token text not null,
    account_id bigint not null,
    button text not null,
    url text not null,
    made_at bigint not null,
    constraint menu_links_pk primary key (tenant_id, token),
    constraint menu_links_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
create unique index menu_links_by_token on menu_links (token);
create index menu_links_of_account on menu_links (tenant_id, account_id, button);

-- Taps by quarters of an hour since 1970, counted by the follower of the event log in the transaction that moves its place.
create table menu_taps (
    tenant_id bigint not null,
    account_id bigint not null,
    quarter bigint not null,
    button text not null,
    -- 0: not of a version that we know.
    version_id bigint not null,
    -- As it was called when it was last tapped in this quarter.
    name text not null,
    last_at bigint not null,
    taps bigint not null,
    constraint menu_taps_pk primary key (tenant_id, account_id, quarter, button, version_id)
){clustered};

-- Counted links that were opened, in the same quarters.
create table menu_visits (
    tenant_id bigint not null,
    account_id bigint not null,
    quarter bigint not null,
    button text not null,
    visits bigint not null,
    constraint menu_visits_pk primary key (tenant_id, account_id, quarter, button)
){clustered};
