-- How many derived values were found wrong since the last full check, by whatever process; null: none has been compared.
alter table organization add column derived_drift integer;
