-- When something other than a running resync last changed the entity; null: not since this column exists, then
-- updated_at counts. Exporters ask for what was last changed before their resync began (workflows.md §1.2.6).
alter table entity add column changed_at timestamptz;
