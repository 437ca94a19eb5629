-- Official accounts, what authorises us to act for them, and the binding that is under way.

create table accounts (
    tenant_id bigint not null,
    id bigint not null,
    mode text not null,
    app_id text not null,
    original_id text,
    callback_key text not null,
    nick_name text not null,
    alias text not null,
    principal_name text not null,
    avatar_url text,
    service_type bigint not null,
    verify_type bigint not null,
    verification_source text not null,
    status text not null,
    encryption text not null,
    permission_sets text not null,
    listen_only boolean not null,
    -- Raised by every change that the callback door must see.
    version bigint not null,
    callback_verified_at bigint,
    last_callback_at bigint,
    problem text,
    problem_errcode bigint,
    tags_synced_at bigint,
    tags_problem text,
    bound_at bigint not null,
    unbound_at bigint,
    deleted_at bigint,
    created_at bigint not null,
    constraint accounts_pk primary key (tenant_id, id),
    constraint accounts_tenant foreign key (tenant_id) references tenants (id)
);
-- One official account belongs to one tenant at a time.
create unique index accounts_app on accounts (app_id) where status <> 'deleted';
create unique index accounts_callback on accounts (callback_key);

-- Sealed; slot 0 is in use, higher slots are the ones before.
create table account_secrets (
    tenant_id bigint not null,
    account_id bigint not null,
    field text not null,
    slot bigint not null,
    sealed {blob} not null,
    created_at bigint not null,
    constraint account_secrets_pk primary key (tenant_id, account_id, field, slot),
    constraint account_secrets_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);

-- The access token in use. `version` is the compare-and-swap: a refresh writes only over the version it saw fail.
create table account_tokens (
    tenant_id bigint not null,
    account_id bigint not null,
    sealed {blob} not null,
    expires_at bigint not null,
    version bigint not null,
    fetched_at bigint not null,
    window_start bigint not null,
    window_fetches bigint not null,
    constraint account_tokens_pk primary key (tenant_id, account_id),
    constraint account_tokens_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);

-- The third-party platform is the machine operator's, not a tenant's: one row a component appid.
create table platform_credentials (
    component_app_id text not null,
    field text not null,
    slot bigint not null,
    sealed {blob} not null,
    issued_at bigint not null,
    expires_at bigint,
    version bigint not null,
    constraint platform_credentials_pk primary key (component_app_id, field, slot)
);

-- A grant heard from WeChat before any console session claimed it (the push and the browser arrive in either order).
create table platform_grants (
    app_id text not null,
    pre_auth_code text,
    sealed_code {blob},
    sealed_refresh_token {blob},
    tenant_id bigint,
    state text not null,
    heard_at bigint not null,
    constraint platform_grants_pk primary key (app_id)
);

create table bindings (
    tenant_id bigint not null,
    id bigint not null,
    person_id bigint not null,
    session_hash {blob} not null,
    state_hash {blob} not null,
    pre_auth_code text not null,
    state text not null,
    account_id bigint,
    code text,
    params text not null,
    created_at bigint not null,
    expires_at bigint not null,
    constraint bindings_pk primary key (tenant_id, id),
    constraint bindings_tenant foreign key (tenant_id) references tenants (id)
);
create index bindings_code on bindings (pre_auth_code);

create table fan_imports (
    tenant_id bigint not null,
    account_id bigint not null,
    state text not null,
    total bigint not null,
    listed bigint not null,
    done bigint not null,
    -- The last openid written, in byte order; the import goes on after it.
    after_openid text not null,
    next_openid text not null,
    pages bigint not null,
    rate bigint not null,
    problem text,
    errcode bigint,
    started_at bigint not null,
    running_ms bigint not null,
    finished_at bigint,
    updated_at bigint not null,
    constraint fan_imports_pk primary key (tenant_id, account_id),
    constraint fan_imports_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);

-- The follower list as WeChat gave it, page by page, before it is sorted.
create table fan_import_pages (
    tenant_id bigint not null,
    account_id bigint not null,
    page bigint not null,
    openids text not null,
    constraint fan_import_pages_pk primary key (tenant_id, account_id, page),
    constraint fan_import_pages_import foreign key (tenant_id, account_id) references fan_imports (tenant_id, account_id) on delete cascade
);
