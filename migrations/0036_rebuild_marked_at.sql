-- When the last entity of a rebuild was marked: what is marked later is of other changes, and does not hold it open.
alter table derived_unit add column marked_at timestamptz;
update derived_unit set marked_at = now() where is_marked;
