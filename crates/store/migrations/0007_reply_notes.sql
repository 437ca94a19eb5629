-- What a batch of callbacks has to add to the counters of rules and to the unmatched texts, until it has been added.
-- Added at once, every batch would wait for the one before: they count in the same few rows.
create table reply_notes (
    tenant_id bigint not null,
    id bigint not null,
    account_id bigint not null,
    at bigint not null,
    body text not null,
    constraint reply_notes_pk primary key (tenant_id, id),
    constraint reply_notes_account foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
);
