-- Asked for while its entities are being marked: when all of them are, it begins again. One that started over each time would
-- never come to the last of them.
alter table derived_unit add column again boolean not null default false;
