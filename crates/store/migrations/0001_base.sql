-- Tenants, the people who use the console, their sessions and keys.

create table tenants (
    id bigint not null,
    name text not null,
    time_zone text not null,
    created_at bigint not null,
    constraint tenants_pk primary key (id)
);

create table people (
    tenant_id bigint not null,
    id bigint not null,
    email text not null,
    name text not null,
    role text not null,
    password_hash text not null,
    language text not null,
    time_zone text not null,
    version bigint not null,
    disabled_at bigint,
    last_seen_at bigint,
    created_at bigint not null,
    constraint people_pk primary key (tenant_id, id),
    constraint people_tenant foreign key (tenant_id) references tenants (id)
);
-- A person signs in by e-mail alone, before we know the tenant.
create unique index people_email on people (email);

create table sessions (
    token_hash {blob} not null,
    tenant_id bigint not null,
    person_id bigint not null,
    person_version bigint not null,
    csrf_token text not null,
    created_at bigint not null,
    used_at bigint not null,
    expires_at bigint not null,
    constraint sessions_pk primary key (token_hash),
    constraint sessions_person foreign key (tenant_id, person_id) references people (tenant_id, id) on delete cascade
);
create index sessions_of_person on sessions (tenant_id, person_id);

create table api_keys (
    tenant_id bigint not null,
    id bigint not null,
    name text not null,
    prefix text not null,
    key_hash {blob} not null,
    scopes text not null,
    created_by bigint,
    created_at bigint not null,
    last_used_at bigint,
    constraint api_keys_pk primary key (tenant_id, id),
    constraint api_keys_tenant foreign key (tenant_id) references tenants (id)
);
create unique index api_keys_hash on api_keys (key_hash);

create table idempotency_keys (
    tenant_id bigint not null,
    operation text not null,
    key text not null,
    body_hash {blob} not null,
    status bigint not null,
    answer text not null,
    created_at bigint not null,
    constraint idempotency_keys_pk primary key (tenant_id, operation, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- One row a thing that any node may do, but only one at a time.
create table leases (
    name text not null,
    holder text not null,
    expires_at bigint not null,
    constraint leases_pk primary key (name)
);

create table jobs (
    tenant_id bigint not null,
    id bigint not null,
    name text not null,
    payload text not null,
    state text not null,
    run_at bigint not null,
    attempts bigint not null,
    lease_until bigint,
    holder text,
    dedupe_key text,
    problem text,
    created_at bigint not null,
    updated_at bigint not null,
    constraint jobs_pk primary key (tenant_id, id)
);
create index jobs_due on jobs (state, run_at);
create unique index jobs_dedupe on jobs (tenant_id, name, dedupe_key) where state in ('ready', 'running');
