-- Customers who turned out to be one person, who may be one, and of whom somebody said that they are not.

create table merges (
    tenant_id bigint not null,
    id bigint not null,
    -- The one who stays when they are joined, and the other.
    kept_id bigint not null,
    other_id bigint not null,
    -- By what they are one: `unionid`, and which.
    cause text not null,
    value text not null,
    -- proposed, joined or apart.
    state text not null,
    -- What went from the other to the kept one, so that it can go back.
    moved text not null,
    created_at bigint not null,
    decided_at bigint,
    decided_by text,
    constraint merges_pk primary key (tenant_id, id),
    constraint merges_kept foreign key (tenant_id, kept_id) references customers (tenant_id, id) on delete cascade,
    constraint merges_other foreign key (tenant_id, other_id) references customers (tenant_id, id) on delete cascade
);
create index merges_by_kept on merges (tenant_id, kept_id);
create index merges_by_other on merges (tenant_id, other_id);
create index merges_by_state on merges (tenant_id, state, created_at, id);
