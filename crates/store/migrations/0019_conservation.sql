-- How many of a campaign's audience were put in line: counted as they are written, and never shown; what is shown is
-- counted from the lines. None for what began before this was counted.
alter table campaigns add column accepted bigint;

-- When the counts of a tenant were last compared with what was accepted, and of how many.
create table conservation_checks (
    tenant_id bigint not null,
    checked_at bigint not null,
    campaigns bigint not null,
    broadcasts bigint not null,
    constraint conservation_checks_pk primary key (tenant_id),
    constraint conservation_checks_tenant foreign key (tenant_id) references tenants (id)
);

-- What does not add up, as of the last comparison.
create table conservation_faults (
    tenant_id bigint not null,
    account_id bigint not null,
    -- campaign or broadcast, and its id.
    kind text not null,
    thing_id bigint not null,
    -- missing, too_many, still_open or reports.
    problem text not null,
    accepted bigint not null,
    found bigint not null,
    -- When it was found for the first time.
    since bigint not null,
    constraint conservation_faults_pk primary key (tenant_id, kind, thing_id),
    constraint conservation_faults_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
