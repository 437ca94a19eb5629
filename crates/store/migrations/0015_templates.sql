-- The forms an account fills in for its fans, as WeChat has them: template messages and subscription notices.
create table templates (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    -- template or notice.
    kind text not null,
    -- WeChat's name for it.
    wechat_id text not null,
    title text not null,
    content text not null,
    example text not null,
    -- Of a historical template.
    industry text,
    -- Of a notice: one consent is for good, and not for one notice.
    lasting boolean not null,
    seen_at bigint not null,
    -- When WeChat's text became another.
    changed_at bigint,
    -- When WeChat had it no more; kept while a campaign names it.
    gone_at bigint,
    constraint templates_pk primary key (tenant_id, id),
    constraint templates_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
create unique index templates_wechat on templates (tenant_id, account_id, kind, wechat_id);

-- What else WeChat says of an account's templates, and when it was asked.
create table template_syncs (
    tenant_id bigint not null,
    account_id bigint not null,
    primary_industry text,
    secondary_industry text,
    -- When we set them; WeChat lets one do so once a month.
    industries_set_at bigint,
    -- Categories as JSON: [{id, name}].
    categories text not null,
    -- A comparison is wanted since then; none when none is.
    asked_at bigint,
    synced_at bigint,
    problem text,
    errcode bigint,
    constraint template_syncs_pk primary key (tenant_id, account_id),
    constraint template_syncs_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);

-- What fans have agreed to hear of.
create table notice_grants (
    tenant_id bigint not null,
    account_id bigint not null,
    -- WeChat's name of the notice's template.
    template_id text not null,
    openid text not null,
    -- How often they have agreed, ever.
    given bigint not null,
    -- Notices that may still be sent.
    left_count bigint not null,
    -- For good.
    lasting boolean not null,
    changed_at bigint not null,
    constraint notice_grants_pk primary key (tenant_id, account_id, template_id, openid),
    constraint notice_grants_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
){clustered};
create index notice_grants_of_fan on notice_grants (tenant_id, account_id, openid);

-- WeChat's name of the template, and its text as it was when the campaign was written.
alter table campaigns add column template_id text;
alter table campaigns add column template_text text;
create index campaigns_of_template on campaigns (tenant_id, account_id, template_id) where template_id is not null;

-- The campaign that this send tries out; it is none of it.
alter table sends add column test_of bigint;
create index sends_of_test on sends (tenant_id, test_of) where test_of is not null;
