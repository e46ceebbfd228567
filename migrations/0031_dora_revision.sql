-- Which derived rows of a service a reader has: rises with each derivation that is written.
alter table dora_service add column revision bigint not null default 0;
