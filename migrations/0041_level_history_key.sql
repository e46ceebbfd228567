-- An identifier may have been that of an earlier entity: moves belong to the one that came then.
alter table level_history drop constraint level_history_pkey;
alter table level_history add primary key (org, blueprint, identifier, scorecard, at, since);
